"""Each task: its coding, its gap, its chance loss and its criterion."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS


def drawn(name: str, gap: int = 50, batch: int = 400, seed: int = 0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("gap", [3, 4, 7, 50, 200])
def test_a_gap_makes_sequences_of_gap_plus_one_timesteps(name, gap):
    batch = drawn(name, gap, batch=5)
    assert batch.x.shape == (gap + 1, 5, TASKS[name].inputs)
    assert len(batch.symbols) == batch.query == gap + 1
    assert all(1 <= cue <= gap + 1 for cue in batch.cues)


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_draws_the_same_sequences(name):
    np.testing.assert_array_equal(drawn(name).x, drawn(name).x)
    assert not np.array_equal(drawn(name).x, drawn(name, seed=1).x)


@pytest.mark.parametrize("name", TASKS)
def test_a_batch_cannot_be_changed(name):
    batch = drawn(name, batch=2)
    with pytest.raises(ValueError, match="read-only"):
        batch.x[0, 0, 0] = 1.0


def test_recall_keeps_its_tokens_when_the_gap_grows():
    np.testing.assert_array_equal(drawn("recall", 50, 1).x, drawn("recall", 80, 1).x[:51])


def test_recall_hides_the_cue_in_the_first_token_only():
    batch = drawn("recall")
    tokens = batch.x.argmax(axis=2)
    np.testing.assert_array_equal(tokens[0], batch.targets)
    assert tokens[1:].min() == 2 and tokens[1:].max() == 7


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    batch = drawn("adding", gap=49)
    markers = batch.x[:, :, 1]
    np.testing.assert_array_equal(markers[:25].sum(axis=0), 1)
    np.testing.assert_array_equal(markers[25:].sum(axis=0), 1)
    np.testing.assert_allclose((batch.x[:, :, 0] * markers).sum(axis=0), batch.targets[:, 0])


def test_the_constant_answer_one_to_adding_costs_a_sixth():
    batch = drawn("adding", batch=40_000, gap=5)
    assert np.mean((batch.targets - 1.0) ** 2) == pytest.approx(TASKS["adding"].chance_loss(5), abs=0.003)


def test_order_puts_its_two_symbols_where_the_paper_does():
    batch = drawn("order", gap=99)
    tokens = batch.x.argmax(axis=2)
    for sequence, target in zip(tokens.T, batch.targets, strict=True):
        first, second = np.flatnonzero((sequence == 5) | (sequence == 6))
        assert 10 <= first <= 20 and 50 <= second <= 60
        assert target == 2 * (sequence[first] - 5) + (sequence[second] - 5)
        assert sequence[0] == 0 and sequence[-1] == 7


@pytest.mark.parametrize(("name", "classes"), [("recall", 2), ("order", 4)])
def test_chance_loss_of_a_choice_is_the_logarithm_of_the_classes(name, classes):
    assert TASKS[name].chance_loss(50) == math.log(classes)
    assert len(np.unique(drawn(name).targets)) == classes


@pytest.mark.parametrize("name", ["recall", "order"])
def test_a_task_is_solved_at_199_of_200_right_and_not_at_198(name):
    targets = np.zeros(200, dtype=int)
    outputs = np.zeros((200, TASKS[name].outputs))
    outputs[:, 0] = 1.0
    outputs[0, 1] = 2.0
    batch = replace(drawn(name, batch=200), targets=targets)
    assert TASKS[name].solved(outputs, batch) and TASKS[name].score(outputs, batch) == 0.995
    outputs[1, 1] = 2.0
    assert not TASKS[name].solved(outputs, batch)


def test_adding_is_solved_under_a_squared_error_of_0_005():
    batch = drawn("adding", batch=10)
    assert TASKS["adding"].solved(batch.targets + 0.07, batch)
    assert not TASKS["adding"].solved(batch.targets + 0.08, batch)


def test_a_sum_counts_as_right_within_0_04():
    batch = drawn("adding", batch=4)
    answers = batch.targets + np.array([[0.0], [0.039], [-0.039], [0.041]])
    assert TASKS["adding"].score(answers, batch) == 0.75


def test_the_symbols_of_a_batch_are_written_once_and_only_when_asked_for():
    calls = []
    batch = replace(drawn("recall", 3), write=lambda: calls.append(1) or ("A", "c", "d", "e"))
    assert not calls
    assert batch.symbols is batch.symbols and calls == [1]
