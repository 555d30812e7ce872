"""What docs/sweeps.md says is what happens."""

import re

from lstmviz.cli import parser
from lstmviz.lab.run_keys import KEYS
from lstmviz.lab.sweep_spec import parse_spec
from tests.sources import ROOT

TEXT = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
WORKED, RANDOM = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_worked_example_asks_for_the_runs_it_says():
    plan = parse_spec(WORKED, "cells.toml")
    assert f"{len(plan.trials)} runs" in TEXT and plan.twins == 0
    assert {trial.cell for trial in plan.trials} == {"rnn", "lstm", "gru"}
    assert [trial.settings.seed for trial in plan.trials] == sorted(trial.settings.seed for trial in plan.trials)


def test_the_random_example_draws_forty_combinations_with_three_seeds_each():
    assert len(parse_spec(RANDOM, "s.toml").trials) == 40 * 3


def test_the_ranges_give_what_the_table_says():
    rows = re.findall(r"\| `(\{ .*? \})` \| ([\d., ]+) \|", TEXT)
    assert len(rows) == 3
    for table, numbers in rows:
        key = "learning_rate" if "log" in table else "gap" if "first" not in table else "seed"
        trials = parse_spec(f"[runs]\n{key} = {table}", "s.toml").trials
        found = [t.recipe.learning_rate if "log" in table else getattr(t.settings, key) for t in trials]
        assert found == [float(number) for number in numbers.split(",")]


def test_every_key_that_is_named_is_known():
    sentence = TEXT[TEXT.index("The keys are") : TEXT.index("A key that is not known")]
    named = re.findall(r"`([a-z_.]+)`", sentence)
    assert len(named) > 12 and set(named) <= set(KEYS)


def test_every_command_that_is_shown_is_one():
    commands = [line for line in TEXT.splitlines() if line.startswith("lstmviz ")]
    assert len(commands) == 3
    for command in commands:
        assert parser().parse_args(command.split()[1:]).run
