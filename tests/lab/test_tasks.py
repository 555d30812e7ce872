"""What holds for every task: its gap, its coding, its chance loss and its criterion."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.lab.tasks import GROUPS, TASKS
from lstmviz.lab.tasks.forecasts import SAME_AS_NOW, same_as_now
from lstmviz.lab.tasks.task import accuracy, entropy, one_hot, share, whole
from lstmviz.words import decimal

MONTE_CARLO = 12_000


def drawn(name: str, gap: int = 50, batch: int = 400, seed: int = 0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


def perfect(task, batch):
    """Outputs, before softmax or sigmoid, that answer everything rightly."""
    if task.loss == "cross_entropy":
        return 20.0 * one_hot(batch.targets, task.outputs)
    return 40.0 * batch.targets - 20.0 if task.loss == "binary" else batch.targets.astype(float)


def by_timestep(task, batch):
    """Targets (T, B, ...), T = 1 where one answer is asked, and the weight of each answer (T, B)."""
    if batch.asked is not None:
        return batch.targets, batch.asked
    targets = batch.targets if task.loss_at == "all" else batch.targets[None]
    return targets, np.ones(targets.shape[:2])


def blind_loss(task, batch):
    """The loss of the best answer that knows only the timestep, found from the frequencies in the batch."""
    targets, weights = by_timestep(task, batch)
    total = np.maximum(weights.sum(axis=1), 1e-12)[:, None]
    if task.loss == "cross_entropy":
        shares = (one_hot(targets, task.outputs) * weights[..., None]).sum(axis=1) / total
        losses = -(shares * np.log(np.clip(shares, 1e-12, 1))).sum(axis=1)
    elif task.loss == "binary":
        losses = entropy((targets * weights[..., None]).sum(axis=1) / total).sum(axis=1)
    else:
        means = (targets * weights[..., None]).sum(axis=1) / total
        losses = (((targets - means[:, None]) ** 2).sum(axis=2) * weights).sum(axis=1) / total[:, 0]
    return float((losses * weights.sum(axis=1)).sum() / weights.sum())


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("more", [0, 1, 3, 46])
def test_a_gap_makes_sequences_of_gap_plus_one_timesteps(name, more):
    task = TASKS[name]
    gap = task.least_gap + more
    batch = drawn(name, gap, batch=5)
    assert batch.x.shape == (gap + 1, 5, task.inputs)
    assert len(batch.symbols) == batch.query == gap + 1
    assert all(1 <= cue <= gap + 1 for cue in batch.cues)
    assert np.isfinite(batch.x).all()


@pytest.mark.parametrize("name", TASKS)
def test_targets_have_the_shape_of_the_loss_and_of_when_it_asks(name):
    task, batch = TASKS[name], drawn(name, batch=3)
    per_timestep = task.loss_at == "all" or batch.asked is not None
    shape = (51, 3) if per_timestep else (3,)
    assert batch.targets.shape == (shape if task.loss == "cross_entropy" else (*shape, task.outputs))
    if task.loss == "cross_entropy":
        assert np.issubdtype(batch.targets.dtype, np.integer)
        assert batch.targets.min() >= 0 and batch.targets.max() < task.outputs
    if task.loss == "binary":
        assert set(np.unique(batch.targets)) <= {0.0, 1.0}
    if batch.asked is not None:
        assert batch.asked.shape == (51, 3)
        assert (batch.asked.sum(axis=0) > 0).all(), "a sequence is asked nothing"
        assert batch.asked[-1, 0] > 0, "the first sequence is asked at its end"


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_draws_the_same_sequences(name):
    np.testing.assert_array_equal(drawn(name).x, drawn(name).x)
    assert not np.array_equal(drawn(name).x, drawn(name, seed=1).x)


@pytest.mark.parametrize("name", TASKS)
def test_a_batch_cannot_be_changed(name):
    batch = drawn(name, batch=2)
    with pytest.raises(ValueError, match="read-only"):
        batch.x[0, 0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        batch.targets[0] = 1


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("gap", [20, 33])
def test_the_chance_loss_is_that_of_the_best_answer_without_the_input(name, gap):
    task, batch = TASKS[name], drawn(name, gap, MONTE_CARLO)
    if task.chance_means == SAME_AS_NOW:
        found = same_as_now(batch)
    elif task.loss_at == "all" and task.name == "text":
        found = blind_text_loss(task, gap)
    else:
        found = blind_loss(task, batch)
    assert task.chance_loss(gap) == pytest.approx(found, rel=0.03)


def blind_text_loss(task, gap):
    """With one distribution for all timesteps, that of the training part."""
    tokens = task.draw(gap, MONTE_CARLO, np.random.default_rng(5)).targets
    shares = np.bincount(tokens.ravel(), minlength=task.outputs) / tokens.size
    return float(-np.sum(shares[shares > 0] * np.log(shares[shares > 0])))


@pytest.mark.parametrize("name", TASKS)
def test_a_perfect_answer_solves_a_task_and_scores_one(name):
    task, batch = TASKS[name], drawn(name)
    assert task.solved(perfect(task, batch), batch)
    assert task.score(perfect(task, batch), batch) == 1.0


@pytest.mark.parametrize("name", TASKS)
def test_guessing_solves_no_task(name):
    task, batch = TASKS[name], drawn(name)
    shape = perfect(task, batch).shape
    for outputs in (np.zeros(shape), np.ones(shape), np.random.default_rng(1).standard_normal(shape)):
        assert not task.solved(outputs, batch)
        assert task.score(outputs, batch) < 0.9


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_described_in_words(name):
    task = TASKS[name]
    assert task.group in GROUPS and task.shows in ("letters", "numbers")
    assert 120 < len(task.about) < 330 and task.about.endswith(".")
    assert len(task.question.split()) <= 4 and task.source and task.criterion and task.gap_means
    assert task.inputs <= 64 and task.least_gap >= 2


def test_an_answer_that_is_not_asked_does_not_count():
    right = np.array([[True, False], [False, True]])
    batch = replace(drawn("recall", 2, 2), asked=np.array([[1.0, 0.0], [1.0, 2.0]]))
    assert share(right, batch) == 0.75
    assert whole(right, batch) == 0.5


def test_accuracy_counts_the_largest_output():
    batch = replace(drawn("recall", 3, 4), targets=np.array([0, 1, 0, 1]))
    assert accuracy(np.array([[2.0, 1.0], [0.0, 1.0], [0.0, 1.0], [3.0, 1.0]]), batch) == 0.5


def test_the_entropy_of_a_coin_is_ln_2_and_of_a_certainty_0():
    np.testing.assert_allclose(entropy([0.0, 0.5, 1.0]), [0.0, math.log(2), 0.0], atol=1e-12)


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


def test_the_symbols_of_a_batch_are_written_once_and_only_when_asked_for():
    calls = []
    batch = replace(drawn("recall", 3), write=lambda: calls.append(1) or ("A", "c", "d", "e"))
    assert not calls
    assert batch.symbols is batch.symbols and calls == [1]


@pytest.mark.parametrize("name", TASKS)
def test_every_class_has_a_name_and_the_query_an_answer(name):
    task = TASKS[name]
    if task.loss == "cross_entropy" or (task.loss == "binary" and task.outputs > 1):
        assert len(task.answers) == task.outputs
    for gap in (task.least_gap, 40):
        batch = drawn(name, max(gap, task.least_gap), 3)
        told = [task.answer(batch, t) for t in range(1, len(batch.x) + 1)]
        assert told[-1]
        if batch.asked is not None:
            assert [bool(text) for text in told] == (batch.asked[:, 0] > 0).tolist()
        else:
            assert sum(map(bool, told)) == (len(told) if task.loss_at == "all" else 1)


@pytest.mark.parametrize(
    ("name", "t", "words"),
    [("order", 31, "X Y"), ("anbn", 16, "a or b"), ("anbn", 31, "end"), ("latch", 31, "yes")],
)
def test_an_answer_is_told_in_words(name, t, words):
    task = TASKS[name]
    for seed in range(60):
        if task.answer(drawn(name, 30, 1, seed), t) == words:
            return
    pytest.fail(f"no sequence of {name} has the answer {words}")


def test_an_answer_that_is_a_number_is_told_with_two_decimals():
    batch = drawn("adding", 30, 1)
    assert TASKS["adding"].answer(batch, 31) == f"{batch.targets[0, 0]:.2f}"
    batch = drawn("pen", 30, 1)
    assert TASKS["pen"].answer(batch, 5) == ", ".join(decimal(value, 2) for value in batch.targets[4, 0])
