"""The network of 1997: kernels beside the paper's equations, equations beside finite differences."""

import numpy as np
import pytest

from lstmviz.engine.lstm_1997 import answers_1997, train_1997
from lstmviz.engine.reference_1997 import change_1997, run_1997
from lstmviz.engine.weights_1997 import Rule1997, Stream1997, Weights1997, no_recent

NEVER = Rule1997(1, 0.0, 0.0, 0)
INPUTS, OUTPUTS, BLOCKS, CELLS = 4, 3, 2, 4  # two cells in each block
UNITS = 2 * BLOCKS + CELLS


def weights(seed=0, hidden_biased=None, output_biased=1.0):
    rng = np.random.default_rng(seed)
    biased = np.ones(UNITS) if hidden_biased is None else np.asarray(hidden_biased, dtype=float)
    made = rng.normal(size=(1 + UNITS + INPUTS, UNITS)), rng.normal(size=(1 + CELLS, OUTPUTS))
    return Weights1997(*made, biased, output_biased, BLOCKS)


def sequences(seed=1, lengths=(7, 5, 9), every=True):
    """A stream of sequences with two inputs at a time that are not zero, asked everywhere or at the ends."""
    rng = np.random.default_rng(seed)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = starts[-1]
    active = np.stack([rng.permutation(INPUTS)[:2] for _ in range(rows)])
    asked = np.arange(rows) if every else np.full(rows, -1)
    if not every:
        asked[starts[1:] - 1] = np.arange(len(lengths))
    targets = rng.random((asked.max() + 1, OUTPUTS))
    return Stream1997(starts, active, rng.normal(size=(rows, 2)), asked, targets)


def single(stream, sequence):
    """Dense inputs, asked rows and targets of one sequence, as the reference wants them."""
    rows = np.arange(stream.starts[sequence], stream.starts[sequence + 1])
    x = np.zeros((len(rows), INPUTS))
    np.put_along_axis(x, stream.active[rows], stream.value[rows], axis=1)
    asked = np.flatnonzero(stream.asked[rows] >= 0)
    return x, asked, stream.targets[stream.asked[rows][asked]]


def train(made, stream, rate=0.3, every=False, rule=NEVER):
    errors = np.zeros((len(stream.starts) - 1, 2))
    done, holds = train_1997(made, stream, rate, every, rule, no_recent(rule), errors)
    return done, holds, errors


