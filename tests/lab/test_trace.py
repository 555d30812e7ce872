"""Traces: names and numbers as PyTorch's, saved and exported whole, and NaN located."""

import csv

import numpy as np
import pytest

from lstmviz.files import BadInput, read_npz
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.readout import new_readout
from lstmviz.lab.trace import trace
from lstmviz.lab.weights import network_from_tensors
from tests.sources import ROOT

REFERENCE = ROOT / "tests" / "data"
WEIGHTS = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}


def example(cell=LSTM, timesteps=6, sequences=2, **options):
    x = np.random.default_rng(0).normal(size=(timesteps, sequences, 3))
    return cell(3, 4, **options), x


@pytest.mark.parametrize("loss", ["last", "all"])
@pytest.mark.parametrize("name", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_every_array_agrees_with_pytorch(name, loss, engine):
    expected = dict(np.load(REFERENCE / f"{name}_{loss}.npz"))
    network = network_from_tensors(
        {key: expected[key] for key in WEIGHTS}, "net.npz", activation="relu" if "relu" in name else "tanh"
    )
    found = trace(network, expected["x"], loss=loss, loss_weight=expected["loss_weight"], engine=engine).arrays()
    assert set(expected) <= set(found)
    for key in set(expected) - WEIGHTS - {"loss_weight"}:
        np.testing.assert_allclose(found[key], expected[key], rtol=1e-12, atol=1e-13, err_msg=key)
        assert found[key].shape == expected[key].shape


@pytest.mark.parametrize("cell", [LSTM, GRU, VanillaRNN])
def test_the_gradient_of_a_readout_agrees_with_finite_differences(cell):
    network, x = example(cell)
    readout = new_readout(2, 4, seed=0)
    targets = np.array([0, 1])
    found = trace(network, x, readout=readout, targets=targets)
    for place in [(0, 1), (3, 2)]:
        rise = []
        for nudge in (1e-6, -1e-6):
            weight = network.parameters.weight_hh.copy()
            weight[place] += nudge
            other = network.with_parameters(network.parameters._replace(weight_hh=weight))
            rise.append(trace(other, x, readout=readout, targets=targets).loss)
        slope = (rise[0] - rise[1]) / 2e-6
        assert found.gradients.weight_hh[place] == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_asking_at_every_timestep_averages_over_all_of_them():
    network, x = example(sequences=1)
    readout = new_readout(1, 4, seed=0)
    found = trace(network, x, readout=readout, targets=np.zeros((1, 1)), loss="all")
    outputs = found.tape.h[1:, 0] @ readout.weight.T
    assert found.loss == pytest.approx(float(np.mean(outputs**2)))


def test_a_saved_trace_holds_the_same_bits(tmp_path):
    network, x = example()
    found = trace(network, x)
    found.save(tmp_path / "run.npz")
    kept = read_npz(tmp_path / "run.npz")
    for name, array in found.arrays().items():
        np.testing.assert_array_equal(kept[name], array)


def test_a_table_has_a_line_per_timestep_and_sequence(tmp_path):
    network, x = example()
    found = trace(network, x)
    found.to_csv(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert float(rows[5]["d_h_2"]) == found.gradients.h[3, 1, 1]
    assert float(rows[5]["f_4"]) == found.tape.f[2, 1, 3]


def test_a_trace_cannot_be_changed():
    network, x = example()
    with pytest.raises(ValueError, match="read-only"):
        trace(network, x).tape.h[0] = 1.0


@pytest.mark.parametrize(("t", "says"), [(2, "NaN first at t=2 in the input"), (5, "NaN first at t=5 in the input")])
def test_nan_in_the_input_is_located(t, says):
    network, x = example()
    x[t - 1, 0, 1] = np.nan
    assert trace(network, x).first_bad() == says


def test_infinity_is_located_in_the_quantity_that_made_it():
    x = np.ones((20, 1, 3))
    network = VanillaRNN(3, 4, activation="relu", initialisation="identity", gain=3)
    weight = 1e200 * np.ones((4, 4))
    grown = network.with_parameters(network.parameters._replace(weight_hh=weight, weight_ih=np.ones((4, 3))))
    assert trace(grown, x).first_bad() == "infinity first at t=3 in the pre-activation"


def test_a_sound_trace_has_nothing_to_locate():
    network, x = example()
    assert trace(network, x).first_bad() is None


@pytest.mark.parametrize(
    ("x", "options", "says"),
    [
        (np.zeros((5, 1, 2)), {}, "trace: x: shape 5x1x2 does not fit 3 inputs (needs (T, B, 3))"),
        (np.zeros((10_001, 1, 3)), {}, "trace: x: 10001 timesteps are too many (1 to 10000)"),
        (np.zeros((5, 1, 3)), {"loss": "first"}, "trace: loss: first is unknown (last, all)"),
        (
            np.zeros((5, 1, 3)),
            {"loss_weight": np.ones((5, 1, 3))},
            "trace: loss_weight: shape 5x1x3 does not fit the hidden states (needs 5x1x4)",
        ),
        (
            np.zeros((5, 1, 3)),
            {"targets": np.zeros(1, dtype=int)},
            "trace: readout: targets were given without a readout (give both or neither)",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(x, options, says):
    with pytest.raises(BadInput) as error:
        trace(LSTM(3, 4), x, **options)
    assert str(error.value) == says


def test_a_trace_over_the_cap_is_refused_before_it_is_allocated():
    with pytest.raises(BadInput, match="the trace needs"):
        trace(LSTM(3, 512), np.broadcast_to(0.0, (10_000, 1, 3)))


def test_a_notebook_shows_the_share_and_a_picture():
    network, x = example()
    found = trace(network, x)
    assert "this share reaches t = 1" in found._repr_html_()
    assert found._repr_png_().startswith(b"\x89PNG")


def test_float32_stays_float32_and_near_float64():
    network, x = example()
    half, _ = example(dtype="float32")
    small, whole = trace(half, x), trace(network, x)
    assert small.tape.h.dtype == np.float32
    np.testing.assert_allclose(small.gradients.weight_hh, whole.gradients.weight_hh, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"targets": [2]}, "trace: targets: a class is out of range (0 to 1)"),
        ({"targets": [-1]}, "trace: targets: a class is out of range (0 to 1)"),
        ({"targets": [0, 1]}, "trace: targets: shape 2 does not fit (needs 1)"),
        ({"targets": [0, 1], "loss": "all"}, "trace: targets: shape 2 does not fit (needs 1 or 3x1)"),
        ({"targets": [[0.5]]}, "trace: targets: shape 1x1 does not fit (needs 1x2)"),
        ({"targets": [0], "readout": new_readout(2, 5, 0)}, "trace: readout: 5 units do not fit the network (needs 4)"),
        ({"engine": "fast"}, "trace: engine: fast is unknown (auto, kernels, reference)"),
        ({"loss_weight": "ones"}, "trace: loss_weight: these are no numbers (an array of real numbers)"),
    ],
)
def test_targets_readouts_and_engines_that_do_not_fit_are_refused_in_one_line(options, says):
    network = LSTM(2, 4)
    with pytest.raises(BadInput) as caught:
        trace(network, np.ones((3, 1, 2)), **{"readout": new_readout(2, 4, 0)} | options)
    assert str(caught.value) == says


@pytest.mark.parametrize("x", [[["a", "b"]], [[1.0, 2.0], [3.0]], [[1j, 2.0]], None])
def test_an_input_of_no_numbers_is_refused_in_one_line(x):
    with pytest.raises(BadInput, match=r"trace: x: these are no numbers \(an array of real numbers\)"):
        trace(LSTM(2, 4), x)


def test_a_trace_is_shown_in_one_short_line():
    shown = repr(trace(LSTM(2, 4), np.ones((3, 1, 2))))
    assert shown.startswith("Trace(LSTM(inputs=2, hidden=4), timesteps=3, sequences=1, loss=")
    assert len(shown) < 100
