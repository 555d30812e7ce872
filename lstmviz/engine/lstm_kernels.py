"""What the LSTM and its family do in every timestep, forward and backward, with the equations of ``equations``.

Words used in this file
    T, B, H      timesteps, sequences, hidden units
    cell         which parts the LSTM has (``variant.LSTMParts``), known while the kernel is compiled
    z            pre-activations of one timestep, in the order i, f, g, o: as many ``blocks`` of H as there are
    i, f, g, o   input gate, forget gate, candidate, output gate
    c, h         cell state, hidden state; row 0 is before the first timestep
    d, d_<name>  dLoss/d<name>
    v, dv        values and gradients of one block of units, as the equations name them
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    seen         what is seen of the timestep before: h, and the gates i, f, o if they are fed back
    carried      (B, ...) mantissas of d_c, padded, and of d of what is seen, at the timestep at hand (``scaled``)
    hold         what is held of one block of units (``holding``)
    work         ``lstm.Forward`` or ``lstm.Backward``
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from types import SimpleNamespace

from lstmviz.engine import equations
from lstmviz.engine.functions import sigmoid, tanh
from lstmviz.engine.held_kernels import held_here
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import inlined, kernel
from lstmviz.engine.products import gate_sums, inputs_back, multiply_back, write_inputs
from lstmviz.engine.scaled_kernels import (
    add_loss,
    forget,
    is_ordinary,
    keep_in_range,
    log10_norm,
    multiply_by_parts,
    power_in_parts,
    sum_of_squares,
)
from lstmviz.engine.simd import lanes_of, load, multiply_add, pointers, store
from lstmviz.engine.staged import staged


@kernel
def forward(tape, work, size, cell, blocks, n):
    """Fill the tape; h[0], c[0] and x are there."""
    tape, work, first = pointers(tape), pointers(work), size.start - 1 - size.inputs
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, lanes_of(tape.x)):
            for b in range(size.begin, size.end, ROWS):
                count = min(ROWS, size.end - b)
                gate_sums(False, work.sums, 0, blocks, work.rows, first, n, work.weights, blocks, size, j, t, b, count)
                for r in range(count):
                    _units(tape, work, size, cell, t, b + r, r, j)


@staged
def _units(tape, work, size, cell, t, b, r, j):
    """One block of units of one sequence, from row r of the sums."""
    H, B, width, n, blocks = size.hidden, size.sequences, lanes_of(tape.x), size.hidden - j, len(cell.blocks)
    v = SimpleNamespace(c_before=load(work.c, b * size.padded + j, width), one=load(work.c, 0, 0) + 1.0)
    for k, name in enumerate(cell.blocks):
        setattr(v, "sum_" + name, load(work.sums, (r * blocks + k) * width, width))
    if cell.peepholes:
        v.p_i, v.p_f, v.p_o = (load(work.c, (B + k) * size.padded + j, width) for k in range(3))
    hold = held_here(work.held, "lstm", size, t, b, j)
    if work.held is not None:
        v.h_before = load(work.rows, (t % 2 * B + b) * size.row + size.start + j, width)
    equations.lstm_forward(v, cell, equations.Functions(sigmoid, tanh), hold)
    store(work.c, b * size.padded + j, width, v.c)
    seen = ((t + 1) % 2 * B + b) * size.row + size.start + j
    for k, value in enumerate((v.h, v.i, v.f, v.o) if cell.gate_recurrence else (v.h,)):
        store(work.rows, seen + k * size.padded, width, value)

    at = (t * B + b) * H + j
    for k, name in enumerate(cell.blocks):
        store(tape.z, blocks * (at - j) + k * H + j, n, getattr(v, "z_" + name))
    for name in ("i", "f", "g", "o", "tanh_c"):
        store(getattr(tape, name), at, n, getattr(v, name))
    store(tape.c, at + B * H, n, v.c)
    store(tape.h, at + B * H, n, v.h)


@kernel
def backward(d, tape, d_h_loss, work, room, size, cell, blocks, window, truncated):
    """Fill d but for the weights."""
    d, tape, work = pointers(d), pointers(tape), pointers(work)
    units, n, columns, onto = size.padded, blocks * size.padded, size.carried - size.padded, work.held is not None
    for t in range(size.timesteps, -1, -1):
        for b in range(size.begin, size.end):
            _arrive(d, tape, d_h_loss, work, room, size, cell, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _gates(d, tape, work, size, cell, t - 1, b, j)
        if t > 0:
            if not truncated:
                row, weights, wide = size.carried, work.weight_hh, size.wide_hh
                multiply_back(onto, work.carried, units, row, work.d_z, 0, n, weights, n, wide, columns, size)
            inputs_back(d.x, work, work.d_z, 0, n, n, size, t - 1)
        for b in range(size.begin, size.end):
            if work.exponent[b] != 0:
                _make_true(d, size, t, b, work.exponent[b], blocks)
        detached = window > 0 and t > 1 and (t - 1) % window == 0
        if detached or (truncated and not onto):  # what is held has let go by itself
            for b in range(size.begin, size.end):
                _let_go(work, size, b, detached)


@kernel
def _let_go(work, size, b, whole):
    """Carry nothing on, or d_c alone."""
    forget(work.carried, b * size.carried + size.padded, size.carried - size.padded)
    if whole:
        forget(work.carried, b * size.carried, size.padded)
        work.exponent[b] = 0


@inlined
def _arrive(d, tape, d_h_loss, work, room, size, cell, t, b):
    """Complete d_h and d_c of one sequence after timestep t, keep them in range, and record them."""
    H, c_at, exponent, row = size.hidden, b * size.carried, work.exponent[b], t * size.sequences + b
    h_at, before = c_at + size.padded, row - size.sequences
    if t > 0:
        given, loss_at = work.loss_exponent[before], before * H
        exponent = add_loss(work.carried, c_at, size.carried, h_at, exponent, d_h_loss, loss_at, H, given, room)
        for j in range(0, H, lanes_of(tape.x)):
            _into_c(tape, work, size, cell, t - 1, b, j)
    squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    if t > 0 and not is_ordinary(squares_h + squares_c, room):
        exponent = keep_in_range(work.carried, c_at, size.carried, exponent, room)
        squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    work.exponent[b] = exponent
    d.log10_h[row] = log10_norm(squares_h, work.carried, h_at, H, exponent)
    d.log10_c[row] = log10_norm(squares_c, work.carried, c_at, H, exponent)
    for j in range(0, H, lanes_of(tape.x)):
        _record(d, work, size, row * H + j, b, j)


@staged
def _record(d, work, size, at, b, j):
    """Note d_h and d_c of one block of units."""
    c_at, n = b * size.carried + j, size.hidden - j
    store(d.c, at, n, load(work.carried, c_at, n))
    store(d.h, at, n, load(work.carried, c_at + size.padded, n))


@staged
def _recalled(tape, work, size, cell, t, b, j):
    """Values of one block of units, and what is carried to it beside d_c."""
    H, units, n, c_at = size.hidden, size.padded, size.hidden - j, b * size.carried + j
    at = (t * size.sequences + b) * H + j
    v = SimpleNamespace(c_before=load(tape.c, at, n))
    for name in ("i", "f", "g", "o", "tanh_c"):
        setattr(v, name, load(getattr(tape, name), at, n))
    if cell.peepholes:
        v.p_i, v.p_f, v.p_o = (load(work.d_z, (4 * size.sequences + k) * units + j, n) for k in (0, 1, 3))
    dv = SimpleNamespace(h=load(work.carried, c_at + units, n))
    if cell.gate_recurrence:
        dv.i_after, dv.f_after, dv.o_after = (load(work.carried, c_at + k * units, n) for k in (2, 3, 4))
    return v, dv


@staged
def _into_c(tape, work, size, cell, t, b, j):
    """Complete d_c of one block of units."""
    v, dv = _recalled(tape, work, size, cell, t, b, j)
    hold = held_here(work.held, "lstm", size, t, b, j)
    dv.c_after = load(work.carried, b * size.carried + j, size.hidden - j)
    equations.lstm_backward_output(v, dv, cell, hold)
    equations.lstm_backward_state(v, dv, cell, hold)
    store(work.carried, b * size.carried + j, lanes_of(tape.x), dv.c)


@staged
def _gates(d, tape, work, size, cell, t, b, j):
    """From d_h and d_c to the gates and pre-activations that made them, and on to the d_c before."""
    H, n, blocks, c_at = size.hidden, size.hidden - j, len(cell.blocks), b * size.carried + j
    v, dv = _recalled(tape, work, size, cell, t, b, j)
    dv.c = load(work.carried, c_at, n)
    hold = held_here(work.held, "lstm", size, t, b, j)
    equations.lstm_backward_output(v, dv, cell, hold)
    equations.lstm_backward_cell(v, dv, cell, hold)
    store(work.carried, c_at, lanes_of(tape.x), dv.c_before)
    if work.held is not None:
        equations.backward_frozen(dv, hold)
        store(work.carried, c_at + size.padded, lanes_of(tape.x), dv.h_before)
        for k in (2, 3, 4) if cell.gate_recurrence else ():
            store(work.carried, c_at + k * size.padded, lanes_of(tape.x), load(work.carried, 0, 0))
    at = (t * size.sequences + b) * H + j
    for name in ("i", "f", "g", "o"):
        store(getattr(d, name), at, n, getattr(dv, name))
    for k, name in enumerate(cell.blocks):
        store(work.d_z, (blocks * b + k) * size.padded + j, lanes_of(tape.x), getattr(dv, "z_" + name))
        store(d.z, blocks * (at - j) + k * H + j, n, getattr(dv, "z_" + name))


@kernel
def _make_true(d, size, t, b, exponent, blocks):
    """Turn the mantissas written for one timestep into the values they stand for; those of x keep their exponent."""
    H, at = size.hidden, (t * size.sequences + b) * size.hidden
    p, q = power_in_parts(exponent, d.h)
    multiply_by_parts(d.h, at, H, p, q)
    multiply_by_parts(d.c, at, H, p, q)
    if t > 0:
        before = at - size.sequences * H
        for gate in (d.i, d.f, d.g, d.o):
            multiply_by_parts(gate, before, H, p, q)
        multiply_by_parts(d.z, blocks * before, blocks * H, p, q)


@kernel
def peephole_gradient(d_peephole, d_z, c):
    """Sum, over all timesteps and sequences, what each gate says about the cell state it sees."""
    # d_peephole (3H,), d_z (T, B, 4H), c (T + 1, B, H)
    rows, B, H = d_z.shape[0] * d_z.shape[1], c.shape[1], c.shape[2]
    for j in range(0, H, lanes_of(c)):
        n = H - j
        i = f = o = load(c, 0, 0)
        for s in range(rows):
            before, after = load(c, s * H + j, n), load(c, (s + B) * H + j, n)
            i = multiply_add(load(d_z, 4 * s * H + j, n), before, i)
            f = multiply_add(load(d_z, (4 * s + 1) * H + j, n), before, f)
            o = multiply_add(load(d_z, (4 * s + 3) * H + j, n), after, o)
        store(d_peephole, j, n, i)
        store(d_peephole, H + j, n, f)
        store(d_peephole, 2 * H + j, n, o)
