"""Training: it learns, it can be gone back to bit for bit, and all networks see the same batches."""

from dataclasses import replace

import numpy as np
import pytest

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
        assert losses[-10:].mean() < 0.8 * training.task.chance_loss


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
