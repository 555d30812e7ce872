"""The set-ups and sequences of 1997: counts from the paper, and decoders that know only the paper's words."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.engine.weights_1997 import Rule1997
from lstmviz.lab.papers.hochreiter_1997 import SETUPS, first_time, run_1997, start, weight_count
from lstmviz.lab.papers.reber_1997 import (
    SYMBOLS,
    all_right,
    draw_sets,
    draw_string,
    legal_next,
    picked,
    strings_as_stream,
)
from lstmviz.lab.papers.sequences_1997 import draw_distractors, draw_marked, draw_order, draw_two_sequences


def sequences(stream):
    """Each sequence as (active, value, target of its last timestep)."""
    for sequence, (begin, end) in enumerate(zip(stream.starts[:-1], stream.starts[1:], strict=True)):
        assert np.all(stream.asked[begin : end - 1] == -1) and stream.asked[end - 1] == sequence
        yield stream.active[begin:end], stream.value[begin:end], stream.targets[sequence]


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("1, 4 blocks, rate 0.1", 264),
        ("1, 3 blocks, rate 0.5", 276),
        ("2c, p = q = 50", 364),
        ("2c, p = q = 100", 664),
        ("3a, N = 1", 102),
        ("3b, N = 3", 102),
        ("4, T = 100", 93),
        ("5", 93),
        ("6a", 156),
        ("6b", 308),
    ],
)
def test_a_network_has_as_many_weights_as_the_paper_says(name, weights):
    assert weight_count(SETUPS[name]) == weights


@pytest.mark.parametrize("name", SETUPS)
def test_a_network_starts_within_its_range_with_the_papers_biases(name):
    setup = SETUPS[name]
    made, n = start(setup, np.random.default_rng(0)), setup.blocks
    assert np.all(np.abs(made.hidden[1:]) <= setup.span) and np.all(np.abs(made.output) <= setup.span)
    assert np.ptp(made.hidden[1:]) > setup.span
    for biases, wanted in ((made.hidden[0, :n], setup.in_biases), (made.hidden[0, n : 2 * n], setup.out_biases)):
        if wanted:
            np.testing.assert_array_equal(biases, wanted)
        else:
            assert np.all(np.abs(biases) <= setup.span)
    if setup.biased != "all":
        assert np.all(made.hidden[0, 2 * n + (n * setup.cells if setup.biased == "hidden" else 0) :] == 0)
        assert np.all(made.output[0] == 0)


def test_training_never_moves_a_bias_that_the_paper_does_not_have():
    from lstmviz.engine.lstm_1997 import train_1997
    from lstmviz.engine.weights_1997 import no_recent

    setup = SETUPS["1, 3 blocks, rate 0.5"]
    made = start(setup, np.random.default_rng(0))
    stream = strings_as_stream([draw_string(np.random.default_rng(seed)) for seed in range(20)]).stream
    before = made.hidden.copy()
    train_1997(made, stream, 0.5, False, setup.rule, no_recent(setup.rule), np.zeros((20, 2)))
    assert np.all(made.hidden[0, 6:] == 0) and np.all(made.output[0] == 0)
    assert not np.any(made.hidden[0, :6] == before[0, :6])


@pytest.mark.parametrize("windows", [((10, 20), (50, 60)), ((10, 20), (33, 43), (66, 76))])
def test_the_class_of_experiment_6_is_the_order_that_a_reader_finds(windows):
    letters, seen = "EabcdXYB", set()
    for active, value, target in sequences(draw_order(400, np.random.default_rng(0), windows=windows)):
        string = "".join(letters[token] for token in active[:, 0])
        assert 100 <= len(string) <= 110 and string[0] == "E" and string[-1] == "B" and np.all(value == 1)
        found = [place for place, letter in enumerate(string, start=1) if letter in "XY"]
        assert all(low <= place <= high for place, (low, high) in zip(found, windows, strict=True))
        order = "".join(string[place - 1] for place in found)
        seen.add(order)
        wanted = int(order.replace("X", "0").replace("Y", "1"), 2)
        np.testing.assert_array_equal(target, np.eye(2 ** len(windows))[wanted])
    assert len(seen) == 2 ** len(windows)


@pytest.mark.parametrize("product", [False, True])
def test_the_target_of_experiments_4_and_5_comes_from_the_pairs_marked_one(product):
    first_places = set()
    for active, value, target in sequences(draw_marked(2000, np.random.default_rng(1), product=product)):
        np.testing.assert_array_equal(active, np.broadcast_to([0, 1], (len(value), 2)))
        numbers, markers = value.T
        marked = np.flatnonzero(markers == 1)
        assert len(marked) == 2 and marked.min() < 10 and marked.max() < 50
        assert markers[-1] == -1 and (markers[0] == -1 or numbers[0] == float(product))
        assert np.all(np.delete(markers, [0, *marked, len(markers) - 1]) == 0)
        low = 0 if product else -1
        assert numbers.min() >= low and numbers.max() <= 1 and numbers.min() < low + 0.2
        wanted = numbers[marked].prod() if product else 0.5 + numbers[marked].sum() / 4
        assert target == pytest.approx(wanted)
        first_places.add(int(marked.min()))
    assert first_places == set(range(10))


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("informative", [1, 3])
def test_the_class_of_experiment_3_is_the_sign_of_the_first_numbers(informative, noisy):
    stream = draw_two_sequences(3000, np.random.default_rng(2), informative=informative, noisy=noisy)
    rest, beginnings = [], []
    for _, value, target in sequences(stream):
        assert 100 <= len(value) <= 110
        beginnings.append(value[:informative, 0] - (2 * target[0] - 1))
        rest.append(value[informative:, 0])
    spread = np.std(beginnings)
    assert spread == (pytest.approx(np.sqrt(0.2), rel=0.05) if noisy else 0)
    assert np.var(np.concatenate(rest)) == pytest.approx(0.2, rel=0.02)
    assert 0.45 < stream.targets.mean() < 0.55


def test_experiment_2c_asks_at_e_for_the_symbol_after_b():
    lengths = []
    for active, _, target in sequences(draw_distractors(3000, np.random.default_rng(3), lag=50, kinds=20)):
        tokens = active[:, 0]
        e, b, x, y = 20, 21, 22, 23
        assert tokens[0] == b and tokens[1] in (x, y) and tokens[-1] == e and tokens[2:-1].max() < 20
        np.testing.assert_array_equal(target, [tokens[1] == x, tokens[1] == y])
        lengths.append(len(tokens) + 1)  # the paper counts the symbol that is asked, too
    assert min(lengths) == 54 and np.mean(lengths) == pytest.approx(63, abs=1)  # not q + 14


# ---------------------------------------------------------------- experiment 1

# An independent reading: all inner strings as a regular expression.
INNER = r"B(?:T(?:S*)(?:XS|X(?:X(?:T*)V(?:PX(?:T*)V)*(?:V|PS)))|P(?:T*)V(?:PX(?:T*)V)*(?:V|PS))E"


def test_strings_are_those_of_the_embedded_grammar():
    import re

    pattern = re.compile(rf"B(?:T{INNER}T|P{INNER}P)E")
    strings = [draw_string(np.random.default_rng([4, seed])) for seed in range(3000)]
    assert all(pattern.fullmatch(string) for string in strings)
    assert min(map(len, strings)) == 9 and len(set(strings)) > 200


def test_what_may_follow_is_what_follows_in_some_string():
    """Of many strings with the same beginning, the next symbols together are the legal set."""
    followers: dict[str, set[str]] = {}
    strings = {draw_string(np.random.default_rng([5, seed])) for seed in range(6000)}
    for string in strings:
        for place in range(1, len(string)):
            followers.setdefault(string[:place], set()).add(string[place])
    checked = 0
    for string in strings:
        assert len(legal_next(string)) == len(string) - 1
        for place, legal in enumerate(legal_next(string)[:7], start=1):
            assert followers[string[:place]] <= set(legal)
            checked += followers[string[:place]] == set(legal)
    assert checked > 0.95 * 7 * len(strings)


def test_training_and_test_sets_share_no_string():
    training, test = draw_sets(256, np.random.default_rng(6))
    assert len(training) == len(test) == 256 and not set(training) & set(test)


def test_strings_picked_from_a_stream_are_those_strings():
    strings = [draw_string(np.random.default_rng([7, seed])) for seed in range(5)]
    some = picked(strings_as_stream(strings).stream, np.array([3, 0, 3]))
    wanted = strings_as_stream([strings[3], strings[0], strings[3]]).stream
    for found, expected in zip(some, wanted, strict=True):
        np.testing.assert_array_equal(found, expected)
    assert "".join(SYMBOLS[token] for token in some.active[: some.starts[1], 0]) == strings[3][:-1]


def test_strings_are_right_only_if_every_legal_symbol_beats_every_other():
    legal = np.array([[True, True, False], [False, True, False]])
    good = np.array([[0.4, 0.3, 0.2], [0.1, 0.9, 0.1]])
    assert all_right(good, legal)
    for row, column, value in ((0, 2, 0.3), (0, 1, 0.2), (1, 0, 0.95), (1, 1, np.nan)):
        bad = good.copy()
        bad[row, column] = value
        assert not all_right(bad, legal)


# ---------------------------------------------------------------- trials


def test_a_trial_of_6a_is_solved_and_the_same_every_time():
    setup = SETUPS["6a"]
    found = run_1997(setup, 4)
    assert found["solved"] and found["solved_at"] == found["sequences"] <= 32_000 and found["wrong"] <= 3
    assert found["1 % wrong"] <= found["solved_at"] and 100 <= found["timesteps"] / found["sequences"] <= 110
    assert run_1997(setup, 4) == found


def test_a_trial_that_runs_out_of_sequences_is_not_solved():
    found = run_1997(replace(SETUPS["6a"], budget=2500), 0)
    assert not found["solved"] and found["solved_at"] is None and found["sequences"] == 2500
    assert found["1 % wrong"] is None and found["wrong"] > 1000


def test_training_goes_on_until_the_fresh_sequences_are_right_too():
    """A rule that always holds: the proof alone decides, and a network at its start does not pass it."""
    always = Rule1997(10, np.inf, 0.2, 10)
    found = run_1997(replace(SETUPS["2c, p = q = 50"], rule=always, budget=3000, proof=1000), 0)
    assert not found["solved"] and found["sequences"] == 3000


def test_a_rule_holds_first_where_a_plain_count_says():
    rng = np.random.default_rng(8)
    history = np.abs(rng.normal(size=(500, 2)))
    rule = Rule1997(20, 0.8, 1.0, 5)
    plain = (
        end
        for end in range(20, 501)
        if history[end - 20 : end, 0].mean() < 0.8 and np.sum(history[end - 20 : end, 1] >= 1.0) <= 5
    )
    assert first_time(history, rule) == next(plain)
    assert first_time(history[:19], rule) is None


@pytest.mark.soak
@pytest.mark.parametrize(("name", "least", "of"), [("1997-6a", 17, 20), ("1997-3a", 17, 20)])
def test_the_cheap_literal_experiments_solve_as_often_as_expected(name, least, of):
    from lstmviz.lab.experiment import run_experiment

    assert run_experiment(name, workers=2).solved >= least
