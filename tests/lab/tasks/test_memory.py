"""The memory tasks: the answers are decoded from the inputs by another route."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.latch import latched
from lstmviz.lab.tasks.order import FOUR, THREE, ordered


def drawn(name, gap, batch=200, seed=0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


def tokens_of(batch):
    return batch.x.argmax(axis=2)


def test_recall_keeps_its_tokens_when_the_gap_grows():
    np.testing.assert_array_equal(drawn("recall", 50, 1).x, drawn("recall", 80, 1).x[:51])


def test_recall_hides_the_cue_in_the_first_token_only():
    batch = drawn("recall", 50)
    tokens = tokens_of(batch)
    np.testing.assert_array_equal(tokens[0], batch.targets)
    assert tokens[1:].min() == 2 and tokens[1:].max() == 7


def test_order_puts_its_two_symbols_where_the_paper_does():
    batch = drawn("order", gap=99)
    for sequence, target in zip(tokens_of(batch).T, batch.targets, strict=True):
        first, second = np.flatnonzero((sequence == 5) | (sequence == 6))
        assert 10 <= first <= 20 and 50 <= second <= 60
        assert target == 2 * (sequence[first] - 5) + (sequence[second] - 5)
        assert sequence[0] == 0 and sequence[-1] == 7


@pytest.mark.parametrize(("name", "lows"), [("order3", (10, 33, 66)), ("order4", (10, 30, 50, 70))])
def test_order_of_more_symbols_reads_them_as_a_binary_number(name, lows):
    batch = drawn(name, gap=99, batch=800)
    for sequence, target in zip(tokens_of(batch).T, batch.targets, strict=True):
        places = np.flatnonzero((sequence == 5) | (sequence == 6))
        assert all(low <= place <= low + 10 for place, low in zip(places, lows, strict=True))
        assert target == int("".join(str(sequence[place] - 5) for place in places), 2)
    assert set(batch.targets) == set(range(2 ** len(lows)))


@pytest.mark.parametrize("shares", [THREE, FOUR])
@pytest.mark.parametrize("more", [0, 1, 2, 4])
def test_symbols_keep_apart_in_short_sequences(shares, more):
    tokens = tokens_of(ordered(len(shares) + 2 + more, 300, shares, np.random.default_rng(0)))
    assert (((tokens == 5) | (tokens == 6)).sum(axis=0) == len(shares)).all()
    assert (tokens[0] == 0).all() and (tokens[-1] == 7).all()


def test_the_latch_is_told_by_the_sign_of_its_first_three_numbers():
    batch = drawn("latch", 60)
    ends = batch.asked.argmax(axis=0)
    for b, end in enumerate(ends):
        assert abs(batch.x[:3, b, 0].sum()) == 3
        assert batch.targets[end, b, 0] == (batch.x[0, b, 0] > 0)
        assert not batch.x[end + 1 :, b].any()
    assert ends.min() >= 55 and ends.max() == 60
    assert batch.x[3:50].var() == pytest.approx(0.2, rel=0.05)


def test_noise_can_lie_on_the_latch_s_cue_too():
    x = latched(np.ones(500, dtype=int), np.full(500, 20), 3, np.random.default_rng(0), noisy=True)
    assert x[:3].mean() == pytest.approx(1.0, abs=0.05) and x[:3].var() == pytest.approx(0.2, rel=0.15)


def test_the_noise_free_lag_asks_for_every_next_token_and_for_the_cue_at_the_end():
    batch = drawn("lags", 20)
    tokens = tokens_of(batch)
    np.testing.assert_array_equal(batch.targets[:-1], tokens[1:])
    np.testing.assert_array_equal(batch.targets[-1], tokens[0])
    assert (tokens[1:] == tokens[1:, :1]).all(), "only the cue differs between two sequences"


def test_a_noise_free_lag_is_not_solved_by_knowing_the_middle_alone():
    task, batch = TASKS["lags"], drawn("lags", 400)
    outputs = np.eye(task.outputs)[batch.targets]
    outputs[-1] = 0.0
    assert (outputs.argmax(axis=2) == batch.targets).mean() > 0.995
    assert not task.solved(outputs, batch)


def test_the_signalled_lag_asks_at_the_token_e_for_the_second_token():
    batch = drawn("signalled", 40)
    tokens = tokens_of(batch)
    ends = batch.asked.argmax(axis=0)
    rows = np.arange(200)
    assert (tokens[ends, rows] == 11).all() and (batch.asked.sum(axis=0) == 1).all()
    np.testing.assert_array_equal(batch.targets[ends, rows], tokens[1])
    assert len(np.unique(ends)) > 2 and ends[0] == 40


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_copy_asks_for_its_symbols_in_order_after_the_delimiter(count):
    batch = drawn(f"copy{count}", 40)
    tokens = tokens_of(batch)
    np.testing.assert_array_equal(batch.targets[-count:], tokens[:count])
    assert (tokens[-count - 1] == 9).all() and (tokens[count : -count - 1] == 8).all()
    assert (batch.asked[-count:] == 1).all() and batch.asked.sum() == count * 200


def test_key_value_recall_asks_for_the_value_behind_the_key_shown_again():
    batch = drawn("keys", 30)
    for sequence, target in zip(tokens_of(batch).T, batch.targets, strict=True):
        memory = {sequence[k]: sequence[k + 1] - 4 for k in (0, 2, 4)}
        assert len(memory) == 3 and memory[sequence[-1]] == target
        assert (sequence[6:-1] >= 8).all()
    cue = batch.cues[0] - 1
    assert tokens_of(batch)[cue, 0] == tokens_of(batch)[-1, 0]


def test_both_sides_labels_a_bit_by_its_third_neighbours():
    batch = drawn("sides", 20, 50)
    bits = tokens_of(batch)
    padded = np.pad(bits, ((3, 3), (0, 0)))
    np.testing.assert_array_equal(batch.targets, padded[:-6] + padded[6:])


def test_the_left_side_alone_is_right_half_of_the_time():
    task, batch = TASKS["sides"], drawn("sides", 400, 200)
    left = np.pad(tokens_of(batch), ((3, 0), (0, 0)))[:-3]
    outputs = np.eye(3)[left]  # the best of the likely answers: the other bit is 0
    assert task.score(outputs, batch) == pytest.approx(0.5, abs=0.02)


def test_the_score_of_the_noise_free_lag_is_that_of_its_last_token():
    task, batch = TASKS["lags"], drawn("lags", 10, 4)
    outputs = np.eye(task.outputs)[replace(batch).targets]
    outputs[-1, 0] = 0.0
    outputs[-1, 0, 5] = 1.0
    assert task.score(outputs, batch) == 0.75
