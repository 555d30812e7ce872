"""Own data on the stage, and tasks whose gap has two ends."""

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.own_data import is_data, is_table, show_own_data
from lstmviz.stage.stage import Stage


@pytest.fixture
def stage():
    known = set(TASKS)
    made = Stage(Settings(gap=30), engine="reference")
    yield made
    for name in set(TASKS) - known:
        del TASKS[name]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.CSV"
    path.write_text("day,level\n" + "".join(f"d{k},{k * k % 29}\n" for k in range(90)))
    return path


def test_own_data_becomes_the_task_with_a_gap_that_fits(stage, table):
    assert is_table(table) and is_data(table)
    show_own_data(stage, table, "level")
    stage.tick(0.0)
    assert TASKS[stage.settings.task].group == "own"
    assert stage.settings.gap == 16 and "knows gaps up to 16" in stage.frame.notice
    assert stage.frame.comparison.batch.x.shape == (17, 1, 1)


def test_the_chance_line_of_own_data_is_named(stage, table):
    show_own_data(stage, table, "level")
    task = TASKS[stage.settings.task]
    assert task.chance_means == "“same as now”" and task.chance_loss(5) == task.chance_loss(16)


def test_bad_data_leaves_the_stage_as_it_was(stage, table):
    before = stage.settings
    with pytest.raises(BadInput):
        show_own_data(stage, table, "no such column")
    assert stage.settings == before


def test_choosing_a_task_moves_the_gap_into_its_range(stage):
    stage.change({"gap": 2000})
    stage.choose_task("anbn")
    assert stage.settings.gap == TASKS["anbn"].greatest_gap == 800
    stage.change({"gap": 4})
    stage.choose_task("beat")
    assert stage.settings.gap == 18
