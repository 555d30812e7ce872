"""A sweep's file: every run once, in an order that has a bit of everything early, and one line for what is wrong."""

import re

import pytest

from lstmviz.files import BadInput, caps
from lstmviz.lab.recipe import Recipe, Schedule
from lstmviz.lab.run_keys import KEYS, trial_of, values_of
from lstmviz.lab.sweep_spec import parse_spec, read_spec

GOOD = """
name = "cells"
[runs]
gap = [10, 20]
seed = { first = 3, count = 2 }
learning_rate = 5e-3
[[group]]
cell = "rnn"
rnn.initialisation = ["uniform", "orthogonal"]
[[group]]
cell = ["lstm", "gru"]
"lstm.forget_bias" = [0, "chrono"]
updates = 50
"""


def told(text):
    with pytest.raises(BadInput) as caught:
        parse_spec(text, "s.toml")
    return str(caught.value)


def test_a_grid_holds_every_combination_of_every_group_once():
    plan = parse_spec(GOOD, "s.toml")
    assert (plan.name, plan.twins) == ("cells", 0)
    found = {
        (t.cell, t.settings.gap, t.settings.seed, t.settings.initialisation, t.settings.forget_bias, t.updates)
        for t in plan.trials
    }
    rnn = {("rnn", g, s, i, 3.0, 600) for g in (10, 20) for s in (3, 4) for i in ("uniform", "orthogonal")}
    gated = {
        (c, g, s, "uniform", b, 50) for c in ("lstm", "gru") for g in (10, 20) for s in (3, 4) for b in (0, "chrono")
    }
    assert found == rnn | gated
    assert len(plan.trials) == len(found)
    assert {trial.recipe for trial in plan.trials} == {Recipe(learning_rate=5e-3)}


def test_every_group_meets_its_first_seed_before_any_meets_its_second():
    plan = parse_spec(
        '[runs]\nseed = [7, 3]\ngap = [10, 20]\n[[group]]\ncell = "rnn"\n[[group]]\ncell = "gru"', "s.toml"
    )
    assert [trial.settings.seed for trial in plan.trials] == [7, 7, 7, 7, 3, 3, 3, 3]


def test_runs_that_differ_only_in_what_their_cell_does_not_read_are_one_run():
    plan = parse_spec('[runs]\ncell = ["rnn", "lstm"]\nlstm.forget_bias = [0, 1, 2]', "s.toml")
    assert [(trial.cell, trial.settings.forget_bias) for trial in plan.trials] == [
        ("rnn", 3.0),
        ("lstm", 0.0),
        ("lstm", 1.0),
        ("lstm", 2.0),
    ]
    assert plan.twins == 2


def test_a_range_is_even_in_the_chosen_scale():
    plan = parse_spec('[runs]\nlearning_rate = { from = 1e-4, to = 1e-1, count = 4, scale = "log" }', "s.toml")
    assert [trial.recipe.learning_rate for trial in plan.trials] == [1e-4, 1e-3, 1e-2, 1e-1]
    plan = parse_spec("[runs]\nhidden = { from = 4, to = 12, count = 3 }", "s.toml")
    assert [trial.settings.hidden for trial in plan.trials] == [4, 8, 12]


RANDOM = """
search = "random"
draws = {draws}
draw_seed = 7
[runs]
cell = ["rnn", "lstm"]
seed = [0, 1, 2]
hidden = {{ from = 4, to = 32 }}
learning_rate = {{ from = 1e-4, to = 1e-1, scale = "log" }}
"""


def test_a_random_search_runs_each_draw_with_every_seed():
    trials = parse_spec(RANDOM.format(draws=30), "s.toml").trials
    assert len(trials) == 90
    drawn = {(t.cell, t.settings.hidden, t.recipe.learning_rate) for t in trials}
    assert len(drawn) == 30
    rates = sorted(rate for _, _, rate in drawn)
    assert rates[0] >= 1e-4 and rates[-1] <= 1e-1
    assert 5 <= sum(rate < 3e-3 for rate in rates) <= 25  # even in the logarithm
    assert {cell for cell, _, _ in drawn} == {"rnn", "lstm"}
    assert all(4 <= hidden <= 32 for _, hidden, _ in drawn)


def test_more_draws_go_on_where_fewer_ended():
    few, many = (parse_spec(RANDOM.format(draws=draws), "s.toml").trials for draws in (5, 9))
    assert set(few) < set(many)


