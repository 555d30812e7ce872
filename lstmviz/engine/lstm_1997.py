"""The network of 1997, literally: memory cell blocks without forget gates, truncated gradient, one sequence at a time.

The same network in plain NumPy, equation by equation, is in ``reference_1997.py``.

Words used in this file
    I, U, C, K     inputs, hidden units (gates and cells), cells, outputs
    n              memory cell blocks; each has one input gate, one output gate and C / n cells
    y              (U,) what the hidden units show: n input gates, n output gates, C cells; all of it is fed back
    s              (C,) internal states, the 1997 name for what is now called the cell state
    hidden         (1 + U + I, U) weights to the hidden units: row 0 biases, rows 1..U fed back, then the inputs
    output         (1 + C, K) weights to the outputs: row 0 biases, then the cells
    traces         (1 + U + I, 2 C) ds/dw along the cell state alone: to the cell, and to its input gate
    active, value  inputs that are not zero at a timestep, and what they are; most tasks have one of them

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory, appendix A.1, equations 3 to 28.
"""

import numpy as np

from lstmviz.engine.jit import kernel
from lstmviz.engine.weights_1997 import Array, Recent1997, Rule1997, Stream1997, Weights1997


@kernel
def train_1997(
    weights: Weights1997,
    stream: Stream1997,
    rate: float,
    every: bool,
    rule: Rule1997,
    recent: Recent1997,
    errors: Array,
) -> tuple[int, bool]:
    """Train on one sequence after the other until the rule holds; give how many it took, and whether it holds."""
    # errors (S, 2): mean and largest absolute error of each sequence, before its update. every: update at each asked
    # timestep instead of at the end of the sequence. A rate of 0 only measures.
    hidden, output, n = weights.hidden, weights.output, weights.blocks
    units, cells = hidden.shape[1], output.shape[0] - 1
    before, y, s = np.empty(units), np.empty(units), np.empty(cells)
    net, factors, squashed = np.empty(units), np.empty(2 * cells), np.empty(cells)
    traces = np.empty((hidden.shape[0], 2 * cells))
    d_hidden, d_output = np.zeros_like(hidden), np.zeros_like(output)
    answer, delta = np.empty(output.shape[1]), np.empty(output.shape[1])
    for sequence in range(stream.starts.size - 1):
        y[:], s[:], traces[:] = 0.0, 0.0, 0.0
        total, largest, asked = 0.0, 0.0, 0
        for row in range(stream.starts[sequence], stream.starts[sequence + 1]):
            before[:] = y
            _move(y, s, squashed, net, factors, before, hidden, n, stream.active[row], stream.value[row])
            if rate != 0.0:
                _follow(traces, factors, before, stream.active[row], stream.value[row])
            if stream.asked[row] >= 0:
                _answer(answer, y, output, n)
                mean, worst = _compare(delta, answer, stream.targets[stream.asked[row]])
                total, asked = total + mean, asked + 1
                largest = worst if worst > largest or np.isnan(worst) else largest
                if rate != 0.0:
                    _blame(
                        d_hidden, d_output, delta, weights, traces, before, y, squashed,
                        stream.active[row], stream.value[row],
                    )  # fmt: skip
                    if every:
                        _apply(hidden, d_hidden, rate)
                        _apply(output, d_output, rate)
        if rate != 0.0 and not every:
            _apply(hidden, d_hidden, rate)
            _apply(output, d_output, rate)
        errors[sequence, 0], errors[sequence, 1] = total / max(asked, 1), largest
        if _holds(rule, recent, errors[sequence, 0], largest):
            return sequence + 1, True
    return stream.starts.size - 1, False


@kernel
def answers_1997(answers: Array, weights: Weights1997, stream: Stream1997) -> None:
    """What the outputs say at each asked timestep; nothing is learned."""
    # answers (Q, K)
    hidden, output, n = weights.hidden, weights.output, weights.blocks
    units, cells = hidden.shape[1], output.shape[0] - 1
    before, y, s = np.empty(units), np.empty(units), np.empty(cells)
    net, factors, squashed = np.empty(units), np.empty(2 * cells), np.empty(cells)
    for sequence in range(stream.starts.size - 1):
        y[:], s[:] = 0.0, 0.0
        for row in range(stream.starts[sequence], stream.starts[sequence + 1]):
            before[:] = y
            _move(y, s, squashed, net, factors, before, hidden, n, stream.active[row], stream.value[row])
            if stream.asked[row] >= 0:
                _answer(answers[stream.asked[row]], y, output, n)


