"""What is held in a trace, and what the analysis says of it: Jacobians, bounds, paths and counterfactuals stay true."""

import numpy as np
import pytest

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.engine.variant import HELD, HOLDS, STATES
from lstmviz.files import BadInput
from lstmviz.lab.counterfactual import counterfactual
from lstmviz.lab.jacobian import jacobian_map, jacobian_row
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.path_split import path_split
from lstmviz.lab.readiness import forms_of
from lstmviz.lab.settings import Settings
from lstmviz.lab.spectrum import cell_path_exponents, log10_bound, lyapunov, timestep_spectrum
from lstmviz.lab.stack import Stack
from lstmviz.lab.trace import trace

T, B, INPUTS, H = 8, 2, 2, 4
NETWORKS = {
    "rnn": lambda: VanillaRNN(INPUTS, H, gain=2.0),
    "relu": lambda: VanillaRNN(INPUTS, H, activation="relu", initialisation="identity"),
    "lstm": lambda: LSTM(INPUTS, H, gain=2.0, seed=5),
    "cifg": lambda: LSTM(INPUTS, H, variant="cifg", gain=2.0),
    "nog": lambda: LSTM(INPUTS, H, variant="nog", gain=2.0),
    "peephole": lambda: LSTM(INPUTS, H, variant="peephole", gain=2.0),
    "gru": lambda: GRU(INPUTS, H, gain=2.0),
}
every_network = pytest.mark.parametrize("kind", NETWORKS)
SPLIT = [kind for kind in NETWORKS if kind != "peephole"]


