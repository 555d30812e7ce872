"""The Claims lab on the stage: votes come before verdicts, rows run one by one, and what is shown is what ran."""

import csv
import io
import logging
import time
from dataclasses import replace

import pytest

from lstmviz.lab.claims import CLAIMS, experiment_of, kept
from lstmviz.lab.experiment import EXPERIMENTS
from lstmviz.lab.papers.parts import judged
from lstmviz.lab.settings import Settings
from lstmviz.stage.claims_frame import CLAIM, PUBLISHED, ClaimsPart, Filter, seconds_of
from lstmviz.stage.claims_rows import Book, duration, open_book, row_of, settings_of
from lstmviz.stage.stage import Stage


@pytest.fixture(scope="module")
def book():
    return open_book()


@pytest.fixture
def stage(book, monkeypatch):
    monkeypatch.setattr("lstmviz.stage.claims_desk.open_book", lambda: book)
    made = Stage(Settings(gap=5, hidden=4), engine="reference")
    made.open_lab("claims")
    until(made, lambda: isinstance(made.frame.part, ClaimsPart) and made.frame.part.state == "ready")
    yield made
    made.close()


def until(stage, done, seconds=30.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)
        stage.tick(0.002)


def desk(stage):
    return stage.labs.desk("claims")


def row(stage, key):
    stage.tick(0.0)
    return next(row for row in stage.frame.part.rows if row.key == key)


def quick(self, key, workers, stop, progress):
    """Runs in no time: those of the first two seeds that come with the program."""
    runs = [run for run in self.kept[key].results.runs if run.seed < 2]
    for number, run in enumerate(runs):
        progress(number + 1, len(runs), run)
    return judged(self.experiments[key], runs)


def test_every_claim_and_every_experiment_has_a_row(stage):
    keys = [row.key for row in stage.frame.part.rows]
    assert keys == [f"{CLAIM} {claim.number}" for claim in CLAIMS] + [f"{PUBLISHED} {name}" for name in EXPERIMENTS]


def test_a_verdict_waits_for_the_vote_and_is_then_the_one_of_the_lab(stage):
    claim = next(claim for claim in CLAIMS if kept(claim) is not None)
    key = f"{CLAIM} {claim.number}"
    assert not row(stage, key).shown
    desk(stage).vote(key, False)
    shown = row(stage, key)
    ruling = claim.decide(kept(claim))
    assert (shown.shown, shown.vote) == (True, False)
    assert (shown.verdict, shown.condition, shown.figure) == (ruling.verdict, ruling.condition, ruling.figure)
    assert shown.shipped


def test_published_results_need_no_vote_and_cannot_be_voted_on(stage):
    key = f"{PUBLISHED} 1997-6a"
    desk(stage).vote(key, True)
    assert row(stage, key).vote is None
    assert row(stage, key).shown


def test_who_does_not_want_to_vote_sees_all_verdicts(stage):
    desk(stage).set_filter(votes_first=False)
    stage.tick(0.0)
    assert all(row.shown for row in stage.frame.part.rows)


def test_dots_and_counts_are_those_of_the_runs(book):
    finding = book.kept[f"{PUBLISHED} 1997-6a"]
    found = row_of(book, f"{PUBLISHED} 1997-6a", finding, True)
    assert found.dots == tuple(run.solved for run in finding.results.of(finding.experiment.headline))
    assert found.solved == f"{finding.solved} of {finding.seeds}"


def test_filters_keep_what_they_name(stage):
    made = desk(stage)
    made.set_filter(kinds=frozenset({PUBLISHED}))
    stage.tick(0.0)
    assert {row.kind for row in stage.frame.part.rows} == {PUBLISHED}
    made.set_filter(kinds=frozenset({CLAIM}), topic="cost")
    stage.tick(0.0)
    assert {row.topic for row in stage.frame.part.rows} == {"cost"}
    made.set_filter(topic="", within=10.0)
    stage.tick(0.0)
    assert stage.frame.part.rows
    assert all(row.seconds <= 10.0 for row in stage.frame.part.rows)
    made.set_filter(within=0.0, find="FORGET gate")
    stage.tick(0.0)
    assert stage.frame.part.rows
    assert all("forget gate" in (row.words + row.source).casefold() for row in stage.frame.part.rows)


def test_a_verdict_that_waits_is_not_given_away_by_a_filter(stage):
    made = desk(stage)
    made.set_filter(hidden=frozenset(stage.frame.part.verdicts))
    stage.tick(0.0)
    assert len(stage.frame.part.rows) == len(CLAIMS)


def test_rows_run_one_after_the_other_and_take_the_place_of_shipped_ones(stage, monkeypatch):
    monkeypatch.setattr(Book, "run", quick)
    made = desk(stage)
    keys = [f"{PUBLISHED} 1997-6a", f"{PUBLISHED} adding"]
    made.run([*keys, keys[0]])
    stage_rows = [row(stage, key) for key in keys]
    assert stage_rows[1].running is None or stage_rows[1].running.waiting
    until(stage, lambda: not any(row(stage, key).running for key in keys))
    assert [row(stage, key).shipped for key in keys] == [False, False]
    assert row(stage, keys[0]).solved == "2 of 2"
    assert stage.frame.part.running == ""


