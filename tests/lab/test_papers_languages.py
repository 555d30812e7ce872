"""Strings side by side, what counts as foreseen, and how far a network counts."""

import numpy as np
import pytest

from lstmviz.lab.papers.languages import NEXT_SYMBOL, foreseen, largest_right, strings_as_batch
from lstmviz.lab.papers.reber_1997 import SYMBOLS, draw_string, legal_next
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.counting import words

STRINGS = [draw_string(np.random.default_rng(seed)) for seed in range(12)]


def column(batch, place):
    """One string of a batch as letters, up to the last timestep that is asked."""
    length = int(batch.asked[:, place].sum())
    return "".join(SYMBOLS[symbol] for symbol in batch.x[:length, place].argmax(axis=1))


@pytest.mark.parametrize("next_symbol", [False, True])
def test_a_batch_holds_its_strings_and_nothing_beyond_their_ends(next_symbol):
    batch = strings_as_batch(STRINGS, next_symbol)
    assert batch.x.shape[0] == max(map(len, STRINGS)) - 1
    for place, string in enumerate(STRINGS):
        assert column(batch, place) == string[:-1]
        rows = slice(len(string) - 1, None)
        assert not batch.x[rows, place].any() and not batch.asked[rows, place].any()
        for t, legal in enumerate(legal_next(string)):
            target = batch.targets[t, place]
            found = SYMBOLS[target] if next_symbol else {SYMBOLS[k] for k in np.flatnonzero(target)}
            assert found == (string[t + 1] if next_symbol else set(legal))


@pytest.mark.parametrize("most_active", [False, True])
def test_one_wrong_symbol_of_one_string_is_seen_and_padding_is_not(most_active):
    batch = strings_as_batch(STRINGS)
    outputs = np.where(batch.targets > 0.5, 1.0, -1.0)
    outputs[batch.asked == 0] = 7.0
    assert foreseen(outputs, STRINGS, batch, most_active)
    for place, t in ((0, 0), (5, len(STRINGS[5]) - 2)):
        wrong = outputs.copy()
        wrong[t, place] *= -1
        assert not foreseen(wrong, STRINGS, batch, most_active)


def test_a_legal_symbol_may_stay_below_zero_only_where_the_most_active_count():
    batch = strings_as_batch(STRINGS)
    low = np.where(batch.targets > 0.5, -1.0, -2.0)
    assert foreseen(low, STRINGS, batch, True) and not foreseen(low, STRINGS, batch, False)


def test_the_next_symbol_is_learned_by_the_loss_of_classes():
    assert (NEXT_SYMBOL.loss, NEXT_SYMBOL.loss_at, NEXT_SYMBOL.outputs) == ("cross_entropy", "all", 7)


@pytest.mark.parametrize("first_wrong", [1, 4, 100, None])
def test_the_largest_n_is_the_one_before_the_first_wrong_word(monkeypatch, first_wrong):
    from lstmviz.lab.papers import languages

    def answered(runner, batch, task, engine):
        outputs = np.where(batch.targets > 0.5, 1.0, -1.0)
        if first_wrong is not None:
            outputs[-first_wrong:, first_wrong - 1 :] *= -1
            outputs[batch.asked == 0] = 1.0
            begun = np.flatnonzero(batch.asked[:, first_wrong - 1])[0]
            outputs[begun, first_wrong - 1] = -np.sign(batch.targets[begun, first_wrong - 1] - 0.5)
        return outputs, 0.0

    monkeypatch.setattr(languages, "answered", answered)
    wanted = 100 if first_wrong is None else first_wrong - 1
    assert largest_right(None, TASKS["anbn"]) == wanted
    assert words(np.arange(1, 101), 201).x.shape == (201, 100, 3)
