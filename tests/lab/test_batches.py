"""The sequences that settings name, and what noise and missing timesteps do to them."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.lab.batches import last_targets, shown_batch, training_batch, unseen_batch
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS


def test_each_update_has_its_own_batch_and_the_test_another():
    settings = Settings(gap=20)
    batches = [training_batch(settings, 0, 8), training_batch(settings, 1, 8), unseen_batch(settings, 8)]
    assert not any(np.array_equal(a.x, b.x) for a in batches for b in batches if a is not b)
    np.testing.assert_array_equal(training_batch(settings, 1, 8).x, batches[1].x)


@pytest.mark.parametrize("task", ["recall", "adding", "reber"])
def test_noise_grows_with_its_slider_on_the_same_sequence(task):
    settings = Settings(task=task, gap=30, batch=50)
    still = shown_batch(settings)
    little, much = (shown_batch(replace(settings, noise=noise)) for noise in (0.5, 1.0))
    np.testing.assert_allclose(much.x - still.x, 2 * (little.x - still.x), atol=1e-12)
    assert (much.x - still.x).std() == pytest.approx(1.0, rel=0.05)
    np.testing.assert_array_equal(much.targets, still.targets)


def test_a_larger_share_of_missing_timesteps_adds_to_a_smaller_one():
    settings = Settings(gap=200, batch=20)
    few, many = (shown_batch(replace(settings, missing=share)) for share in (0.2, 0.5))
    lost = [~batch.x.any(axis=2) for batch in (few, many)]
    assert lost[0].mean() == pytest.approx(0.2, abs=0.02) and lost[1].mean() == pytest.approx(0.5, abs=0.02)
    assert (lost[1] | ~lost[0]).all()
    kept = ~lost[1]
    np.testing.assert_array_equal(many.x[kept], shown_batch(settings).x[kept])


def test_a_missing_timestep_is_zero_under_noise_too_and_its_symbol_is_a_point():
    batch = shown_batch(Settings(gap=40, noise=1.0, missing=0.5))
    lost = ~batch.x[:, 0].any(axis=1)
    assert [symbol == "·" for symbol in batch.symbols] == lost.tolist() and 5 < lost.sum() < 36


def test_without_noise_the_batch_is_the_task_s_own():
    settings = Settings(gap=10)
    own = TASKS["recall"].draw(10, 1, np.random.default_rng([0, 1]))
    np.testing.assert_array_equal(shown_batch(settings).x, own.x)


@pytest.mark.parametrize(
    ("task", "kind", "shape"),
    [("recall", "i", (5,)), ("adding", "f", (5, 1)), ("latch", "b", (5, 1)), ("lags", "i", (5,))],
)
def test_the_race_asks_at_the_last_timestep_alone(task, kind, shape):
    batch = shown_batch(Settings(task=task, gap=30, batch=5))
    found = last_targets(batch, TASKS[task], "float32")
    assert found.shape == shape and found.dtype.kind == kind
