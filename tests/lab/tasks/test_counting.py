"""Counting tasks: parity, a^n b^n, a^n b^n c^n and nested brackets, read by plain Python."""

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.counting import words


def drawn(name, gap, batch=60, seed=0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


def test_parity_is_the_sum_so_far_modulo_two():
    batch = drawn("parity", 30)
    odd = np.zeros(60, dtype=int)
    for bits, wanted in zip(batch.x.argmax(axis=2), batch.targets, strict=True):
        odd = (odd + bits) % 2
        np.testing.assert_array_equal(wanted, odd)


@pytest.mark.parametrize(("name", "letters"), [("anbn", "ab"), ("anbncn", "abc")])
@pytest.mark.parametrize("gap", [12, 13, 14])
def test_words_are_followed_by_what_the_grammar_allows(name, letters, gap):
    batch = drawn(name, gap)
    seen = set()
    for b in range(60):
        rows = batch.x[:, b]
        word = "".join(("S" + letters)[row.argmax()] for row in rows if row.any()).lstrip("S")
        n = word.count("a")
        seen.add(n)
        assert word == "".join(letter * n for letter in letters)
        lead = gap + 1 - len(letters) * (gap // len(letters))
        for k in range(len(word) + 1):  # what may come after k letters
            t = lead - 1 + k
            if k == 0:
                wanted = {"a"}
            elif k <= n:
                wanted = {"a", "b"}
            else:
                wanted = {(word + "$")[k]}
            legal = {(letters + "$")[i] for i in np.flatnonzero(batch.targets[t, b])}
            assert legal == wanted and batch.asked[t, b] == 1
        assert batch.asked[:, b].sum() == len(word) + 1 and not batch.x[lead + len(word) :, b].any()
    assert seen == set(range(1, gap // len(letters) + 1))


def test_a_word_alone_has_no_lead_but_one_start_symbol():
    batch = words(np.array([3]), 7)
    assert batch.symbols == ("S", "a", "a", "a", "b", "b", "b")
    assert batch.targets[-1, 0].tolist() == [0, 0, 1]


def test_one_wrong_symbol_spoils_a_word():
    task, batch = TASKS["anbn"], drawn("anbn", 12, batch=4)
    outputs = 2.0 * batch.targets - 1.0
    outputs[3, 2, 0] *= -1
    assert task.score(outputs, batch) == 0.75


def test_brackets_close_what_was_opened_last():
    batch = drawn("brackets", 60)
    pairs = {"(": ")", "[": "]"}
    for b in range(60):
        stack = []
        for t, token in enumerate(batch.x[:, b].argmax(axis=1)):
            symbol = "([)]"[token]
            if symbol in pairs:
                stack.append(pairs[symbol])
            else:
                assert stack.pop() == symbol
            wanted = [bool(stack) and stack[-1] == ")", bool(stack) and stack[-1] == "]", not stack]
            assert batch.targets[t, b].tolist() == wanted


def test_the_cue_of_the_brackets_is_the_innermost_open_one():
    for seed in range(20):
        batch = drawn("brackets", 40, 1, seed)
        if not batch.cues:
            assert batch.targets[-1, 0, 2] == 1
            continue
        (cue,) = batch.cues
        assert batch.symbols[cue - 1] == ("(" if batch.targets[-1, 0, 0] else "[")
