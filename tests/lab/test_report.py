"""A report counts as the runs say, stands alone, and shows whatever a file holds as text."""

import csv
import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from lstmviz.cli import main
from lstmviz.lab.report import POLICY, report_csv, report_html
from lstmviz.lab.report_table import constant, grids, varied
from lstmviz.lab.run_keys import trial_of, values_of
from lstmviz.lab.sweep import Record


def record(solved_at=None, share=-2.0, **values):
    """A run of a made-up outcome."""
    named = {key.replace("__", "."): value for key, value in values.items()}
    outcome = {"solved_at": solved_at, "updates": solved_at or 600, "score": 0.5, "loss": 0.7, "test_loss": 0.6}
    return Record(values_of(trial_of(named, "test")), outcome | {"log10_share": share}, 0.25, "0.1.0")


def runs():
    """Two networks at two gaps with five seeds; the LSTM of bias 3 is solved at 25 times its seed."""
    found = []
    for gap in (20, 50):
        for seed in range(1, 6):
            found.append(record(cell="rnn", gap=gap, seed=seed))
            found.append(record(25 * seed if seed < 5 or gap == 20 else None, cell="lstm", gap=gap, seed=seed))
            found.append(record(cell="lstm", gap=gap, seed=seed, lstm__forget_bias=0.0))
    return found


def page(records):
    return report_html(records).decode()


def pictures(text):
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def words(picture):
    return [element.text for element in picture.iter() if element.tag.endswith("text")]


def test_what_differs_and_what_is_the_same_is_told():
    assert varied(runs()) == {"cell": ["rnn", "lstm"], "gap": [20, 50], "lstm.forget_bias": [0.0, 3.0]}
    assert {"task": "recall", "hidden": 16}.items() <= constant(runs()).items()
    assert not {"seed", "gap", "cell", "lstm.forget_bias"} & constant(runs()).keys()


def test_a_grid_counts_the_solved_runs_of_every_network_and_gap():
    (grid,) = grids(runs())
    assert grid.key == "gap" and [column.label for column in grid.columns] == ["20", "50"]
    counts = {
        row.label: [(cell.solved, len(cell.runs), cell.median_update()) for cell in row.cells] for row in grid.rows
    }
    assert counts == {
        "RNN": [(0, 5, None), (0, 5, None)],
        "LSTM, forget bias 0": [(0, 5, None), (0, 5, None)],
        "LSTM, forget bias 3": [(5, 5, 75), (4, 5, 50)],
    }


def test_the_drawn_grid_shows_those_counts_and_its_shades_follow_them():
    grid = pictures(page(runs()))[0]
    assert [text for text in words(grid) if "/" in text] == ["0/5"] * 4 + ["5/5", "4/5"]
    shades = [element.get("fill") for element in grid.iter() if element.tag.endswith("polygon")]
    greys = [int(shade[1:3], 16) for shade in shades if shade[1:3] == shade[3:5]]
    assert greys == [255, 255, 255, 255, 255 - 170, 255 - 136]


def test_a_curve_rises_where_runs_were_solved():
    first = pictures(page(runs()))[1]
    lines = [
        element for element in first.iter() if element.tag.endswith("polyline") and element.get("stroke") == "#2F33D8"
    ]
    points = [tuple(map(float, point.split(","))) for line in lines for point in line.get("points").split()]
    left, right = min(x for x, _ in points), max(x for x, y in points if y == 40.0)
    rises = sorted({x for x, y in points if y < 300.0 and left < x < right})
    assert [round((x - left) / (right - left), 2) for x in rises if (x - left) / (right - left) < 0.5] == pytest.approx(
        [25 / 600, 50 / 600, 75 / 600, 100 / 600, 125 / 600], abs=0.01
    )


def test_the_page_stands_alone():
    text = page(runs())
    assert POLICY in text and "default-src 'none'" in text
    assert not re.findall(r"<script|<link|<img|<iframe|@import|url\(", text)
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}


def test_what_a_file_holds_is_shown_as_text():
    bad = '<script>alert("1")</script>'
    found = [record(cell="rnn", seed=seed) for seed in range(2)]
    found[0].values["task"] = bad
    found[1].values["<b>"] = bad
    text = page(found)
    assert "<script" not in text and "<b>" not in text
    assert "&lt;script&gt;" in text
    for picture in pictures(text):
        assert picture is not None


def test_a_continuous_key_is_cut_into_bins_that_hold_every_run():
    rates = [10 ** (-4 + 3 * n / 29) for n in range(30)]
    found = [
        record(25 if rate > 1e-3 else None, cell="lstm", learning_rate=rate, seed=n) for n, rate in enumerate(rates)
    ]
    (grid,) = grids(found)
    cells = grid.rows[0].cells
    assert grid.key == "learning_rate" and len(cells) == 6
    assert sum(len(cell.runs) for cell in cells) == 30
    assert [cell.rate for cell in cells] == [0, 0, 1, 1, 1, 1]


def test_a_table_has_one_line_for_each_run():
    lines = list(csv.DictReader(report_csv(runs()).decode().splitlines()))
    assert len(lines) == 30
    assert lines[1]["cell"] == "lstm" and lines[1]["outcome.solved_at"] == "25" and lines[0]["outcome.solved_at"] == ""
    assert lines[0]["lstm.forget_bias"] == "" and lines[2]["lstm.forget_bias"] == "0.0"
    assert lines[0]["outcome.log10_share"] == "-2.0" and lines[0]["seconds"] == "0.25"


def test_outcomes_that_are_no_numbers_are_told_and_not_drawn():
    found = [record(cell="rnn", seed=0, share=math.nan), record(cell="lstm", seed=0, share=-math.inf)]
    text = page(found)
    assert "not a number" in text and ">nan<" not in text and "inf" not in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["runs.jsonl", "-o", "a.pdf"], "a.pdf: -o: unknown kind of report (.html, .csv)"),
        (["runs.jsonl", "-o", "a.html"], "runs.jsonl: there is no such file (needs results of a sweep)"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(arguments, line, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", *arguments]) == 2
    assert capsys.readouterr().err == line + "\n"


def test_the_command_writes_page_and_table(tmp_path, capsys):
    path = tmp_path / "runs.jsonl"
    path.write_bytes(b"".join(run.line() + b"\n" for run in runs()))
    for ending, start in (("html", b"<!doctype html>"), ("csv", b"cell,updates,")):
        assert main(["report", str(path), "-o", str(tmp_path / f"a.{ending}")]) == 0
        assert (tmp_path / f"a.{ending}").read_bytes().startswith(start)
    assert capsys.readouterr().out.count("wrote ") == 2
