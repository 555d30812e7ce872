"""Hands where a run takes longer than a tick, and the kernels that hold: what is on show is the same in the end."""

import time
from dataclasses import replace

import pytest

from lstmviz.lab.interventions import Clamp, WeightEdit
from lstmviz.stage import comparison_desk
from lstmviz.stage.stage import Stage
from tests.stage.waiting import bits, equal, wait

CLAMP = Clamp("lstm", "f", 2, 4, (0.1,))
EDIT = WeightEdit("rnn", "weight_hh", 1, 2, 0.5)


@pytest.fixture
def stages():
    made = []

    def make():
        made.append(Stage(engine="reference"))
        made[-1].change({"gap": 9, "hidden": 4})
        made[-1].tick(0.0)
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def test_a_run_too_long_for_a_tick_is_made_in_a_thread_and_the_picture_before_stays(stages, monkeypatch):
    stage = stages()
    free = bits(stage)
    stage.intervene(CLAMP)
    stage.tick(0.0)
    held = bits(stage)
    stage.clear_interventions()
    stage.tick(0.0)
    monkeypatch.setattr(comparison_desk, "QUICK", 0.0)
    stage.intervene(CLAMP)
    stage.tick(0.0)
    assert stage.race.busy and equal(bits(stage), free) and stage.frame.ghost is None
    wait(stage)
    assert equal(bits(stage), held) and stage.frame.ghost is not None
    stage.undo()
    stage.tick(0.0)
    assert not stage.race.busy and equal(bits(stage), free), "the run before is known, and costs nothing"


def test_networks_in_training_are_shown_with_interventions_also_where_a_run_takes_a_thread(stages, monkeypatch):
    stage, plain = stages(), stages()
    stage.intervene(CLAMP)
    plain.intervene(CLAMP)
    stage.tick(0.0)
    monkeypatch.setattr(comparison_desk, "QUICK", 0.0)
    stage.train(12)
    wait(stage)
    monkeypatch.undo()
    plain.train(12)
    wait(plain)
    assert stage.frame.comparison.update == 12 and equal(bits(stage), bits(plain))


def test_forms_that_hold_are_compiled_when_something_is_first_held(monkeypatch):
    asked = []
    monkeypatch.setattr(comparison_desk, "kernels_ready", lambda forms=(), dtype="float64": "+" not in "".join(forms))
    monkeypatch.setattr(comparison_desk, "compile_kernels", lambda report, stop, dtype, more: asked.append(more))
    stage = Stage()
    try:
        stage.intervene(EDIT)
        stage.tick(0.0)
        assert asked == []
        for value in (0.1, 0.2):
            stage.intervene(replace(CLAMP, values=(value,)))
            stage.tick(0.0)
    finally:
        stage.close()
    assert asked == [("lstm+held",)]


def test_kernels_that_become_ready_compute_also_trained_networks_again(stages, monkeypatch):
    stage = stages()
    stage.train(2)
    wait(stage)
    stage.intervene(CLAMP)
    stage.tick(0.0)
    before = stage.frame.comparison
    stage.tick(0.0)
    assert stage.frame.comparison is before
    monkeypatch.setattr(comparison_desk, "kernels_ready", lambda forms=(), dtype="float64": True)
    stage.jobs.start("kernels", lambda post, stop: (1, 1, ""))
    end = time.monotonic() + 10
    while stage.frame.comparison is before and time.monotonic() < end:
        stage.tick(0.0)
    assert stage.frame.comparison is not before and stage.frame.comparison.interventions == (CLAMP,)


def test_warming_up_does_not_forget_the_forms_that_were_asked_for_before(monkeypatch):
    asked = []
    monkeypatch.setattr(comparison_desk, "kernels_ready", lambda forms=(), dtype="float64": False)
    monkeypatch.setattr(comparison_desk, "compile_kernels", lambda report, stop, dtype, more: asked.append(more))
    stage = Stage()
    try:
        stage.intervene(CLAMP)
        stage.tick(0.0)
        stage.warm_up()
    finally:
        stage.close()
    assert "lstm+held" in asked[-1] and "rnn" in asked[-1]
