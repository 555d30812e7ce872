"""Published experiments: how runs are judged, and what a record holds."""

import json
import math
from dataclasses import replace

import pytest

from lstmviz.files import BadInput
from lstmviz.lab import experiment as module
from lstmviz.lab.experiment import EXPERIMENTS, run_experiment, work_of
from lstmviz.lab.papers.literal import mean_within, reached, solves
from lstmviz.lab.papers.parts import CONDITION, NOT_YET, REPRODUCED, Expectation, Results, Row, Run, judged
from lstmviz.lab.papers.records import as_json, kept_record, record

KEYS = {
    "name",
    "source",
    "criterion",
    "budget",
    "seeds",
    "solved",
    "per_seed",
    "measured",
    "paper",
    "expected",
    "verdict",
}


def runs(row, *solved_at, **figures):
    """One run for each entry: the number at which it was solved, or None."""
    return [Run(row, seed, {"solved": at is not None, "solved_at": at} | figures) for seed, at in enumerate(solved_at)]


def lottery(setup, seed):
    return {"solved": seed % setup == 0, "solved_at": 10 * seed if seed % setup == 0 else None, "share": -math.inf}


def toy(*expected, seeds=4):
    """An experiment of two rows that costs nothing."""
    rows = (Row("even", lottery, 2), Row("every third", lottery, 3))
    return replace(EXPERIMENTS["1997-6a"], name="toy", rows=rows, headline="even", seeds=seeds, expected=expected)


@pytest.fixture
def registered(monkeypatch):
    made = toy(Expectation("even: half of them", lambda results: results.at_least("even", 1, 2)))
    monkeypatch.setitem(module.EXPERIMENTS, "toy", made)
    return made


# ---------------------------------------------------------------- judging


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ([(True, True), (True, False)], REPRODUCED),
        ([(True, True), (False, False)], CONDITION),
        ([(False, True), (True, False)], NOT_YET),
        ([(False, True), (False, False)], NOT_YET),
    ],
)
def test_the_verdict_follows_from_what_held_and_what_is_essential(held, verdict):
    expected = [
        Expectation(f"number {place}", lambda _, holds=holds: holds, essential)
        for place, (holds, essential) in enumerate(held)
    ]
    finding = judged(toy(*expected), runs("even", 1, 2))
    assert finding.verdict == verdict
    missed = [f"number {place}" for place, (holds, _) in enumerate(held) if not holds]
    assert all(words in finding.condition for words in missed) and bool(finding.condition) == bool(missed)


@pytest.mark.parametrize(
    ("solved", "of", "enough"), [(17, 20, True), (16, 20, False), (9, 10, True), (8, 10, False), (2, 2, True)]
)
def test_a_share_of_solved_seeds_is_asked_whatever_their_number(solved, of, enough):
    made = Results(runs("r", *[5] * solved, *[None] * (of - solved)))
    assert solves("r", 17, 20).holds(made) == enough
    assert made.at_most("r", solved, of) and not made.at_most("r", solved - 1, of)


def test_nothing_holds_for_a_row_that_was_not_run():
    nothing = Results([])
    for each in EXPERIMENTS.values():
        for expectation in each.expected:
            assert not expectation.holds(nothing), (each.name, expectation.words)


def test_a_mean_is_that_of_the_solved_seeds():
    made = Results(runs("r", 100, None, 300))
    assert made.mean("r", "solved_at") == 200
    assert mean_within("r", "solved_at", 200, 201).holds(made)
    assert not mean_within("r", "solved_at", 201, 300).holds(made)


def test_a_milestone_must_be_reached_by_every_seed():
    assert reached("r", "solved_at", 300).holds(Results(runs("r", 100, 300)))
    assert not reached("r", "solved_at", 300).holds(Results(runs("r", 100, None)))
    assert not reached("r", "solved_at", 300).holds(Results(runs("r", 100, 301)))


def test_every_expectation_of_the_first_token_grid_can_fail():
    experiment = EXPERIMENTS["recall-100"]
    chance, all_solved = (
        Results([run for row in experiment.rows for run in runs(row.name, *[at] * 5)]) for at in (None, 50)
    )
    held = [[each.holds(results) for each in experiment.expected] for results in (chance, all_solved)]
    assert held == [[False, False, True], [True, True, False]]


# ---------------------------------------------------------------- running


def test_work_comes_seed_by_seed_and_dear_rows_have_fewer(registered):
    work = work_of(
        replace(registered, rows=(registered.rows[0], replace(registered.rows[1], seeds=1)), seeds=3), None, 7
    )
    assert [(each.row, each.seed) for each in work] == [(0, 7), (1, 7), (0, 8), (0, 9)]


def test_a_finding_counts_the_headline_and_keeps_every_row(registered):
    seen = []
    finding = run_experiment("toy", progress=lambda done, of, run: seen.append((done, of, run.row, run.seed)))
    assert (finding.solved, finding.seeds, finding.verdict, finding.complete) == (2, 4, REPRODUCED, True)
    assert [done for done, *_ in seen] == list(range(1, 9)) and {of for _, of, *_ in seen} == {8}
    assert [entry["seed"] for entry in finding.per_seed()] == [0, 1, 2, 3]
    assert sum(entry["solved"] for entry in finding.per_seed()) == finding.solved
    assert finding.per_seed()[3]["rows"]["every third"]["solved_at"] == 30
    assert finding.measured()["every third"]["solved_at"] == {"mean": 15, "median": 15, "lowest": 0, "highest": 30}