def test_values_of_a_run_name_it_completely():
    trial = trial_of({"cell": "gru", "gap": 7, "schedule.kind": "cosine", "schedule.span": 9, "updates": 3}, "f")
    assert trial.recipe == Recipe(schedule=Schedule("cosine", 9))
    again = values_of(trial)
    assert trial_of(again, "f") == trial
    assert set(again) <= set(KEYS)
    assert "rnn.initialisation" not in again and again["lstm.forget_bias"] == 3.0  # the GRU reads it, too


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gap = 5", "s.toml:1: gap: unknown key; settings stand under [runs] (name, search, draws, "),
        ("[runs]\ngap = 1", "s.toml:2: runs: gap: 1 is too small (2 to 9999)"),
        ("[runs]\n\ngap = [5, 1]", "s.toml:3: runs: gap: 1 is too small (2 to 9999)"),
        ("[runs]\nlag = 5", 's.toml:2: runs: unknown key "lag" (cell, updates, task, gap, '),
        ("[runs]\nseed = []", "s.toml:2: runs: seed: 0 values (1 to 10000)"),
        ("[runs]\ngap = { first = 5 }", "s.toml:2: runs: gap: a range needs its count (count = 1 to 10000)"),
        ("[runs]\ngap = { from = 5, to = 9 }", "s.toml:2: runs: gap: a range needs its count (count = 1 to 10000)"),
        ("[runs]\ngap = { from = 9, to = 9, count = 2 }", "s.toml:2: runs: gap: the range is empty (from below to; "),
        ("[runs]\ngap = { from = 1, to = 9, count = 2 }", "s.toml:2: runs: gap: 1 is too small (2 to 9999)"),
        ("[runs]\ngap = { a = 1 }", 's.toml:2: runs: gap: unknown key "a" of a range ('),
        ("[runs]\ngap = { to = 9, count = 2 }", "s.toml:2: runs: gap: from of the range is no number ("),
        ("[runs]\nclip = -1.0", "s.toml:2: runs: clip: -1.0 is out of range ("),
        ("[runs]\nbatch = 2.5", "s.toml:2: runs: batch: 2.5 has the wrong type (a whole number)"),
        ("[runs]\nbatch = true", "s.toml:2: runs: batch: True has the wrong type (a whole number)"),
        ("[runs]\noptimiser = 3", "s.toml:2: runs: optimiser: 3 has the wrong type (a word in quotation marks)"),
        ("[runs]\nschedule.kind = 'x'", "s.toml:2: runs: schedule.kind: x is unknown (constant, staircase, cosine)"),
        ("[runs]\nupdates = 0", "s.toml:2: runs: updates: 0 is too small (1 to 1e+06)"),
        ("[runs]\ncell = 'mlp'", "s.toml:2: runs: cell: mlp is unknown (rnn, lstm, gru)"),
        ("[[group]]\ncell='rnn'\n[[group]]\nseed = -1", "s.toml:4: group 2: seed: -1 is too small (0 to 9999)"),
        ("search = 'best'", "s.toml:1: search: best is unknown (grid, random)"),
        ("draws = 1.5", "s.toml:1: draws: 1.5 is no whole number in the range (1 to 100000)"),
        ("name = ''", "s.toml:1: name:  is no name (a text of 1 to 80 characters)"),
        ("runs = 3", "s.toml:1: runs: this is no table ([runs])"),
        ("group = 3", "s.toml:1: group: this is no list of tables ([[group]])"),
        ("[runs", "s.toml:1: this is no TOML: "),
        (
            "[runs]\ngap = {first=2, count=1000}\nseed = {first=0, count=101}",
            "s.toml: 101\u2009000 runs are too many (",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_its_place(text, line):
    assert told(text).startswith(line)


def test_values_that_do_not_go_together_are_refused_with_their_group():
    text = '[runs]\ntask = "order"\n[[group]]\ngap = 2\n'
    assert re.match(r"s\.toml:3: group 1: gap: 2 is too small for the task order", told(text))


def test_a_file_at_the_cap_is_read_and_one_above_is_refused(tmp_path):
    path = tmp_path / "s.toml"
    text = "[runs]\ngap = 5\n#"
    path.write_text(text + "x" * (caps.SPEC_BYTES - len(text)))
    assert len(read_spec(path).trials) == 1
    path.write_text(text + "x" * (caps.SPEC_BYTES - len(text) + 1))
    with pytest.raises(BadInput, match="too large"):
        read_spec(path)
