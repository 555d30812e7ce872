"""Languages: the Reber grammar against its own graph, reviews, and letters of a text."""

import re

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.task import one_hot
from lstmviz.lab.tasks.text import Text

# the grammar once more, as regular expressions: what follows the first T or P up to the V or S that ends it
TAIL = r"T*V(PX T*V)*(PS|V)".replace(" ", "")
INNER = rf"B(TS*X(S|X{TAIL})|P{TAIL})E"
STRING = rf"B(T{INNER}T|P{INNER}P)E"


def drawn(name, gap, batch=200, seed=0):
    return TASKS[name].draw(gap, batch, np.random.default_rng(seed))


def strings(batch):
    return ["".join("BTSXPVE"[k] for k in row) for row in batch.x.argmax(axis=2).T]


@pytest.mark.parametrize("gap", [6, 7, 15, 40])
def test_every_reber_string_is_one_of_the_grammar_and_ends_with_its_second_symbol(gap):
    batch = drawn("reber", gap)
    for text, wanted in zip(strings(batch), batch.targets[-1], strict=True):
        assert re.fullmatch(STRING, text + text[1] + "E"), text
        assert wanted.sum() == 1 and wanted["BTSXPVE".index(text[1])] == 1


def test_the_next_symbol_of_a_reber_string_is_among_the_legal_ones():
    batch = drawn("reber", 30)
    tokens = batch.x.argmax(axis=2)
    following = np.take_along_axis(batch.targets[:-1], tokens[1:, :, None], axis=2)
    assert following.all() and batch.targets.sum(axis=2).max() == 2


def test_short_reber_strings_of_one_length_are_as_likely_as_the_grammar_makes_them():
    # of 7 symbols up to the second T or P: inner strings BTXSE and BPVVE, both 1/8 (three choices each)
    found = strings(drawn("reber", 6, 4000))
    inner = [text[2:] for text in found]
    assert set(inner) == {"BTXSE", "BPVVE"}
    assert inner.count("BTXSE") == pytest.approx(2000, abs=150)


def test_a_stream_is_made_of_whole_strings():
    for text in strings(drawn("stream", 80, 60)):
        rest = text
        while (found := re.match(STRING, rest)) is not None:
            rest = rest[found.end() :]
        assert len(rest) < 60 and rest.count("B") <= 2, "what is left is the beginning of one string"


def test_the_next_symbol_of_a_stream_is_among_the_legal_ones():
    batch = drawn("stream", 60)
    tokens = batch.x.argmax(axis=2)
    assert np.take_along_axis(batch.targets[:-1], tokens[1:, :, None], axis=2).all()


def test_a_reber_task_is_not_solved_by_the_inner_grammar_alone():
    task, batch = TASKS["reber"], drawn("reber", 300)
    outputs = 2.0 * batch.targets - 1.0
    outputs[-1] = -1.0
    outputs[-1, :, [1, 4]] = 1.0  # T or P
    assert task.score(outputs, batch) == 0.0 and not task.solved(outputs, batch)


def test_not_turns_an_opinion_round_only_right_before_it():
    batch = drawn("negation", 30)
    for sequence, target in zip(batch.x.argmax(axis=2).T, batch.targets, strict=True):
        place = int(np.flatnonzero(sequence < 4)[0])
        assert (sequence < 4).sum() == (sequence == 4).sum() == 1 and place <= 10
        assert target == ((sequence[place] < 2) != (sequence[place - 1] == 4))


def test_the_words_of_a_review_without_their_order_say_nothing():
    batch = drawn("negation", 30, 20_000)
    opinion = batch.x[:, :, :4].sum(axis=0).argmax(axis=1)
    for kind in range(4):
        assert batch.targets[opinion == kind].mean() == pytest.approx(0.5, abs=0.03)


def test_a_text_is_split_in_the_order_of_reading():
    text = Text("ab" * 450 + "cd" * 50)
    task = text.task({"name": "x", "title": "x", "about": "x", "source": "x", "group": "own"})
    for seed in range(5):
        learned = task.draw(20, 50, np.random.default_rng(seed))
        kept = task.unseen(20, 50, np.random.default_rng(seed))
        assert {*np.unique(learned.targets)} == {0, 1} and {*np.unique(kept.targets)} == {2, 3}


def test_each_letter_s_target_is_the_letter_after_it():
    batch = drawn("text", 40)
    np.testing.assert_array_equal(batch.x.argmax(axis=2)[1:], batch.targets[:-1])


def test_rare_characters_share_one_place():
    letters = "".join(chr(0x100 + k) for k in range(70))
    text = Text("abc" * 200 + letters + "abc" * 100)
    assert text.kinds == 64 and text.alphabet.endswith("\N{REPLACEMENT CHARACTER}")
    assert (text.tokens == 63).sum() == 70 - (63 - 3)


def test_a_text_is_solved_by_an_answer_better_than_pairs_and_not_by_pairs():
    task = TASKS["text"]
    batch = task.unseen(100, 40, np.random.default_rng(0))
    text = Text("abcd" * 500)
    pairs = text.task({"name": "x", "title": "x", "about": "x", "source": "x", "group": "own"})
    circle = pairs.unseen(20, 10, np.random.default_rng(0))
    table = text.pair_table[circle.x.argmax(axis=2)]
    assert not pairs.solved(0.9 * table, circle) and pairs.solved(table * 2, circle)
    assert task.solved(20.0 * one_hot(batch.targets, task.outputs), batch)
