"""Every cell that the Cell lab draws, and a window on it."""

import time
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication

from lstmviz.lab.settings import Settings
from lstmviz.stage.playback import Position
from tests.views.desk import desk

VARIANTS = ("vanilla", "nfg", "nig", "nog", "cifg", "niaf", "noaf", "peephole", "fgr")
FORMS = (("rnn", "tanh"), *(("lstm", variant) for variant in VARIANTS), ("gru", "after"), ("gru", "before"))


@contextmanager
def cell_window(size=(1440, 900), theme="light"):
    """A window on the Cell lab, on the reference: no thread compiles."""
    with desk(Settings(gap=12, cells=("lstm", "gru")), theme, size) as made:
        made.open_lab("cell")
        draw(made)
        yield made


def show(made, cell, form, backward=False, t=7):
    """Turn a window to another cell; quicker than making one."""
    stage = made.stage
    changes = {"cells": (cell,)}
    if cell == "lstm":
        changes["lstm.variant"] = form
    if cell == "gru":
        changes["gru.reset"] = form
    stage.clear_interventions()
    stage.change(changes)
    stage.select(network=cell)
    stage.set_level("timestep")
    stage.go_to(Position("backward" if backward else "forward", t))
    return draw(made)


def draw(made):
    """One tick, a longer computation waited for, and what was posted meanwhile; the lab."""
    made.stage.tick(0.4)
    while made.stage.race.busy:
        time.sleep(0.005)
        made.stage.tick(0.0)
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
    return made.labs.current


def part_of(made):
    return made.stage.frame.part
