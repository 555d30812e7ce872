"""Length generalisation: scores at gaps that were never trained on."""

import threading
from dataclasses import replace

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.generalisation import at_gaps, usual_gaps
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training

SETTINGS = Settings(gap=6, hidden=8, cells=("lstm", "gru"))


@pytest.fixture(scope="module")
def training():
    made = Training(SETTINGS)
    for _ in range(60):
        made.advance()
    return made


def test_at_its_own_gap_a_network_scores_what_the_test_of_its_training_says(training):
    ((gap, found),) = at_gaps(SETTINGS, training.runners, [6])
    assert gap == 6
    assert [one.score for one in found] == [one.score for one in training.examine()]


def test_a_network_is_tested_at_gaps_it_was_never_trained_on(training):
    found = dict(at_gaps(SETTINGS, training.runners, [6, 60]))
    longer = Training(replace(SETTINGS, gap=60), networks=training.networks()).examine()
    assert [one.score for one in found[60]] == [one.score for one in longer]
    assert found[60][0].loss != found[6][0].loss


def test_nothing_more_is_tested_once_it_is_told_to_stop(training):
    stop, seen = threading.Event(), []
    for gap, _ in at_gaps(SETTINGS, training.runners, [6, 12, 24], stop=stop):
        seen.append(gap)
        stop.set()
    assert seen == [6]


def test_a_gap_that_the_task_does_not_know_is_refused_before_anything_is_tested(training):
    with pytest.raises(BadInput, match="length generalisation: gap: 1 is too small"):
        next(at_gaps(SETTINGS, training.runners, [6, 1]))


def test_the_gaps_offered_begin_at_the_trained_one_and_stay_within_reason():
    assert usual_gaps(replace(SETTINGS, gap=50)) == (50, 100, 200, 500, 1000)
    assert usual_gaps(replace(SETTINGS, gap=500)) == (500, 1000, 2000)
    assert usual_gaps(replace(SETTINGS, gap=9000)) == (9000,)