@pytest.mark.parametrize("every_timestep_asked", [True, False])
@pytest.mark.parametrize("biases", [(np.ones(UNITS), 1.0), (np.arange(UNITS) < 4, 0.0)], ids=["all", "gates"])
def test_the_kernel_trains_as_the_papers_equations_do(every_timestep_asked, biases):
    kernel, reference = weights(0, *biases), weights(0, *biases)
    stream = sequences(every=every_timestep_asked)
    _, _, errors = train(kernel, stream)
    for sequence in range(3):
        x, asked, targets = single(stream, sequence)
        tape = run_1997(reference, x)
        off = np.abs(tape.answer[asked] - targets)
        np.testing.assert_allclose(errors[sequence], [off.mean(), off.max()], rtol=1e-12)
        for trained, change in zip(reference, change_1997(reference, tape, asked, targets), strict=False):
            trained += 0.3 * change
    np.testing.assert_allclose(kernel.hidden, reference.hidden, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(kernel.output, reference.output, rtol=1e-10, atol=1e-13)


def one_at_a_time(made, x, targets, rate):
    """Equations 6 to 28 with an update at each timestep: state and traces stay, the weights move on."""
    n, (rows, units) = made.blocks, made.hidden.shape
    y, s = np.zeros(units), np.zeros(CELLS)
    of_cell, of_gate = np.zeros((rows, CELLS)), np.zeros((rows, CELLS))
    block = np.repeat(np.arange(n), CELLS // n)
    for t, row in enumerate(x):
        seen = np.concatenate([[1.0], y, row])
        z = 1 / (1 + np.exp(-(seen @ made.hidden)))
        gates_in, gates_out, g = z[:n], z[n : 2 * n], 4 * z[2 * n :] - 2
        y_in, y_out = gates_in[block], gates_out[block]
        s = s + y_in * g
        h = 2 / (1 + np.exp(-s)) - 1
        y = np.concatenate([gates_in, gates_out, y_out * h])
        of_cell += np.outer(seen, y_in * 4 * z[2 * n :] * (1 - z[2 * n :]))
        of_gate += np.outer(seen, g * y_in * (1 - y_in))
        answer = 1 / (1 + np.exp(-(made.output[0] + (y_out * h) @ made.output[1:])))
        e_k = answer * (1 - answer) * (targets[t] - answer)
        reaching = made.output[1:] @ e_k
        e_s, e_out = y_out * (1 + h) * (1 - h) / 2 * reaching, y_out * (1 - y_out) * h * reaching
        made.output[:] += rate * np.outer(np.concatenate([[1.0], y_out * h]), e_k)
        for cell in range(CELLS):
            made.hidden[:, 2 * n + cell] += rate * e_s[cell] * of_cell[:, cell]
            made.hidden[:, block[cell]] += rate * e_s[cell] * of_gate[:, cell]
            made.hidden[:, n + block[cell]] += rate * e_out[cell] * seen


def test_with_an_update_at_every_timestep_state_and_traces_stay_and_the_weights_move_on():
    kernel, plain, whole = weights(), weights(), weights()
    stream = sequences(lengths=(9,))
    train(kernel, stream, every=True)
    x, _, targets = single(stream, 0)
    one_at_a_time(plain, x, targets, rate=0.3)
    np.testing.assert_allclose(kernel.hidden, plain.hidden, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(kernel.output, plain.output, rtol=1e-10, atol=1e-13)
    train(whole, stream, every=False)
    assert not np.allclose(kernel.hidden, whole.hidden)


def test_the_truncated_gradient_is_the_slope_with_the_feedback_held_fixed():
    made, stream = weights(), sequences()
    x, asked, targets = single(stream, 0)
    tape = run_1997(made, x)
    changes = change_1997(made, tape, asked, targets)

    def half_squared_error(weights):
        answer = run_1997(weights, x, fed_back=tape.y[:-1]).answer
        return 0.5 * np.sum((answer[asked] - targets) ** 2)

    for name, change in zip(("hidden", "output"), changes, strict=True):
        for place in np.ndindex(change.shape):
            sides = []
            for nudge in (1e-5, -1e-5):
                array = getattr(made, name).copy()
                array[place] += nudge
                sides.append(half_squared_error(made._replace(**{name: array})))
            slope = (sides[0] - sides[1]) / 2e-5
            assert abs(-slope - change[place]) < 1e-8, (name, place)


def test_it_is_not_the_whole_gradient():
    made, stream = weights(), sequences()
    x, asked, targets = single(stream, 0)
    change = change_1997(made, run_1997(made, x), asked, targets)[0]
    nudged = made.hidden.copy()
    nudged[3, 5] += 1e-5
    sides = [
        0.5 * np.sum((run_1997(made._replace(hidden=hidden), x).answer[asked] - targets) ** 2)
        for hidden in (nudged, made.hidden)
    ]
    assert abs((sides[0] - sides[1]) / 1e-5 + change[3, 5]) > 1e-4


def test_the_error_flows_along_the_cell_state_undiminished_for_a_thousand_timesteps():
    """A gate that opens at the first timestep alone leaves the same trace however late it is asked."""
    made = weights(hidden_biased=np.zeros(UNITS))
    made.hidden[:] = 0.0
    made.hidden[1 + UNITS, :BLOCKS] = 4.0  # input 0 opens the input gates ...
    made.hidden[2 + UNITS, :BLOCKS] = -800.0  # ... and input 1 shuts them
    made.hidden[1 + UNITS, 2 * BLOCKS :] = 0.5
    changes = []
    for timesteps in (2, 1000):
        x = np.zeros((timesteps, INPUTS))
        x[0, 0], x[1:, 1] = 1.0, 1.0
        tape = run_1997(made, x)
        change = change_1997(made, tape, np.array([timesteps - 1]), np.ones((1, OUTPUTS)))
        changes.append(change[0][1 + UNITS, 2 * BLOCKS :])
    np.testing.assert_array_equal(*changes)
    assert np.all(changes[0] != 0)


def test_a_rate_of_zero_changes_nothing_and_answers_agree_with_the_reference():
    made, stream = weights(), sequences()
    before = made.hidden.copy()
    train(made, stream, rate=0.0)
    np.testing.assert_array_equal(made.hidden, before)
    answers = np.zeros_like(stream.targets)
    answers_1997(answers, made, stream)
    wanted = np.concatenate([run_1997(made, single(stream, sequence)[0]).answer for sequence in range(3)])
    np.testing.assert_allclose(answers, wanted, rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_training_stops_at_the_first_sequence_at_which_the_rule_holds(seed):
    from lstmviz.lab.papers.hochreiter_1997 import first_time

    rng = np.random.default_rng(seed)
    stream = sequences(seed, lengths=tuple(rng.integers(2, 6, size=60)))
    _, _, errors = train(weights(seed), stream, rate=0.0)
    rule = Rule1997(7, float(np.median(errors[:, 0])), float(np.median(errors[:, 1])), int(rng.integers(1, 4)))
    done, holds, _ = train(weights(seed), stream, rate=0.0, rule=rule)
    assert (done if holds else None) == first_time(errors, rule)


def test_weights_that_overflowed_never_count_as_solved():
    made = weights()
    made.output[:] = np.nan
    assert train(made, sequences(), rule=Rule1997(2, np.inf, np.inf, 0))[1] is False
