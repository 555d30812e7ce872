"""Stages whose threads have done their work, and whether two of them show the same."""

import time

import numpy as np


def wait(stage):
    """Tick until no thread works; a hang is ended by the suite's timeout."""
    stage.tick(0.0)
    while stage.race.busy or stage.desk.running or stage.labs.working:
        time.sleep(0.002)
        stage.tick(0.0)
    stage.tick(0.0)


def bits(stage):
    """All numbers on show, in an order."""
    racers = stage.frame.comparison.racers
    return [array for racer in racers for array in (*racer.trace.tape, *racer.trace.gradients)]


def equal(one, other):
    """Whether numbers, as ``bits`` gives them, are the same."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def same_bits(one, other):
    """Whether two stages show the same settings and the same numbers; which differ is said where not."""
    assert one.frame.settings == other.frame.settings
    for a, b in zip(bits(one), bits(other), strict=True):
        np.testing.assert_array_equal(a, b)