def some_held(network, share: float = 0.15, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    held = np.full((len(HELD[network.cell]), T, B, network.hidden), np.nan)
    here = rng.random(held.shape) < share
    held[here] = rng.normal(size=np.count_nonzero(here)) / 2
    for values, name in zip(held, HELD[network.cell], strict=True):
        if name in STATES:
            values[rng.random(values.shape) < share] = np.inf
    return held


def frozen(network, first: int, last: int) -> np.ndarray:
    """All states of these timesteps, counted from 1."""
    held = np.full((len(HELD[network.cell]), T, B, network.hidden), np.nan)
    for values, name in zip(held, HELD[network.cell], strict=True):
        if name in STATES:
            values[first - 1 : last] = np.inf
    return held


def traced(kind: str, loss: str = "all", **options):
    network, rng = NETWORKS[kind](), np.random.default_rng(3)
    x, weight = rng.normal(size=(T, B, INPUTS)), rng.normal(size=(T, B, H))
    options.setdefault("held", some_held(network))
    return trace(network, x, loss=loss, loss_weight=weight, engine="reference", **options)


def by_nudging(found, end: str, by: str, t: int) -> np.ndarray:
    """Frobenius norm, for the second sequence, of d end_T / d by_t: two runs from there for each unit."""
    network, tape, after = found.network, found.tape, found.held[:, t:]
    starts = {"h": tape.h[t]} | ({"c": tape.c[t]} if network.cell == "lstm" else {})
    columns = []
    for unit in range(H):
        ends = []
        for sign in (1, -1):
            moved = {name: np.array(state) for name, state in starts.items()}
            moved[by][1, unit] += sign * 1e-6
            run = network.forward(tape.x[t:], moved["h"], moved.get("c"), "reference", held=after)
            ends.append(getattr(run, end)[-1, 1])
        columns.append((ends[0] - ends[1]) / 2e-6)
    return np.linalg.norm(columns)


@every_network
@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_jacobians_agree_with_finite_differences_while_something_is_held(kind, engine):
    found = traced(kind)
    for end in "hc" if found.network.cell == "lstm" else "h":
        row = jacobian_row(found, sequence=1, end=end, engine=engine)
        for t in range(T):
            expected = by_nudging(found, end, "h", t)
            np.testing.assert_allclose(10 ** row.log10_h[t], expected, rtol=1e-6, atol=1e-9)
        if row.log10_c is not None:  # later on c also acts through the h of its own timestep
            np.testing.assert_allclose(10 ** row.log10_c[0], by_nudging(found, end, "c", 0), rtol=1e-6, atol=1e-9)


@every_network
@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_map_row_bound_and_spectra_fit_together_while_something_is_held(kind, engine):
    found = traced(kind)
    row, whole = jacobian_row(found, engine=engine), jacobian_map(found, engine=engine)
    np.testing.assert_allclose(10 ** whole.log10_h[-1], 10**row.log10_h, rtol=1e-9, atol=1e-12)
    spectral = jacobian_row(found, norm="spectral", engine=engine).log10_h
    assert np.all(log10_bound(found) >= spectral - 1e-12)
    states = 2 * H if found.network.cell == "lstm" else H
    assert timestep_spectrum(found, 3).eigenvalues.shape == lyapunov(found).exponents.shape == (states,)


@every_network
def test_the_jacobian_of_a_timestep_with_all_states_frozen_is_the_identity(kind):
    network = NETWORKS[kind]()
    found = traced(kind, held=frozen(network, 3, 5))
    for t in (3, 4, 5):
        one = timestep_spectrum(found, t)
        np.testing.assert_array_equal(one.eigenvalues, 1.0)
        np.testing.assert_array_equal(one.singular_values, 1.0)
    row = jacobian_row(found)
    np.testing.assert_array_equal(row.log10_h[2:6], row.log10_h[5])
    bound = log10_bound(found)
    np.testing.assert_array_equal(bound[2:6], bound[5])


@pytest.mark.parametrize("kind", SPLIT)
@pytest.mark.parametrize("loss", ["last", "all"])
def test_the_parts_by_path_add_up_while_something_is_held(kind, loss):
    found = traced(kind, loss)
    split = path_split(found)
    np.testing.assert_allclose(split.h.parts.sum(axis=0), found.gradients.h, rtol=1e-11, atol=1e-15)
    if split.c is not None:
        np.testing.assert_allclose(split.c.parts.sum(axis=0), found.gradients.c, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("kind", SPLIT)
def test_through_a_frozen_span_everything_comes_straight_along_the_state(kind):
    network = NETWORKS[kind]()
    found = traced(kind, "last", held=frozen(network, 3, 5))
    split = path_split(found)
    assert "h" in split.h.ways
    for t in (2, 3, 4):
        np.testing.assert_allclose(split.h.part("h")[t], found.gradients.h[5], rtol=1e-12)
        for gate in set(split.h.ways) - {"h"}:
            assert np.all(split.h.part(gate)[t] == 0)


def test_what_never_went_through_a_weight_passes_a_frozen_span_too():
    cut = NETWORKS["lstm"]()
    cut = cut.with_parameters(cut.parameters._replace(weight_hh=np.zeros_like(cut.parameters.weight_hh)))
    rng = np.random.default_rng(3)
    held = frozen(cut, 6, T)  # h_5 is what the loss sees
    found = trace(cut, rng.normal(size=(T, B, INPUTS)), held=held, engine="reference")
    split = path_split(found)
    np.testing.assert_allclose(split.unbroken_share[:6], 1.0, rtol=1e-12)
    np.testing.assert_allclose(split.log10_unbroken, found.gradients.log10_c, rtol=1e-12)


@every_network
def test_a_small_counterfactual_input_does_what_the_gradient_predicted_while_something_is_held(kind):
    found = traced(kind)
    x = np.array(found.tape.x)
    x[2] += 1e-6
    other = counterfactual(found, x, engine="reference")
    np.testing.assert_allclose(other.forecast_loss_change, other.true_loss_change, rtol=1e-4)
    np.testing.assert_allclose(other.forecast_h_change, other.true_h_change, rtol=1e-3, atol=1e-12)


def test_the_cell_path_ends_where_the_cell_state_is_held_and_passes_where_it_is_frozen():
    network = NETWORKS["lstm"]()
    held = np.full((6, T, B, H), np.nan)
    held[4, 3:5] = np.inf
    whole = traced("lstm", "last", held=held)
    path = whole.flow.log10_cell_path
    np.testing.assert_array_equal(path[3:6], path[5])
    assert np.all(np.isfinite(path)) and path[2] < path[3]
    held[4, 3] = 0.5
    found = traced("lstm", "last", held=held)
    assert np.all(found.flow.log10_cell_path[:4] == -np.inf) and np.all(np.isfinite(found.flow.log10_cell_path[4:]))
    assert np.all(cell_path_exponents(found) == -np.inf) and np.all(cell_path_exponents(whole) > -np.inf)
    assert found.network.hidden == network.hidden


def test_a_forget_gate_held_below_zero_turns_the_sign_and_its_size_counts_on_the_cell_path():
    held = np.full((6, T, B, H), np.nan)
    paths = []
    for value in (0.5, -0.5):
        held[1, 3] = value
        found = traced("lstm", "last", held=held)
        d_c, f = found.gradients.c[-1], np.prod(found.tape.f, axis=0)
        expected = np.log10(np.linalg.norm(d_c * f, axis=1)).mean()
        np.testing.assert_allclose(found.flow.log10_cell_path[0], expected, rtol=1e-12)
        paths.append(cell_path_exponents(found))
    assert np.all(np.isfinite(paths))


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_the_bound_of_the_vanilla_rnn_stays_one_while_something_is_held(share):
    network = VanillaRNN(INPUTS, H, initialisation="orthogonal", gain=0.5)
    rng = np.random.default_rng(0)
    for seed in range(5):
        held = some_held(network, share, seed)
        found = trace(network, rng.normal(size=(T, B, INPUTS)), loss_weight=rng.normal(size=(T, B, H)), held=held)
        flow = found.flow
        assert np.all(flow.log10_bound >= flow.log10_h - 1e-12)
    every = trace(network, np.zeros((T, B, INPUTS)), held=frozen(network, 3, 5)).flow.log10_bound
    np.testing.assert_array_equal(every[2:6], every[5])
    assert every[1] == pytest.approx(every[2] + np.log10(0.5))


def test_of_a_stack_the_drawn_cell_is_held():
    stack, rng = Stack.of(LSTM, INPUTS, H, layers=2, bidirectional=True), np.random.default_rng(0)
    x, held = rng.normal(size=(T, B, INPUTS)), some_held(stack)
    free, found = (trace(stack, x, held=given, engine="reference") for given in (None, held))
    assert found.top.held is not None and free.top.held is None
    values = held[HELD["lstm"].index("f")]
    here = np.isfinite(values)
    np.testing.assert_array_equal(found.top.tape.f[here], values[here])
    np.testing.assert_array_equal(found.cells[0][0].tape.h, free.cells[0][0].tape.h)
    np.testing.assert_array_equal(found.cells[1][1].tape.h, free.cells[1][1].tape.h)
    assert all(one.held is None for one in (*found.cells[0], found.cells[1][1]))
    moved = np.array(x)
    moved[1, 0, 0] += 1e-6
    change = trace(stack, moved, held=held, engine="reference").loss - found.loss
    assert change == pytest.approx(1e-6 * found.gradients.x[1, 0, 0], rel=1e-4)


def test_a_readout_sees_what_is_held():
    network, rng = NETWORKS["gru"](), np.random.default_rng(0)
    held = np.full((4, T, B, H), np.nan)
    held[3, -1] = 0.25
    readout = ReadoutParameters(rng.normal(size=(2, H)), np.zeros(2))
    found = trace(network, rng.normal(size=(T, B, INPUTS)), readout=readout, targets=np.array([0, 1]), held=held)
    np.testing.assert_allclose(found.answer.outputs, np.tile(0.25 * readout.weight.sum(axis=1), (2, 1)))
    assert np.all(found.gradients.x == 0) and np.all(found.gradients.h[-1] != 0)


def test_a_trace_keeps_a_copy_of_what_was_held_and_saves_it(tmp_path):
    network = NETWORKS["rnn"]()
    held = some_held(network)
    found = trace(network, np.ones((T, B, INPUTS)), held=held)
    held[:] = 0
    assert not found.held.flags.writeable and np.isnan(found.held).any()
    found.save(tmp_path / "held.npz")
    with np.load(tmp_path / "held.npz") as saved:
        np.testing.assert_array_equal(saved["held"], found.held)
    assert "held" not in trace(network, np.ones((T, B, INPUTS))).arrays()


@pytest.mark.parametrize(
    ("held", "line"),
    [
        (np.zeros((1, T, B, H)), r"^trace: held: shape 1x8x2x4 does not fit \(needs 6x8x2x4\)$"),
        (
            np.full((6, T, B, H), np.inf),
            r"^trace: held: infinity cannot be held \(a number, nan; inf freezes a state\)$",
        ),
        (np.full((6, T, B, H), -np.inf), r"^trace: held: infinity cannot be held"),
        (np.array(["a"]), r"^trace: held: these are no numbers"),
    ],
)
def test_what_cannot_be_held_is_refused_in_one_line(held, line):
    with pytest.raises(BadInput, match=line):
        trace(LSTM(INPUTS, H), np.ones((T, B, INPUTS)), held=held)


def test_the_forms_to_compile_are_those_of_the_cells_that_are_held():
    settings = Settings(cells=("rnn", "lstm"), variant="cifg")
    assert forms_of(settings) == ("rnn", "lstm/cifg")
    assert forms_of(settings, held=("lstm", "gru")) == ("rnn", "lstm/cifg", f"lstm/cifg{HOLDS}")
