"""Training in the place of the gradient plot: the losses of the training, and nothing made up."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lstmviz.stage.frame import TrainingFrame
from lstmviz.stage.training_frame import running_mean
from lstmviz.views.race.loss_items import tick_text
from lstmviz.views.race.loss_plot import last_update, loss_scale
from tests.views.race_desk import race_desk

LOSSES = (np.full(120, 0.69), 0.7 * 0.97 ** np.arange(120.0))


def training(losses=LOSSES, **fields) -> TrainingFrame:
    usual = TrainingFrame(
        running=False,
        update=80,
        trained=len(losses[0]),
        goal=300,
        aim=300,
        names=("RNN", "LSTM"),
        cells=("rnn", "lstm"),
        losses=losses,
        chance=math.log(2),
        solved_at=(None, 100),
        means=tuple(running_mean(loss) for loss in losses),
    )
    return replace(usual, **fields)


@pytest.fixture
def desk(qapp):
    with race_desk({"gap": 20}) as shown_desk:
        shown_desk.lab.draw(replace(shown_desk.frame, level="update", training=training()))
        yield shown_desk


def test_at_level_update_the_losses_take_the_place_of_the_gradient(desk):
    assert desk.lab.loss.isVisible()
    assert not desk.lab.plot.isVisible()
    assert not desk.lab.playhead.heads.line
    desk.tick()
    assert not desk.lab.loss.isVisible()
    assert desk.lab.plot.isVisible()


def test_the_curves_are_the_losses_and_their_means(desk):
    frame = training()
    for cell, losses, means in zip(frame.cells, frame.losses, frame.means, strict=True):
        for curve, expected in ((desk.lab.loss.raw[cell], losses), (desk.lab.loss.means[cell], means)):
            updates, heights = curve.getData()
            np.testing.assert_array_equal(updates, np.arange(120))
            np.testing.assert_array_equal(heights, expected)
    assert len(desk.lab.loss.raw["gru"].getData()[0]) == 0


def test_a_loss_that_is_no_number_is_a_gap(desk):
    losses = (np.where(np.arange(120) > 60, math.nan, 0.69), LOSSES[1])
    desk.lab.draw(replace(desk.frame, level="update", training=training(losses)))
    _, heights = desk.lab.loss.raw["rnn"].getData()
    assert np.isnan(heights[61:]).all()
    assert np.isfinite(heights[:61]).all()


def test_the_update_on_show_stands_on_the_axis_of_updates(desk):
    loss = desk.lab.loss
    at = loss.view_box.mapViewToScene(loss.view_box.viewRect().center().__class__(80.0, 0.0))
    assert loss.notes.x_of(80) == pytest.approx(at.x(), abs=0.01)
    seen: list[int] = []
    desk.stage.seek = seen.append
    QTest.mouseClick(loss.viewport(), Qt.MouseButton.LeftButton, pos=loss.mapFromScene(loss.notes.x_of(40), 100.0))
    QTest.mouseClick(loss.viewport(), Qt.MouseButton.LeftButton, pos=loss.mapFromScene(loss.notes.x_of(299), 100.0))
    QTest.keyClick(loss, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert seen == [pytest.approx(40, abs=1), 120, 70]  # no further than what was trained


@pytest.mark.parametrize("solved_at", [(50, 50), (25, 75), (100, 119), (3, None)])
@pytest.mark.parametrize("update", [60, 110])
def test_solved_labels_name_the_network_and_keep_off_the_playhead(desk, solved_at, update):
    trained = training(solved_at=solved_at, update=update)
    desk.lab.draw(replace(desk.frame, level="update", training=trained))
    notes = desk.lab.loss.notes
    labels = notes.solved_labels()
    known = [(name, at) for name, at in zip(trained.names, solved_at, strict=True) if at is not None]
    assert [label.text for label in labels] == [f"{name} solved at update {at}" for name, at in known]
    for label in labels:
        assert not label.box.left() < notes.x_of(update) < label.box.right()
        assert not any(other is not label and other.box.intersects(label.box) for other in labels)


def test_a_tick_of_the_loss_axis_is_written_with_all_its_digits():
    assert [tick_text(k * 0.05) for k in range(6)] == ["0", "0.05", "0.1", "0.15", "0.2", "0.25"]


def test_the_loss_axis_is_fine_enough_for_a_small_chance_loss():
    scale, ticks = loss_scale(training((np.array([0.004]), np.array([0.002])), chance=0.0069), 300.0)
    assert scale.high < 0.02 and len(ticks) >= 3


def test_the_loss_axis_holds_chance_and_most_losses():
    for chance in (0.167, 0.69, 1.39):
        for most in (0.1, 0.8, 3.0, 1e9, math.nan):
            scale, ticks = loss_scale(training((np.array([most]), np.array([0.2])), chance=chance), 300.0)
            assert scale.low == 0
            assert scale.high > chance
            assert ticks[-1] == scale.high
            assert 2 <= len(ticks) <= 7
            if most < 3 * chance:
                assert scale.high >= most


def test_the_update_axis_grows_in_notches():
    ends = [last_update(training(aim=aim, goal=1, update=0)) for aim in range(1, 3000, 13)]
    assert all(end >= aim for end, aim in zip(ends, range(1, 3000, 13), strict=True))
    assert len(set(ends)) < 10
    assert all(after >= before for before, after in pairwise(ends))


def test_the_losses_are_told_in_words(desk):
    sentence = desk.lab.loss.sentence()
    assert (
        "LSTM: loss 0.0187, solved at update 100." in sentence or "LSTM: loss 0.019, solved at update 100." in sentence
    )
    assert "Chance is 0.69." in sentence
    assert desk.lab.loss.accessibleDescription() == sentence
    assert desk.lab.sentence() == sentence


def test_the_mean_takes_as_many_losses_before_as_after():
    losses = np.arange(40.0) ** 2
    means = running_mean(losses)
    assert means[0] == losses[0]
    assert means[-1] == losses[-1]
    assert means[20] == pytest.approx(losses[13:28].mean())
    assert means[3] == pytest.approx(losses[0:7].mean())
    assert running_mean(np.zeros(0)).shape == (0,)


def test_real_training_is_drawn_as_it_goes(qapp):
    with race_desk({"gap": 5}) as desk:
        desk.stage.train(30)
        while desk.stage.desk.running:
            desk.tick(0.05)
        desk.stage.set_level("update")
        desk.tick()
        _, heights = desk.lab.loss.raw["lstm"].getData()
        np.testing.assert_array_equal(heights, desk.frame.training.losses[1])
        assert len(heights) == 30
