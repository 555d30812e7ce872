"""The numbers on show, as files and for the clipboard."""

import csv
import io

import numpy as np
import pytest

from lstmviz.files import parse_npz
from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp
from lstmviz.stage.numbers import arrays, arrays_npz, table_csv, table_text
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage

TABLE = PlotTable("t", ["a", "b"], [], ["name", "x\ty"], [[1, 0.1], [2, None], [3, float("nan")], ["a\nb", -np.inf]])


@pytest.fixture
def stage():
    made = Stage(Settings(gap=4, cells=("lstm",), hidden=3), engine="reference")
    yield made
    made.close()


def test_what_is_copied_has_tabs_and_lines_where_cells_end_and_nowhere_else():
    assert table_text(TABLE) == "name\tx y\n1\t0.1\n2\t\n3\t\na b\t-inf\n"


def test_a_table_file_reads_back_exactly():
    table = PlotTable("t", [], [], ["t", "v"], [[1, 0.1 + 0.2], [2, 5e-324], [3, -1e308]])
    rows = list(csv.reader(io.StringIO(table_csv(table).decode())))
    assert rows[0] == ["t", "v"] and [float(row[1]) for row in rows[1:]] == [0.1 + 0.2, 5e-324, -1e308]


def test_the_arrays_are_those_of_the_run_on_show_and_of_the_one_before(stage):
    before = stage.frame.comparison.racers[0].trace.tape.h
    stage.intervene(Clamp("lstm", "f", 2, 3, (0.0,)))
    stage.tick(0.0)
    found = arrays(stage.frame)
    np.testing.assert_array_equal(found["lstm.h"], stage.frame.comparison.racers[0].trace.tape.h)
    np.testing.assert_array_equal(found["before.lstm.h"], before)
    assert not np.array_equal(found["lstm.h"], before)
    back = parse_npz(arrays_npz(stage.frame), "a.npz", finite=False)
    assert set(back) == set(found)


def test_without_networks_there_are_no_arrays(stage):
    stage.change({"cells": ()})
    stage.tick(0.0)
    assert arrays(stage.frame) == {}
