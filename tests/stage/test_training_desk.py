"""Training as the window knows it: resumed and undone, changed on the way, stopped at once, with seeds and gaps."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab import learner
from lstmviz.lab import training as training_module
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training
from lstmviz.lab.trial import Trial, run_trial
from lstmviz.stage.jobs import Jobs
from lstmviz.stage.stage import Stage
from lstmviz.stage.training_desk import TrainingDesk
from lstmviz.stage.training_frame import running_mean

SETTINGS = Settings(gap=5, hidden=8, cells=("rnn", "lstm"))


class Bench:
    """A desk, its jobs, and a loop that hands it what they post, as the stage does."""

    def __init__(self):
        self.jobs = Jobs()
        self.desk = TrainingDesk(self.jobs, "kernels")

    def take(self):
        for result in self.jobs.take():
            assert result.error is None, result.error
            self.desk.take(result)

    def until(self, done, seconds=120.0):
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.002)
            self.take()

    def settle(self):
        self.until(lambda: not self.desk.running)
        return self.desk.frame(0.7)

    def train(self, updates, settings=SETTINGS):
        self.desk.train(settings, updates)
        return self.settle()


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.jobs.close()


def test_the_frame_holds_the_gradient_of_every_update_and_what_was_clipped(bench):
    bench.desk.set_recipe(clip=0.3)
    frame = bench.train(60)
    again = Training(SETTINGS, Recipe(clip=0.3))
    for _ in range(60):
        progress = again.advance()
    for shown, expected in zip(frame.heat_maps, again.heat_maps(), strict=True):
        np.testing.assert_array_equal(shown.log10, expected.log10)
    for clipped, norms in zip(frame.clipped, progress.norms, strict=True):
        np.testing.assert_array_equal(clipped, np.flatnonzero(norms > 0.3) + 1)
    assert any(len(clipped) for clipped in frame.clipped)
    assert frame.tests == progress.examinations and len(frame.tests[0]) == 2
    assert frame.log10_shares == progress.log10_shares


def test_training_resumed_from_an_earlier_update_drops_what_came_after_and_can_be_undone(bench):
    before = bench.train(40)
    number = bench.desk.branch
    bench.desk.resume_from(25)
    resumed = bench.settle()
    assert (resumed.trained, resumed.update, resumed.resumed_at) == (25, 25, 25)
    bench.desk.set_recipe(learning_rate=0.1)
    other = bench.train(5)
    assert other.losses[1][26] != before.losses[1][26]
    np.testing.assert_array_equal(other.losses[1][:25], before.losses[1][:25])
    last = bench.desk.branch
    bench.desk.show_branch(number)
    back = bench.settle()
    np.testing.assert_array_equal(back.losses[1], before.losses[1])
    assert back.resumed_at is None
    bench.desk.show_branch(last)
    np.testing.assert_array_equal(bench.settle().losses[1], other.losses[1])


def test_training_is_resumed_and_goes_on_in_one_go(bench):
    bench.train(40)
    bench.desk.resume_from(10, 20)
    assert bench.desk.trains
    frame = bench.settle()
    assert (frame.trained, frame.update, frame.aim) == (30, 30, 30)


def test_the_newest_update_cannot_be_resumed_from(bench):
    bench.train(5)
    number = bench.desk.branch
    bench.desk.resume_from(5)
    assert bench.desk.branch == number and not bench.desk.running


def test_a_few_branches_are_kept_and_older_ones_given_up(bench):
    bench.train(12)
    first = bench.desk.branch
    for update in (10, 8, 6, 4, 2):
        bench.desk.resume_from(update)
        bench.settle()
    bench.desk.show_branch(first)
    assert bench.desk.branch != first and len(bench.desk._branches) <= 4


def test_a_learning_rate_set_while_training_runs_holds_from_the_next_update_on(bench):
    bench.desk.train(SETTINGS, 5000)
    bench.until(lambda: bench.desk.trained > 3)
    bench.desk.set_recipe(learning_rate=0.05)
    bench.until(lambda: 0.05 in bench.desk.frame(0.7).learning_rates)
    bench.desk.stop()
    rates = bench.settle().learning_rates
    changed = int(np.flatnonzero(rates == 0.05)[0])
    assert changed >= 3 and set(rates[:changed]) == {3e-3} and set(rates[changed:]) == {0.05}


def test_a_budget_lowered_while_training_runs_ends_it_there(bench):
    bench.desk.set_goal(5000)
    bench.desk.train(SETTINGS, 5000)
    bench.until(lambda: bench.desk.trained > 3)
    bench.desk.set_goal(50)
    frame = bench.settle()
    assert frame.trained < 5000 and frame.goal == 50


def test_a_value_out_of_range_leaves_the_recipe_as_it_was(bench):
    with pytest.raises(BadInput, match="Recipe: batch: 0 is out of range"):
        bench.desk.set_recipe(learning_rate=0.1, batch=0)
    assert bench.desk.recipe == Recipe()


def test_another_optimiser_drops_what_was_trained(bench):
    bench.train(3)
    bench.desk.set_recipe(optimiser="sgd")
    assert bench.desk.frame(0.7) is None
    assert bench.train(3).trained == 3


def test_once_told_to_stop_no_further_update_is_begun(bench, monkeypatch):
    begun, told = threading.Event(), threading.Event()
    after = []

    def slow(runner, batch, task, recipe, turn):
        if told.is_set():
            after.append(turn.update)
        begun.set()
        told.wait(10)
        return real(runner, batch, task, recipe, turn)

    real = training_module.updated
    monkeypatch.setattr(training_module, "updated", slow)
    bench.desk.train(SETTINGS, 100)
    assert begun.wait(30)
    bench.desk.stop()
    told.set()
    bench.settle()
    assert after == [] and bench.desk.trained == 0  # not even the second network of the update that was running


def test_a_test_on_many_sequences_is_left_in_the_middle_when_told_to_stop(bench, monkeypatch):
    stop, parts = threading.Event(), []
    real = learner._answer

    def counted(*given):
        parts.append(given)
        stop.set()
        return real(*given)

    monkeypatch.setattr(learner, "PART_BYTES", 1 << 12)
    monkeypatch.setattr(learner, "_answer", counted)
    training = Training(SETTINGS, Recipe(test_every=1))
    training.advance(stop)
    assert len(parts) == 1 and training.trained == training.update == 0


def test_bets_are_taken_before_the_first_update_only_and_settled_by_the_outcome(bench):
    settings = replace(SETTINGS, gap=40, forget_bias=-2.0, cells=("lstm", "gru"))
    bench.desk.bet("lstm", True)
    bench.desk.bet("gru", False)
    assert bench.desk.learn_frame(settings).can_bet
    bench.train(2, settings)
    bench.desk.bet("lstm", False)
    learn = bench.desk.learn_frame(settings)
    assert learn.bets == (True, False) and learn.won == (False, True) and not learn.can_bet


def test_a_bet_is_open_again_when_training_goes_on_from_an_earlier_update(bench):
    settings = replace(SETTINGS, gap=40, forget_bias=-2.0, cells=("lstm",))
    bench.desk.bet("lstm", False)
    bench.train(20, settings)
    assert bench.desk.learn_frame(settings).won == (True,)
    bench.desk.resume_from(5)
    bench.settle()
    assert bench.desk.learn_frame(settings).won == (None,)


def test_a_bet_on_a_network_that_solves_the_task_is_won_at_once(bench):
    settings = replace(SETTINGS, hidden=16, cells=("lstm",))
    bench.desk.bet("lstm", True)
    bench.desk.train(settings, 5000)
    bench.until(lambda: bench.desk.learn_frame(settings).won == (True,))
    assert bench.desk.trains
    bench.desk.stop()
    bench.settle()


def test_the_share_before_training_is_known_before_training(bench):
    assert np.isnan(bench.desk.learn_frame(SETTINGS).log10_shares).all()
    bench.until(lambda: not np.isnan(bench.desk.learn_frame(SETTINGS).log10_shares).any())
    before = bench.desk.learn_frame(SETTINGS)
    assert before is bench.desk.learn_frame(SETTINGS)
    assert bench.train(1).log10_shares == before.log10_shares


def test_more_seeds_come_one_by_one_and_each_is_what_a_trial_of_it_says(bench):
    settings = replace(SETTINGS, hidden=16, cells=("lstm",), seed=9998)
    bench.desk.set_goal(60)
    bench.desk.run_seeds(settings, 3)
    assert bench.desk.learning.seeds.running
    bench.until(lambda: not bench.desk.learning.seeds.running)
    seeds = bench.desk.learn_frame(settings).seeds
    assert seeds.seeds == (9998, 9999, 0) and [dot.seed for dot in seeds.of("lstm")] == [9998, 9999, 0]
    for dot in seeds.dots:
        outcome = run_trial(Trial(replace(settings, seed=dot.seed), Recipe(), "lstm", 60))
        assert (dot.solved_at, dot.score) == (outcome.solved_at, outcome.score)
    assert seeds.solved("lstm") == sum(dot.solved_at is not None for dot in seeds.dots)
    bench.desk.run_seeds(settings, 4)
    assert bench.desk.learning.seeds.dots == seeds.dots  # only the fourth is still to be run
    bench.until(lambda: len(bench.desk.learning.seeds.dots) == 4)


def test_seeds_that_are_stopped_keep_the_dots_that_came(bench):
    settings = replace(SETTINGS, gap=30, forget_bias=-2.0)
    bench.desk.set_goal(30)
    bench.desk.run_seeds(settings, 100)
    bench.until(lambda: len(bench.desk.learning.seeds.dots) >= 2)
    bench.desk.learning.stop_seeds()
    known = bench.desk.learning.seeds
    assert not known.running and 2 <= len(known.dots) < 200
    time.sleep(0.1)
    bench.take()
    assert bench.desk.learning.seeds is known


def test_trained_networks_are_tested_at_gaps_they_were_never_trained_on(bench):
    bench.train(30)
    bench.desk.test_lengths((5, 20))
    bench.until(lambda: not bench.desk.learning.lengths.running)
    lengths = bench.desk.learn_frame(SETTINGS).lengths
    assert (lengths.trained_gap, lengths.update) == (5, 30)
    assert [(score.cell, score.gap) for score in lengths.scores] == [("rnn", 5), ("lstm", 5), ("rnn", 20), ("lstm", 20)]


def test_other_settings_drop_bets_seeds_and_gaps(bench):
    bench.desk.bet("lstm", True)
    bench.train(2)
    bench.desk.test_lengths((5,))
    bench.desk.settings_changed(replace(SETTINGS, gap=6))
    learn = bench.desk.learn_frame(replace(SETTINGS, gap=6))
    assert learn.bets == (None, None) and learn.seeds is None and learn.lengths is None


def test_training_anew_keeps_the_bets(bench):
    bench.desk.bet("lstm", True)
    bench.desk.set_goal(2)
    bench.train(4)
    bench.desk.train_anew(SETTINGS)
    assert bench.settle().trained == 2
    assert bench.desk.learn_frame(SETTINGS).bets == (None, True)


def test_the_smoothed_loss_is_the_mean_of_as_many_before_as_after():
    for count in (0, 1, 2, 7, 14, 15, 16, 40):
        losses = np.random.default_rng(count).random(count)
        slow = [losses[max(k - h, 0) : k + h + 1].mean() for k in range(count) for h in [min(k, count - 1 - k, 7)]]
        np.testing.assert_allclose(running_mean(losses), slow, rtol=1e-13)


def ticked(stage, done, seconds=120.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)
        stage.tick(0.01)
    stage.tick(0.01)
    return stage.frame.training


def test_undo_brings_back_what_resuming_from_an_earlier_update_dropped():
    stage = Stage(SETTINGS, engine="kernels")
    try:
        stage.train(30)
        before = ticked(stage, lambda: not stage.desk.running)
        stage.seek_update(10)
        ticked(stage, lambda: not stage.desk.running)
        stage.set_goal(20)
        stage.train_or_stop()
        resumed = ticked(stage, lambda: not stage.desk.running)
        assert (resumed.trained, resumed.resumed_at) == (20, 10)
        stage.undo()
        back = ticked(stage, lambda: not stage.desk.running)
        assert back.resumed_at is None
        np.testing.assert_array_equal(back.losses[1], before.losses[1])
        assert stage.frame.comparison.update == back.update
        stage.redo()
        assert ticked(stage, lambda: not stage.desk.running).trained == 20
    finally:
        stage.close()
