"""Signals: forecasts and their mark, beats, activities and canons."""

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.forecasts import same_as_now


def drawn(name, gap, batch=200, seed=0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["sine", "walk", "pen"])
def test_a_forecast_asks_for_the_next_value(name):
    batch = drawn(name, 30)
    np.testing.assert_array_equal(batch.targets[:-1], batch.x[1:])


@pytest.mark.parametrize("name", ["sine", "walk", "pen"])
def test_same_as_now_has_no_skill(name):
    task, batch = TASKS[name], drawn(name, 30)
    assert task.score(batch.x, batch) == pytest.approx(0.0, abs=1e-12) and not task.solved(batch.x, batch)


@pytest.mark.parametrize(("name", "window"), [("sine", 12), ("pen", 10)])
def test_a_linear_forecast_from_the_last_values_beats_same_as_now(name, window):
    task = TASKS[name]
    learned, unseen = (drawn(name, 60, 400, seed) for seed in (0, 1))

    def past(batch):
        rows = [batch.x[window - k : len(batch.x) - k] for k in range(window)]
        return np.concatenate(rows, axis=2).reshape(-1, window * task.inputs), batch.targets[window:]

    columns, wanted = past(learned)
    weights = np.linalg.lstsq(columns, wanted.reshape(len(columns), -1), rcond=None)[0]
    columns, wanted = past(unseen)
    loss = np.mean(np.sum((columns @ weights - wanted.reshape(len(columns), -1)) ** 2, axis=1))
    assert loss < 0.6 * same_as_now(unseen)


def test_nothing_beats_same_as_now_on_a_walk():
    batch = drawn("walk", 60, 2000)
    best = min(np.mean((share * batch.x - batch.targets) ** 2) for share in np.linspace(0.9, 1.1, 21))
    assert best > 0.99 * same_as_now(batch)
    assert same_as_now(batch) == pytest.approx(0.04, rel=0.02)


def test_a_beat_is_missing_where_the_label_says_so():
    batch = drawn("beat", 60, 400)
    for b in range(400):
        beats = np.flatnonzero(batch.x[:, b, 0] > 0.5)
        spaces = np.diff(beats)
        assert (spaces.max() == 2 * spaces.min()) == bool(batch.targets[b, 0])
        assert 3 <= spaces.min() <= 6 and spaces[0] == spaces.min()
    assert batch.targets.mean() == pytest.approx(0.5, abs=0.08)


def test_the_last_beat_is_never_the_missing_one():
    for gap in (18, 19, 40):
        batch = drawn("beat", gap, 300)
        for b in np.flatnonzero(batch.targets[:, 0]):
            beats = np.flatnonzero(batch.x[:, b, 0] > 0.5)
            assert np.diff(beats).max() == 2 * np.diff(beats).min()


def test_the_activity_can_be_told_from_the_last_turns_of_the_wave():
    batch = drawn("activity", 100, 100)
    wave = batch.x[..., 0]
    turns = np.abs(np.diff(wave, axis=0))
    quick = np.array([turns[t - 5 : t].mean(axis=0) for t in range(5, len(wave))])
    asked = batch.asked[5:] > 0
    right = (quick > 0.52) == batch.targets[5:]
    assert right[asked].mean() > 0.9
    assert batch.targets.mean() == pytest.approx(0.5, abs=0.08)


def test_an_activity_is_asked_only_where_it_has_lasted_six_timesteps():
    batch = drawn("activity", 80, 50)
    for t, b in np.argwhere(batch.asked > 0):
        assert t >= 5 and len(set(batch.targets[t - 5 : t + 1, b])) == 1


def test_the_second_voice_follows_the_first_by_four_notes():
    batch = drawn("melody", 30)
    first, second = batch.x[..., :5].argmax(axis=2), batch.x[..., 5:].argmax(axis=2)
    np.testing.assert_array_equal(second[4:], first[:-4])
    assert not batch.x[:4, :, 5:].any(), "the second voice is silent first"
    np.testing.assert_array_equal(batch.targets[3:-1], second[4:])
    assert (batch.asked[:3] == 0).all() and (batch.asked[3:] == 1).all()
