"""The Race with several layers and both directions: it draws the top layer, and says so."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from lstmviz.lab.settings import Settings
from lstmviz.stage.frame import Tile
from tests.views.desk import desk as window_desk
from tests.views.race_desk import ALL, race_desk


@pytest.fixture
def desk(qapp):
    with race_desk({"gap": 12, "cells": ALL, "layers": 2, "bidirectional": True}) as shown_desk:
        yield shown_desk


def test_the_title_names_the_layer_that_is_drawn(desk):
    assert "layer 2 of 2, forward of both directions" in desk.lab.title.accessibleDescription()
    desk.change(layers=1, bidirectional=False)
    assert "layer" not in desk.lab.title.accessibleDescription()


def test_what_is_drawn_is_the_top_layer_of_the_engine(desk):
    for lane, racer in zip(desk.frame.lanes, desk.frame.comparison.racers, strict=True):
        top = racer.whole.gradients.cells[1][0]
        np.testing.assert_array_equal(lane.log10_h, top.log10_h[1:, 0])
        assert lane.parameters == racer.whole.network.parameter_count


def test_a_tile_of_the_top_layer_is_explained_with_its_own_numbers(desk):
    for lane, racer in zip(desk.frame.lanes, desk.frame.comparison.racers, strict=True):
        desk.stage.open_tile(Tile(lane.cell, 5, 3))
        desk.tick()
        said = "".join(run.text for line in desk.frame.explanation.lines for run in line)
        assert f"{racer.trace.tape.h[5, 0, 3]:.3f}".replace("-", "−") in said
        assert "from the layer below" in said and "from x" not in said


@pytest.mark.usefixtures("qapp")
def test_every_lab_says_beside_the_seed_which_layer_it_shows():
    with window_desk(Settings(gap=6, cells=("lstm",), layers=3, bidirectional=True)) as window:
        said = {label.text(): label.toolTip() for label in window.switch_bar.findChildren(QLabel)}
    assert said["seed 0, layer 3"] == "Drawn: layer 3 of 3, forward of both directions"