def test_a_run_goes_on_while_another_lab_is_open(stage, monkeypatch):
    monkeypatch.setattr(Book, "run", quick)
    desk(stage).run([f"{PUBLISHED} adding"])
    stage.open_lab("race")
    until(stage, lambda: not desk(stage)._queue)
    stage.open_lab("claims")
    assert not row(stage, f"{PUBLISHED} adding").shipped


def test_a_cancelled_row_keeps_the_runs_it_had_and_the_next_one_starts(stage, monkeypatch):
    begun = []

    def slow(self, key, workers, stop, progress):
        begun.append(key)
        while not stop.is_set():
            stop.wait(0.01)
        return judged(self.experiments[key], [])

    monkeypatch.setattr(Book, "run", slow)
    made, keys = desk(stage), [f"{PUBLISHED} 1997-6a", f"{PUBLISHED} adding"]
    before = row(stage, keys[0]).solved
    made.run(keys)
    until(stage, lambda: begun == keys[:1])
    assert not row(stage, keys[0]).running.waiting
    made.cancel(keys[0])
    until(stage, lambda: begun == keys)
    assert (row(stage, keys[0]).running, row(stage, keys[0]).solved) == (None, before)
    made.cancel()
    assert row(stage, keys[1]).running is None


def test_a_failed_run_is_told_and_the_next_row_goes_on(stage, monkeypatch):
    def broken(self, key, workers, stop, progress):
        if key.endswith("6a"):
            raise ZeroDivisionError("by nothing")
        return quick(self, key, workers, stop, progress)

    monkeypatch.setattr(Book, "run", broken)
    monkeypatch.setattr(logging.getLogger("lstmviz.stage.stage"), "disabled", True)
    keys = [f"{PUBLISHED} 1997-6a", f"{PUBLISHED} adding"]
    desk(stage).run(keys)
    until(stage, lambda: not desk(stage)._queue)
    stage.tick(0.0)
    assert "ZeroDivisionError" in stage.frame.banner
    assert (row(stage, keys[0]).shipped, row(stage, keys[1]).shipped) == (True, False)


def test_a_row_opens_in_learn_as_its_experiment_has_it(stage, book):
    key = f"{PUBLISHED} recall-50"
    settings, rate, updates = settings_of(book, key)
    desk(stage).open_in_learn(key)
    stage.tick(0.0)
    assert (stage.lab, stage.settings, stage.desk.goal) == ("learn", settings, updates)
    assert stage.desk.recipe.learning_rate == rate
    first = EXPERIMENTS["recall-50"].rows[0].setup
    assert stage.settings == replace(first.settings, cells=("rnn", "lstm", "gru"), dtype="float64", batch=1)
    stage.undo()
    assert (stage.lab, stage.settings.gap) == ("claims", 5)


def test_a_row_that_learn_cannot_train_says_so(stage):
    desk(stage).open_in_learn(f"{PUBLISHED} 1997-6a")
    stage.tick(0.0)
    assert stage.lab == "claims"
    assert stage.frame.notice.startswith("The networks of 1997")


def test_every_row_that_says_it_opens_does_open(book):
    for key in book.keys:
        found = settings_of(book, key)
        if found is not None:
            assert found[0].cells
            assert found[1] > 0
            assert found[2] > 0


def test_the_table_as_csv_holds_the_rows_shown_and_no_verdict_before_its_vote(stage):
    made = desk(stage)
    made.vote(f"{CLAIM} 3", True)
    stage.tick(0.0)
    found = list(csv.DictReader(io.StringIO(made.table().decode())))
    assert len(found) == len(stage.frame.part.rows)
    by_number = {line["row"]: line for line in found if line["kind"] == CLAIM}
    assert by_number["3"]["verdict"] == row(stage, f"{CLAIM} 3").verdict
    assert by_number["3"]["vote"] == "holds"
    assert all(line["verdict"] == "" for number, line in by_number.items() if number != "3")


def test_the_same_part_is_drawn_until_something_changes(stage):
    stage.tick(0.0)
    frame = stage.frame
    stage.tick(0.016)
    assert stage.frame is frame
    desk(stage).choose(f"{CLAIM} 3")
    stage.tick(0.016)
    assert stage.frame.part.chosen == f"{CLAIM} 3"


def test_a_claim_takes_the_share_of_time_that_its_rows_are(book):
    claim = CLAIMS[1]
    whole = seconds_of(experiment_of(claim).cost)
    assert 0 < book.seconds(f"{CLAIM} {claim.number}") < whole


@pytest.mark.parametrize(("text", "seconds"), [("50 s", 50), ("2 min", 120), ("1.5 min", 90), ("long", 60)])
def test_times_are_read_from_their_words(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (52, "52 s"), (120, "2 min"), (150, "2.5 min"), (900, "15 min")]
)
def test_times_are_written_in_words(seconds, text):
    assert duration(seconds) == text


def test_a_filter_that_is_not_set_keeps_all(book):
    rows = [row_of(book, key, book.kept.get(key), True) for key in book.keys]
    assert all(Filter().keeps(row) for row in rows)