def test_the_first_seed_shifts_all_seeds(registered):
    finding = run_experiment("toy", seeds=2, first_seed=10)
    assert [(run.row, run.seed) for run in finding.results.of("even")] == [("even", 10), ("even", 11)]


def test_an_interrupt_keeps_the_runs_that_are_finished(registered):
    def interrupt(done, of, run):
        if done == 5:
            raise KeyboardInterrupt

    finding = run_experiment("toy", progress=interrupt)
    assert len(finding.results.runs) == 5 and not finding.complete and finding.seeds == 3


@pytest.mark.parametrize(
    "arguments", [{"seeds": 0}, {"seeds": 1001}, {"seeds": True}, {"seeds": "3"}, {"first_seed": -1}, {"workers": 0}]
)
def test_a_number_out_of_range_is_refused_in_one_line(registered, arguments):
    with pytest.raises(BadInput) as refused:
        run_experiment("toy", **arguments)
    assert "\n" not in str(refused.value) and next(iter(arguments)) in str(refused.value)


def test_an_unknown_name_is_refused_with_those_that_exist():
    with pytest.raises(BadInput, match="1997-6a"):
        run_experiment("6\na")


# ---------------------------------------------------------------- records


def test_a_record_is_json_with_the_agreed_keys_and_no_trace_of_the_machines_name(registered):
    made = record(run_experiment("toy"))
    text = as_json(made)
    read = json.loads(text)
    assert made.keys() >= KEYS and read == json.loads(json.dumps(made))
    assert (read["solved"], read["seeds"], len(read["per_seed"])) == (2, 4, 4)
    assert read["per_seed"][0]["rows"]["even"]["share"] is None  # minus infinity
    import getpass
    import platform

    for word in (platform.node(), getpass.getuser(), "/home", "\\Users"):
        assert not word or word not in text
    assert set(read["machine"].split(", ")[1].split()) >= {"cores"}


def test_every_experiment_says_all_there_is_to_say():
    for name, each in EXPERIMENTS.items():
        assert each.name == name and each.row(each.headline) and each.expected and each.seeds >= 3
        for text in (
            each.title,
            each.source,
            each.setup,
            each.same,
            each.differs,
            each.criterion,
            each.budget,
            each.paper,
        ):
            assert text.strip(), name
        assert len({row.name for row in each.rows}) == len(each.rows)
        assert any(expectation.essential for expectation in each.expected)


def test_every_run_travels_to_another_process():
    import pickle

    for each in EXPERIMENTS.values():
        for row in each.rows:
            again = pickle.loads(pickle.dumps(row))
            assert again.name == row.name and again.run is row.run


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_kept_record_is_what_todays_judging_says_of_its_runs(name):
    """Whoever changes an expectation has to keep new results, or to judge the old ones anew."""
    kept = kept_record(name)
    if kept is None:
        pytest.skip("not run yet")
    experiment = EXPERIMENTS[name]
    again = judged(
        experiment,
        [Run(row, entry["seed"], figures) for entry in kept["per_seed"] for row, figures in entry["rows"].items()],
    )
    for key in ("solved", "seeds", "verdict", "condition", "source", "criterion", "budget", "paper"):
        assert kept[key] == again.to_dict()[key], key
    assert [each["held"] for each in kept["expected"]] == [each.held for each in again.held]
    assert kept["measured"].keys() == {row.name for row in experiment.rows} and kept["complete"]


def test_the_page_is_what_the_records_say():
    """Write it anew with ``python scripts/keep_experiment.py``."""
    from lstmviz.lab.papers.page import page
    from tests.sources import ROOT

    assert (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8") == page()


def test_the_page_has_every_experiment_and_hides_no_failure():
    from lstmviz.lab.papers.page import page

    text = page()
    for name in EXPERIMENTS:
        kept = kept_record(name)
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section and (kept is None) == ("Not run yet." in section)
        if kept is not None:
            assert f"Verdict: **{kept['verdict']}**" in section
            assert section.count("Not as expected") == sum(not each["held"] for each in kept["expected"])


def test_outer_symbols_are_the_t_or_p_that_only_the_second_symbol_tells():
    """A reader that copies the second symbol of each string is right everywhere, one that swaps T and P nowhere."""
    import numpy as np

    from lstmviz.lab.papers.gates import outer_right
    from lstmviz.lab.tasks import TASKS
    from lstmviz.lab.tasks.reber import LETTERS

    batch = TASKS["stream"].draw(999, 1, np.random.default_rng(0))
    letters = "".join(LETTERS[place] for place in batch.x[:, 0].argmax(axis=1))
    copied, begun = np.full((1000, 1, 7), -1.0), 0
    for t, letter in enumerate(letters):
        inside = letters[begun + 2 : t + 1]
        if letter == "E" and inside.count("E") == 1:  # the inner string has ended: now the outer symbol
            copied[t, 0, LETTERS.index(letters[begun + 1])] = 1.0
        elif letter == "E" and inside.count("E") == 2:
            begun = t + 1
    assert outer_right(copied, batch) == 1.0
    swapped = copied[..., [LETTERS.index({"T": "P", "P": "T"}.get(letter, letter)) for letter in LETTERS]]
    assert outer_right(swapped, batch) == 0.0


@pytest.mark.soak
def test_findings_are_the_same_from_processes():
    findings = [run_experiment("1997-6a", seeds=3, first_seed=4, workers=workers) for workers in (1, 2)]
    assert findings[0].to_dict() == findings[1].to_dict()
