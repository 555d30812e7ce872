"""``lstmviz experiment``: what it prints, writes and refuses."""

import json

import pytest

from lstmviz.cli import main
from lstmviz.lab import experiment
from lstmviz.lab.experiment import EXPERIMENTS
from tests.lab.test_experiment import toy


@pytest.fixture(autouse=True)
def toy_experiment(monkeypatch):
    monkeypatch.setitem(experiment.EXPERIMENTS, "toy", toy())


def test_the_list_has_a_line_for_every_experiment(capsys):
    assert main(["experiment", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(EXPERIMENTS)


@pytest.mark.parametrize("name", ["1997-4", "recall-100", "gradient-share"])
def test_show_tells_the_source_the_differences_and_what_is_expected(capsys, name):
    assert main(["experiment", "show", name]) == 0
    words = " ".join(capsys.readouterr().out.split())
    each = EXPERIMENTS[name]
    for text in (each.source, each.differs, each.criterion, each.paper, *(one.words for one in each.expected)):
        assert " ".join(text.split()) in words


def test_a_run_prints_its_verdict_and_writes_json(tmp_path, capsys):
    path = tmp_path / "toy.json"
    assert main(["experiment", "run", "toy", "--seeds", "3", "--first-seed", "2", "--json", str(path)]) == 0
    out = capsys.readouterr().out
    assert "2 of 3" in out and "verdict    reproduced" in out and f"wrote {path}" in out
    kept = json.loads(path.read_text())
    assert (kept["solved"], kept["seeds"], kept["first_seed"]) == (2, 3, 2)
    assert [entry["seed"] for entry in kept["per_seed"]] == [2, 3, 4]


def test_what_solved_means_and_what_was_measured_is_told_where_nothing_has_a_time(capsys):
    assert main(["experiment", "run", "gradient-share", "--seeds", "1"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "solved every share is a number" in out and "budget one pass forward and back" in out
    assert "lowest" not in out and "LSTM, by bias and gain: bias 0, gain 1 −10.8;" in out


def test_json_on_standard_output_is_nothing_but_json(capsys):
    assert main(["experiment", "run", "toy", "--json", "-"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["name"] == "toy" and "verdict" in captured.err


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["run", "nothing"], "nothing"),
        (["show", "6\na"], "6"),
        (["run", "toy", "--seeds", "0"], "--seeds"),
        (["run", "toy", "--seeds", "many"], "--seeds"),
        (["run", "toy", "--first-seed", "-1"], "--first-seed"),
        (["run", "toy", "--workers", "257"], "--workers"),
    ],
)
def test_a_bad_value_is_refused_in_one_line(capsys, arguments, place):
    assert main(["experiment", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and place in captured.err and captured.out == ""


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path, capsys):
    assert main(["experiment", "run", "toy", "--json", str(tmp_path / "no" / "toy.json")]) == 2
    assert "toy.json" in capsys.readouterr().err


def test_ctrl_c_keeps_the_seeds_that_are_finished(monkeypatch, tmp_path, capsys):
    def interrupted(items):
        for index, item in enumerate(items):
            if index == 4:
                raise KeyboardInterrupt
            yield index, experiment.do(item)

    monkeypatch.setattr(experiment, "run_all", lambda function, items, **_: interrupted(items))
    path = tmp_path / "toy.json"
    assert main(["experiment", "run", "toy", "--json", str(path)]) == 130
    kept = json.loads(path.read_text())
    assert kept["seeds"] == 2 and kept["complete"] is False
    assert "stopped early" in capsys.readouterr().out


def test_ctrl_c_before_the_first_run_is_finished_writes_nothing(monkeypatch, tmp_path, capsys):
    def interrupted(function, items, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiment, "run_all", interrupted)
    assert main(["experiment", "run", "toy", "--json", str(tmp_path / "toy.json")]) == 130
    assert not list(tmp_path.iterdir()) and "first run" in capsys.readouterr().err
