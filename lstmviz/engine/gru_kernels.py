"""What the GRU does in every timestep, forward and backward, with the equations of ``equations``.

Words used in this file
    T, B, H      timesteps, sequences, hidden units
    cell         where the reset gate acts (``variant.GRUParts``), known while the kernel is compiled
    a            pre-activations (3H,) of one timestep, in the order r, z, n
    r, z, n      reset gate, update gate, candidate
    hn           what h before tells the candidate: weight_hn h + bias_hn, or weight_hn (r h) + bias_hn
    h            hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    v, dv        values and gradients of one block of units, as the equations name them
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    hold         what is held of one block of units (``holding``)
    work         ``gru.Forward`` or ``gru.Backward``, or the same for a reset gate before the product
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from types import SimpleNamespace

from lstmviz.engine import equations
from lstmviz.engine.functions import sigmoid, tanh
from lstmviz.engine.held_kernels import held_here
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import inlined, kernel
from lstmviz.engine.products import gate_sums, inputs_back, multiply_back, write_inputs
from lstmviz.engine.scaled_kernels import arrive, forget, multiply_by_parts, power_in_parts
from lstmviz.engine.simd import lanes_of, load, pointers, store
from lstmviz.engine.staged import staged

# ----------------------------------------------------------------------------- forward


@kernel
def forward(tape, work, size, cell):
    """Fill the tape; h[0] and x are there."""
    tape, work, width, bias = pointers(tape), pointers(work), lanes_of(tape.x), size.start - 1
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, width):
            for b in range(size.begin, size.end, ROWS):
                count, from_x, from_h, n = min(ROWS, size.end - b), work.from_x, work.from_h, size.inputs + 1
                for row in range(count):
                    store(work.sums, (4 * row + 3) * width, width, load(work.sums, 0, 0))
                gate_sums(False, work.sums, 0, 4, work.rows, bias + 1 - n, n, from_x, 3, size, j, t, b, count)
                gate_sums(True, work.sums, 1, 4, work.rows, bias, 1 + size.hidden, from_h, 3, size, j, t, b, count)
                for row in range(count):
                    _units(tape, work, size, cell, t, b + row, row, j)


@kernel
def forward_before(tape, work, size, cell):
    """The same where r h goes into the product: gates first, of all units, then the candidate."""
    tape, work, width, bias = pointers(tape), pointers(work), lanes_of(tape.x), size.start - 1
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, width):
            for b in range(size.begin, size.end, ROWS):
                count, from_x, from_h, n = min(ROWS, size.end - b), work.from_x, work.from_h, size.inputs + 1
                gate_sums(False, work.sums, 0, 4, work.rows, bias + 1 - n, n, from_x, 3, size, j, t, b, count)
                gate_sums(True, work.sums, 1, 4, work.rows, bias, 1 + size.hidden, from_h, 2, size, j, t, b, count)
                for row in range(count):
                    _gates_first(tape, work, size, cell, t, b + row, row, j)
        for j in range(0, size.hidden, width):
            for b in range(size.begin, size.end, ROWS):
                count, from_rh = min(ROWS, size.end - b), work.from_rh
                gate_sums(False, work.sums, 3, 4, work.rh, bias, 1 + size.hidden, from_rh, 1, size, j, 0, b, count)
                for row in range(count):
                    _state_then(tape, work, size, cell, t, b + row, row, j)


@staged
def _units(tape, work, size, cell, t, b, row, j):
    """One block of units of one sequence, from one row of the sums."""
    v, hold = _sums(work, size, t, b, row, j), held_here(work.held, "gru", size, t, b, j)
    equations.gru_forward_gates(v, cell, equations.Functions(sigmoid, tanh), hold)
    equations.gru_forward_state(v, cell, equations.Functions(sigmoid, tanh), hold)
    _record_gates(tape, size, v, t, b, j)
    _record_state(tape, work, size, v, t, b, j)


@staged
def _gates_first(tape, work, size, cell, t, b, row, j):
    """The gates of one block of units, and r h; the place of a_n keeps what it will be added to."""
    v, hold = _sums(work, size, t, b, row, j), held_here(work.held, "gru", size, t, b, j)
    equations.gru_forward_gates(v, cell, equations.Functions(sigmoid, tanh), hold)
    store(work.rh, b * size.row + size.start + j, lanes_of(tape.x), v.rh)
    _record_gates(tape, size, v, t, b, j)
    store(tape.a, ((t * size.sequences + b) * 3 + 2) * size.hidden + j, size.hidden - j, v.sum_n)


@staged
def _state_then(tape, work, size, cell, t, b, row, j):
    """The candidate and the hidden state of the same block."""
    v, at, n = _sums(work, size, t, b, row, j), t * size.sequences + b, size.hidden - j
    v.z = load(tape.z, at * size.hidden + j, n)
    v.sum_n = load(tape.a, (at * 3 + 2) * size.hidden + j, n)
    hold = held_here(work.held, "gru", size, t, b, j)
    equations.gru_forward_state(v, cell, equations.Functions(sigmoid, tanh), hold)
    _record_state(tape, work, size, v, t, b, j)


@staged
def _sums(work, size, t, b, row, j):
    """What the products of one block gave, and h before."""
    width = lanes_of(work.rows)
    sum_n, sum_r, sum_z, hn = (load(work.sums, (4 * row + k) * width, width) for k in range(4))
    h_before = load(work.rows, (t % 2 * size.sequences + b) * size.row + size.start + j, width)
    return SimpleNamespace(sum_n=sum_n, sum_r=sum_r, sum_z=sum_z, hn=hn, h_before=h_before)


@staged
def _record_gates(tape, size, v, t, b, j):
    row, H, n = t * size.sequences + b, size.hidden, size.hidden - j
    store(tape.a, 3 * row * H + j, n, v.a_r)
    store(tape.a, (3 * row + 1) * H + j, n, v.a_z)
    store(tape.r, row * H + j, n, v.r)
    store(tape.z, row * H + j, n, v.z)


@staged
def _record_state(tape, work, size, v, t, b, j):
    row, H, n = t * size.sequences + b, size.hidden, size.hidden - j
    store(work.rows, ((t + 1) % 2 * size.sequences + b) * size.row + size.start + j, lanes_of(tape.x), v.h)
    store(tape.a, (3 * row + 2) * H + j, n, v.a_n)
    store(tape.n, row * H + j, n, v.n)
    store(tape.hn, row * H + j, n, v.hn)
    store(tape.h, (row + size.sequences) * H + j, n, v.h)


# ----------------------------------------------------------------------------- backward


@kernel
def backward(d, tape, d_h_loss, work, room, size, cell, window):
    """Fill d but for the weights."""
    d, tape, work, units = pointers(d), pointers(tape), pointers(work), size.padded
    n, row, carried = 3 * units, 4 * units, size.carried
    for t in range(size.timesteps, -1, -1):
        for b in range(size.begin, size.end):
            arrive(d.h, d.log10_h, d_h_loss, work, room, size, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _units_back(d, tape, work, size, cell, t - 1, b, j)
        if t > 0:
            multiply_back(
                True, work.carried, 0, carried, work.d_sums, 0, row, work.weight_hh, n, size.wide_hh, carried, size
            )
            _finish(d, work, size, t, n)
        for b in range(size.begin, size.end):
            _leave(d, work, size, t, b, window)


@kernel
def backward_before(d, tape, d_h_loss, work, room, size, cell, window):
    """The same where r h goes into the product: from the candidate through its weights, then on."""
    d, tape, work, units = pointers(d), pointers(tape), pointers(work), size.padded
    n, row, carried, wide = 2 * units, 4 * units, size.carried, size.wide_hh
    for t in range(size.timesteps, -1, -1):
        for b in range(size.begin, size.end):
            arrive(d.h, d.log10_h, d_h_loss, work, room, size, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _state_back(d, tape, work, size, cell, t - 1, b, j)
        if t > 0:
            hn = work.weight_hn
            multiply_back(False, work.d_rh, 0, carried, work.d_sums, 0, row, hn, units, wide, carried, size)
            for b in range(size.begin, size.end):
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _gates_back(d, tape, work, size, cell, t - 1, b, j)
            hh = work.weight_hh
            multiply_back(True, work.carried, 0, carried, work.d_sums, units, row, hh, n, wide, carried, size)
            _finish(d, work, size, t, 3 * units)
        for b in range(size.begin, size.end):
            _leave(d, work, size, t, b, window)


@inlined
def _finish(d, work, size, t, n):
    """From the pre-activations to the input, for all sequences."""
    inputs_back(d.x, work, work.d_sums, size.padded, 4 * size.padded, n, size, t - 1)


@inlined
def _leave(d, work, size, t, b, window):
    """Give one timestep of one sequence its true values, and let nothing go back past a window."""
    if work.exponent[b] != 0:
        _make_true(d, size, t, b, work.exponent[b])
    if window > 0 and t > 1 and (t - 1) % window == 0:
        forget(work.carried, b * size.carried, size.carried)
        work.exponent[b] = 0


@staged
def _units_back(d, tape, work, size, cell, t, b, j):
    """From d_h to the gates and pre-activations that made it; leaves in d_h what passes the update gate."""
    v, dv, hold = _recalled(tape, work, size, t, b, j)
    equations.gru_backward_state(v, dv, cell, hold)
    equations.gru_backward_gates(v, dv, cell, hold)
    _record_state_back(d, work, size, dv, t, b, j)
    _record_gates_back(d, work, size, dv, t, b, j)


@staged
def _state_back(d, tape, work, size, cell, t, b, j):
    """From d_h to the candidate and the update gate."""
    v, dv, hold = _recalled(tape, work, size, t, b, j)
    equations.gru_backward_state(v, dv, cell, hold)
    _record_state_back(d, work, size, dv, t, b, j)


@staged
def _gates_back(d, tape, work, size, cell, t, b, j):
    """From there to the reset gate; leaves in d_h what did not go through weights of r and z."""
    v, dv, hold = _recalled(tape, work, size, t, b, j)
    dv.rh = load(work.d_rh, b * size.carried + j, size.hidden - j)
    equations.gru_backward_gates(v, dv, cell, hold)
    _record_gates_back(d, work, size, dv, t, b, j)


@staged
def _recalled(tape, work, size, t, b, j):
    """Values of one block of units, d_h, and what is held."""
    at, n = (t * size.sequences + b) * size.hidden + j, size.hidden - j
    v = SimpleNamespace(h_before=load(tape.h, at, n))
    for name in ("r", "z", "n", "hn"):
        setattr(v, name, load(getattr(tape, name), at, n))
    dv = SimpleNamespace(h=load(work.carried, b * size.carried + j, n))
    return v, dv, held_here(work.held, "gru", size, t, b, j)


@staged
def _record_state_back(d, work, size, dv, t, b, j):
    row, H, n, width = t * size.sequences + b, size.hidden, size.hidden - j, lanes_of(d.x)
    for k, value in ((0, dv.hn), (2, dv.a_z), (3, dv.a_n)):
        store(work.d_sums, (4 * b + k) * size.padded + j, width, value)
    for name in ("z", "n", "hn"):
        store(getattr(d, name), row * H + j, n, getattr(dv, name))
    store(d.a, (3 * row + 1) * H + j, n, dv.a_z)
    store(d.a, (3 * row + 2) * H + j, n, dv.a_n)


@staged
def _record_gates_back(d, work, size, dv, t, b, j):
    row, H, n, width = t * size.sequences + b, size.hidden, size.hidden - j, lanes_of(d.x)
    store(work.carried, b * size.carried + j, width, dv.h_before)
    store(work.d_sums, (4 * b + 1) * size.padded + j, width, dv.a_r)
    store(d.r, row * H + j, n, dv.r)
    store(d.a, 3 * row * H + j, n, dv.a_r)


@kernel
def _make_true(d, size, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for; those of x keep their exponent."""
    H, at = size.hidden, (t * size.sequences + b) * size.hidden
    p, q = power_in_parts(exponent, d.h)
    multiply_by_parts(d.h, at, H, p, q)
    if t > 0:
        before = at - size.sequences * H
        for row in (d.r, d.z, d.n, d.hn):
            multiply_by_parts(row, before, H, p, q)
        multiply_by_parts(d.a, 3 * before, 3 * H, p, q)