@kernel
def _move(y, s, squashed, net, factors, before, hidden, n, active, value):
    """One timestep of the hidden layer (equations 6 to 9), and what each trace grows by (25, 27)."""
    # y, before, net (U,), s, squashed (C,), factors (2 C,)
    units, cells = net.size, s.size
    size = cells // n
    for u in range(units):
        net[u] = hidden[0, u]
    for v in range(units):
        for u in range(units):
            net[u] += before[v] * hidden[1 + v, u]
    for a in range(active.size):
        row = 1 + units + active[a]
        for u in range(units):
            net[u] += value[a] * hidden[row, u]
    for u in range(units):
        net[u] = 1.0 / (1.0 + np.exp(-net[u]))
    for gate in range(2 * n):
        y[gate] = net[gate]
    for cell in range(cells):
        opened, shown, z = net[cell // size], net[n + cell // size], net[2 * n + cell]
        g = 4.0 * z - 2.0
        s[cell] += opened * g
        squashed[cell] = 2.0 / (1.0 + np.exp(-s[cell])) - 1.0
        y[2 * n + cell] = shown * squashed[cell]
        factors[cell] = opened * 4.0 * z * (1.0 - z)
        factors[cells + cell] = g * opened * (1.0 - opened)


@kernel
def _follow(traces, factors, before, active, value):
    """Let the traces grow by one timestep: nothing is passed on to what the gates and cells were fed."""
    units, width = before.size, factors.size
    for k in range(width):
        traces[0, k] += factors[k]
    for v in range(units):
        for k in range(width):
            traces[1 + v, k] += before[v] * factors[k]
    for a in range(active.size):
        row = 1 + units + active[a]
        for k in range(width):
            traces[row, k] += value[a] * factors[k]


@kernel
def _answer(answer, y, output, n):
    """The outputs, from the cells of the same timestep."""
    cells = output.shape[0] - 1
    for k in range(answer.size):
        net = output[0, k]
        for cell in range(cells):
            net += y[2 * n + cell] * output[1 + cell, k]
        answer[k] = 1.0 / (1.0 + np.exp(-net))


@kernel
def _compare(delta, answer, target):
    """Errors of the outputs (19); give the mean and the largest absolute difference."""
    total, largest = 0.0, 0.0
    for k in range(answer.size):
        off = target[k] - answer[k]
        delta[k] = off * answer[k] * (1.0 - answer[k])
        total += abs(off)
        if abs(off) > largest or np.isnan(off):
            largest = abs(off)
    return total / answer.size, largest


@kernel
def _blame(d_hidden, d_output, delta, weights, traces, before, y, squashed, active, value):
    """Add what one asked timestep says about every weight (21 to 28)."""
    output, n = weights.output, weights.blocks
    units, cells = before.size, squashed.size
    size = cells // n
    for k in range(delta.size):
        d_output[0, k] += weights.output_biased * delta[k]
    for gate in range(n):
        about_gate = 0.0
        for cell in range(gate * size, (gate + 1) * size):
            about_cell = 0.0
            for k in range(delta.size):
                about_cell += output[1 + cell, k] * delta[k]
                d_output[1 + cell, k] += delta[k] * y[2 * n + cell]
            about_gate += squashed[cell] * about_cell
            about_state = y[n + gate] * 0.5 * (1.0 - squashed[cell] * squashed[cell]) * about_cell
            for row in range(traces.shape[0]):
                d_hidden[row, 2 * n + cell] += about_state * traces[row, cell]
                d_hidden[row, gate] += about_state * traces[row, cells + cell]
        about_gate *= y[n + gate] * (1.0 - y[n + gate])
        d_hidden[0, n + gate] += about_gate
        for v in range(units):
            d_hidden[1 + v, n + gate] += about_gate * before[v]
        for a in range(active.size):
            d_hidden[1 + units + active[a], n + gate] += about_gate * value[a]
    for u in range(units):
        d_hidden[0, u] *= weights.hidden_biased[u]


@kernel
def _apply(weights, changes, rate):
    """Change the weights, and begin to count anew."""
    for row in range(weights.shape[0]):
        for column in range(weights.shape[1]):
            weights[row, column] += rate * changes[row, column]
            changes[row, column] = 0.0


@kernel
def _holds(rule, recent, mean, largest):
    """Take one sequence into the rings; give whether the rule holds now."""
    place = int(recent.totals[0]) % rule.window
    wrong = 0.0 if largest < rule.each else 1.0  # nan is wrong
    recent.totals[0] += 1.0
    recent.totals[1] += mean - recent.mean[place]
    recent.totals[2] += wrong - recent.wrong[place]
    recent.mean[place], recent.wrong[place] = mean, wrong
    full = recent.totals[0] >= rule.window
    return full and recent.totals[2] <= rule.wrong and recent.totals[1] < rule.mean * rule.window
