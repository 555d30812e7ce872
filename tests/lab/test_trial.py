"""A trial: it ends when the task is solved, and the trial alone decides what comes of it."""

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training
from lstmviz.lab.trial import Trial, run_trial

EASY = Trial(Settings(gap=5, hidden=16), Recipe(test_every=10), "lstm", 200)
IN_ANOTHER_PROCESS = """
from tests.lab.test_trial import EASY, without_time
from lstmviz.lab.trial import run_trial
print(without_time(run_trial(EASY)))
"""


def without_time(outcome):
    named = outcome.to_dict()
    del named["seconds"]
    return {name: value.hex() if isinstance(value, float) else value for name, value in named.items()}


def test_a_trial_ends_at_the_first_test_that_is_solved():
    outcome = run_trial(EASY)
    assert outcome.solved_at == outcome.updates < EASY.updates
    assert outcome.updates % EASY.recipe.test_every == 0
    assert outcome.score >= 0.995


def test_a_trial_and_a_training_come_to_the_same_numbers_bit_for_bit():
    outcome = run_trial(EASY)
    training = Training(replace(EASY.settings, cells=("rnn", "lstm")), EASY.recipe)
    for _ in range(outcome.updates):
        progress = training.advance()
    assert progress.losses[1][-1] == outcome.loss
    assert progress.solved_at[1] == outcome.solved_at
    assert training.log10_shares()[1] == outcome.log10_share
    assert training.examine()[1].loss == outcome.test_loss


def test_a_trial_has_the_same_outcome_in_another_process():
    run = subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(without_time(run_trial(EASY)))


def test_a_trial_that_is_not_solved_spends_its_budget_and_is_tested_at_its_end():
    outcome = run_trial(replace(EASY, settings=replace(EASY.settings, gap=40, forget_bias=-2.0), updates=13))
    assert outcome.solved_at is None and outcome.updates == 13
    assert 0.3 < outcome.score < 0.7


def test_a_trial_ends_before_the_next_update_once_it_is_told_to_stop():
    stop = threading.Event()
    outcome = run_trial(EASY, stop=stop, report=lambda progress: stop.set() if progress.update == 3 else None)
    assert outcome.updates == 3


def test_the_share_before_training_is_that_of_the_untrained_network():
    lost, kept = (
        run_trial(replace(EASY, settings=replace(EASY.settings, gap=40, forget_bias=bias), updates=1)).log10_share
        for bias in (0.0, 5.0)
    )
    assert lost < -6 and kept > -1
    untrained = Training(replace(EASY.settings, gap=40, forget_bias=0.0, cells=("lstm",)))
    assert untrained.log10_shares()[0] == lost


@pytest.mark.parametrize("task", ["adding", "order"])
def test_a_trial_runs_on_every_kind_of_answer(task):
    outcome = run_trial(replace(EASY, settings=replace(EASY.settings, task=task), updates=20))
    assert outcome.updates == 20 and outcome.test_loss > 0
