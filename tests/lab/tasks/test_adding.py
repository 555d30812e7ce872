"""Adding, as today and as in 1997, and multiplication: which numbers decide the target."""

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.adding import pairs_1997, shortest


def drawn(name, gap, batch=400, seed=0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    batch = drawn("adding", gap=49)
    markers = batch.x[:, :, 1]
    np.testing.assert_array_equal(markers[:25].sum(axis=0), 1)
    np.testing.assert_array_equal(markers[25:].sum(axis=0), 1)
    np.testing.assert_allclose((batch.x[:, :, 0] * markers).sum(axis=0), batch.targets[:, 0])


def test_multiplication_asks_for_the_product_of_the_marked_numbers():
    batch = drawn("multiplication", gap=30)
    for sequence, target in zip(batch.x.transpose(1, 0, 2), batch.targets, strict=True):
        one, two = sequence[sequence[:, 1] == 1.0, 0]
        assert target[0] == pytest.approx(one * two)


def test_the_constant_answer_one_to_adding_costs_a_sixth():
    batch = drawn("adding", batch=40_000, gap=5)
    assert np.mean((batch.targets - 1.0) ** 2) == pytest.approx(TASKS["adding"].chance_loss(5), abs=0.003)


def test_adding_is_solved_under_a_squared_error_of_0_005():
    batch = drawn("adding", 50, batch=10)
    assert TASKS["adding"].solved(batch.targets + 0.07, batch)
    assert not TASKS["adding"].solved(batch.targets + 0.08, batch)


def test_a_sum_counts_as_right_within_0_04():
    batch = drawn("adding", 50, batch=4)
    answers = batch.targets + np.array([[0.0], [0.039], [-0.039], [0.041]])
    assert TASKS["adding"].score(answers, batch) == 0.75


def test_adding_of_1997_asks_at_the_end_of_each_sequence_for_a_half_plus_a_quarter_of_the_sum():
    batch = drawn("adding97", gap=99)
    for b in range(400):
        length = int(np.flatnonzero(batch.asked[:, b])[-1]) + 1
        assert batch.asked[:, b].sum() == 1 and shortest(100) <= length <= 100
        numbers, markers = batch.x[:, b].T
        assert markers[0] == markers[length - 1] == -1 and not batch.x[length:, b].any()
        marked = numbers[markers == 1]
        assert len(marked) == 2 - (len(marked) < 2), "at most one marker falls on the first pair"
        assert batch.targets[length - 1, b, 0] == pytest.approx(0.5 + marked.sum() / 4)


def test_the_marks_of_1997_stand_among_the_first_ten_and_in_the_first_half():
    lengths = np.full(2000, 110)
    x, sums, _ = pairs_1997(lengths, 100, np.random.default_rng(0))
    marks = np.argwhere(x[:, :, 1].T == 1)[:, 1]
    assert marks.max() == 48
    for b in range(2000):
        places = np.flatnonzero(x[:, b, 1] == 1)
        assert len(places) == 1 or places[0] < 10, "two visible marks: the first is among the first ten"
    assert np.abs(sums).max() <= 2


def test_the_shortest_sequence_of_1997_is_an_eleventh_shorter():
    assert [shortest(t) for t in (110, 550, 1100, 11)] == [100, 500, 1000, 10]
