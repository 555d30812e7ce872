"""Training: it learns, it can be gone back to bit for bit, and all networks see the same batches."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.lab.recipe import OPTIMISERS, Recipe, Schedule
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import KEYFRAME_EVERY, Training

SHORT = Settings(gap=8, hidden=8, cells=("rnn", "lstm", "gru"))


def weights(training):
    return [racer.network.parameters.weight_hh.copy() for racer in training.comparison().racers]


def test_training_lowers_the_loss_below_chance():
    training = Training(replace(SHORT, gap=3, hidden=16, initialisation="orthogonal", forget_bias=1.0))
    for _ in range(100):
        progress = training.advance()
    for losses in progress.losses:
        assert losses[-10:].mean() < 0.8 * training.task.chance_loss(training.settings.gap)


def test_a_solved_task_is_noted_with_its_update():
    training = Training(Settings(gap=5, hidden=16, cells=("lstm",)))
    while training.update < 150 and training.progress().solved_at[0] is None:
        training.advance()
    assert training.progress().solved_at[0] == training.update
    assert training.update % training.recipe.test_every == 0


@pytest.mark.parametrize("goal", [0, 1, KEYFRAME_EVERY - 1, KEYFRAME_EVERY, KEYFRAME_EVERY + 3])
def test_an_earlier_update_comes_back_bit_for_bit(goal):
    training = Training(SHORT)
    kept = {}
    for update in range(KEYFRAME_EVERY + 6):
        kept[update] = weights(training)
        training.advance()
    training.seek(goal)
    for before, after in zip(kept[goal], weights(training), strict=True):
        np.testing.assert_array_equal(before, after)


def test_training_goes_on_from_a_rewound_update_as_it_did_before():
    training = Training(SHORT)
    for _ in range(30):
        training.advance()
    end, losses = weights(training), training.progress().losses[1]
    training.seek(7)
    for _ in range(23):
        training.advance()
    for before, after in zip(end, weights(training), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(losses, training.progress().losses[1])


def test_an_update_not_yet_trained_cannot_be_shown():
    with pytest.raises(ValueError, match="update 1 was not trained"):
        Training(SHORT).seek(1)


def test_two_trainings_with_the_same_seed_agree_bit_for_bit():
    one, two = Training(SHORT), Training(SHORT)
    for _ in range(5):
        one.advance(), two.advance()
    for a, b in zip(weights(one), weights(two), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_inner_bias_of_the_gru_is_not_trained():
    training = Training(SHORT)
    for _ in range(3):
        training.advance()
    np.testing.assert_array_equal(training.comparison().racer("gru").network.parameters.bias_hn, 0.0)


def test_the_losses_of_a_progress_cannot_be_changed():
    training = Training(SHORT)
    with pytest.raises(ValueError, match="read-only"):
        training.advance().losses[0][0] = 0.0


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_comes_back_to_an_earlier_update_bit_for_bit(optimiser):
    schedule = Schedule("cosine", span=40, warm_up=5)
    recipe = Recipe(optimiser=optimiser, clip_by="value", clip=0.01, weight_decay=0.1, schedule=schedule)
    training = Training(SHORT, recipe)
    kept = {}
    for update in range(KEYFRAME_EVERY + 4):
        kept[update] = weights(training)
        training.advance()
    progress = training.progress()
    for goal in (KEYFRAME_EVERY + 2, 3):
        training.seek(goal)
        for before, after in zip(kept[goal], weights(training), strict=True):
            np.testing.assert_array_equal(before, after)
    for _ in range(20):
        training.advance()
    np.testing.assert_array_equal(training.progress().norms[1], progress.norms[1])


def test_the_norms_before_and_after_clipping_are_recorded_at_every_update():
    training = Training(SHORT, Recipe(clip=0.05, schedule=Schedule("staircase", span=2, factor=0.5)))
    for _ in range(4):
        progress = training.advance()
    for norms, clipped in zip(progress.norms, progress.clipped_norms, strict=True):
        assert norms.shape == clipped.shape == (4,)
        np.testing.assert_allclose(clipped, np.minimum(norms, 0.05), rtol=1e-12)
    np.testing.assert_allclose(progress.learning_rates, [3e-3, 3e-3, 1.5e-3, 1.5e-3])


def test_a_progress_stays_what_it_was_while_training_goes_on():
    training = Training(SHORT)
    early = training.advance()
    loss = early.losses[0].copy()
    for _ in range(70):
        training.advance()
    assert early.losses[0].shape == (1,)
    np.testing.assert_array_equal(early.losses[0], loss)
    assert training.progress().losses[0].shape == (71,)


def test_momentum_adds_what_is_kept_of_the_update_before():
    training, plain = (
        Training(SHORT, Recipe(optimiser=optimiser, learning_rate=0.1, clip_by="none"))
        for optimiser in ("momentum", "sgd")
    )
    moved, descended = [weights(training)], [weights(plain)]
    for _ in range(2):
        training.advance(), plain.advance()
        moved.append(weights(training)), descended.append(weights(plain))
    for start, once, twice, same, next_descent in zip(*moved, *descended[1:], strict=True):
        np.testing.assert_array_equal(once, same)  # nothing is kept yet, and both then have the same gradient
        np.testing.assert_allclose(twice, next_descent + 0.9 * (once - start), rtol=1e-12)
