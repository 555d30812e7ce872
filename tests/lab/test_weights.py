"""Networks and inputs from files: PyTorch's names, sizes read from shapes, and one line for what does not fit."""

from pathlib import Path

import numpy as np
import pytest

from lstmviz.engine.variant import RESETS, VARIANTS
from lstmviz.files import BadInput, caps, csv_bytes, npy_bytes, npz_bytes, read_safetensors, safetensors_bytes
from lstmviz.lab.input_file import load_input, load_loss_weight
from lstmviz.lab.network import GRU, LSTM, Network, VanillaRNN
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.weights import (
    load_network,
    network_from_tensors,
    save_network,
    tensors_of_network,
)

DATA = Path(__file__).parent.parent / "data"
CELLS = {"lstm": LSTM, "gru": GRU, "rnn_tanh": VanillaRNN, "rnn_relu": VanillaRNN}
WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
Tensors = dict[str, np.ndarray]


def reference(cell: str, loss: str = "last") -> Tensors:
    with np.load(DATA / f"{cell}_{loss}.npz") as arrays:
        return dict(arrays)


def tensors(rows: int, hidden: int, inputs: int = 3, prefix: str = "", suffix: str = "_l0") -> Tensors:
    rng = np.random.default_rng(rows)
    shapes = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden), "bias_ih": (rows,), "bias_hh": (rows,)}
    return {f"{prefix}{name}{suffix}": rng.normal(size=shape) for name, shape in shapes.items()}


def cells_of(network: AnyNetwork) -> tuple[Network, ...]:
    return network.cells if isinstance(network, Stack) else (network,)


def activation_of(cell: str) -> str:
    return "relu" if cell.endswith("relu") else "tanh"


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("loss", ["last", "all"])
def test_the_reference_weights_give_the_reference_run(cell: str, loss: str) -> None:
    arrays = reference(cell, loss)
    network = load_network(DATA / f"{cell}_{loss}.npz", activation=activation_of(cell))
    assert isinstance(network, CELLS[cell])
    assert (network.inputs, network.hidden, network.dtype) == (4, 5, "float64")
    tape = network.forward(arrays["x"], engine="reference")
    np.testing.assert_allclose(tape.h, arrays["h"], rtol=0, atol=1e-12)
    d_h = arrays["loss_weight"].copy()
    if loss == "last":
        d_h[:-1] = 0
    gradients = network.backward(tape, d_h, engine="reference")
    np.testing.assert_allclose(gradients.h, arrays["d_h"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(gradients.bias, arrays["d_bias"], rtol=0, atol=1e-12)
    if cell == "gru":
        np.testing.assert_allclose(gradients.bias_hn, arrays["d_bias_hh"][-5:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("prefix", ["", "lstm.", "encoder.rnn."])
@pytest.mark.parametrize("suffix", ["_l0", ""])
def test_the_names_of_a_layer_may_carry_a_prefix_and_the_layers_number(
    cell: str, prefix: str, suffix: str, tmp_path: Path
) -> None:
    arrays = reference(cell)
    named = {f"{prefix}{name}{suffix}": arrays[name] for name in WEIGHTS}
    named |= {"fc.weight": np.ones((2, 5)), "fc.bias": np.ones(2), "embedding.weight": np.ones((9, 4))}
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors_bytes(named))
    expected = load_network(DATA / f"{cell}_last.npz")
    for one, other in zip(load_network(path).parameters, expected.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rows", [4, 3, 1])
def test_biases_may_be_missing(rows: int) -> None:
    named = {name: array for name, array in tensors(rows * 5, 5).items() if name.startswith("weight")}
    network = network_from_tensors(named, "net.safetensors")
    assert not network.parameters.bias.any()
    assert network.parameters.bias.shape == (rows * 5,)


def test_single_and_half_precision_are_widened_without_a_change(tmp_path: Path) -> None:
    for dtype in (np.float16, np.float32):
        named = {name: array.astype(dtype) for name, array in tensors(20, 5).items()}
        (tmp_path / "net.safetensors").write_bytes(safetensors_bytes(named))
        network = load_network(tmp_path / "net.safetensors")
        assert network.dtype == "float64"
        np.testing.assert_array_equal(network.parameters.weight_hh, named["weight_hh_l0"].astype(float))
        np.testing.assert_array_equal(
            network.parameters.bias, named["bias_ih_l0"].astype(float) + named["bias_hh_l0"].astype(float)
        )


def test_an_archive_is_known_by_its_bytes_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(npz_bytes(tensors(20, 5)))
    assert isinstance(load_network(tmp_path / "weights"), LSTM)


@pytest.mark.parametrize("rows", [4, 3, 1])
def test_the_largest_network_is_read_and_one_above_is_not(rows: int) -> None:
    most = {f"weight_{name}_l0": np.zeros((rows * 512, n)) for name, n in (("ih", 256), ("hh", 512))}
    network = network_from_tensors(most, "net.safetensors")
    assert (network.hidden, network.inputs) == (512, 256)
    wide = most | {"weight_ih_l0": np.zeros((rows * 512, 257))}
    with pytest.raises(BadInput, match=r'tensor "weight_ih_l0": inputs = 257 is too large \(1 to 256\)'):
        network_from_tensors(wide, "net.safetensors")
    tall = {f"weight_{name}_l0": np.zeros((rows * 513, n)) for name, n in (("ih", 1), ("hh", 513))}
    with pytest.raises(BadInput, match=r'tensor "weight_hh_l0": hidden = 513 is too large \(1 to 512\)'):
        network_from_tensors(tall, "net.safetensors")


# ---------------------------------------------------------------- what does not fit


def changed(name: str, shape: tuple[int, ...]) -> Tensors:
    return tensors(256, 64, 8) | {name: np.zeros(shape)}


def without(*names: str) -> Tensors:
    return {name: array for name, array in tensors(256, 64, 8).items() if name not in names}


MISFITS: dict[str, tuple[Tensors, str]] = {
    "wrong rows": (
        changed("weight_ih_l0", (400, 8)),
        'net.safetensors: tensor "weight_ih_l0": shape 400x8 does not fit hidden 64 (needs 256x8)',
    ),
    "one dimension": (
        changed("weight_ih_l0", (256,)),
        'tensor "weight_ih_l0": shape 256 does not fit hidden 64 (needs 256x1)',
    ),
    "no inputs": (changed("weight_ih_l0", (256, 0)), "shape 256x0 does not fit hidden 64 (needs 256x1)"),
    "bias of the wrong length": (
        changed("bias_hh_l0", (255,)),
        'tensor "bias_hh_l0": shape 255 does not fit hidden 64 (needs 256)',
    ),
    "bias of two dimensions": (changed("bias_ih_l0", (256, 1)), "shape 256x1 does not fit hidden 64 (needs 256)"),
    "two blocks": (changed("weight_hh_l0", (128, 64)), 'tensor "weight_hh_l0": shape 128x64 fits no cell'),
    "turned round": (changed("weight_hh_l0", (64, 256)), 'tensor "weight_hh_l0": shape 64x256 fits no cell'),
    "no units": (changed("weight_hh_l0", (0, 0)), 'tensor "weight_hh_l0": shape 0x0 fits no cell'),
    "a single number": (changed("weight_hh_l0", ()), 'tensor "weight_hh_l0": shape () fits no cell'),
    "a second layer that reads something else": (
        tensors(256, 64) | tensors(256, 64, suffix="_l1"),
        'tensor "weight_ih_l1": shape 256x3 does not fit hidden 64 (needs 256x64)',
    ),
    "a second layer for one direction only": (
        tensors(256, 64) | tensors(256, 64, suffix="_l0_reverse") | tensors(256, 64, 64, suffix="_l1"),
        'tensor "weight_ih_l1_reverse": it is missing (all layers run in both directions, or none)',
    ),
    "a reverse of other inputs": (
        tensors(256, 64) | tensors(256, 64, 4, suffix="_l0_reverse"),
        'tensor "weight_ih_l0_reverse": shape 256x4 does not fit hidden 64 (needs 256x3)',
    ),
    "a reverse without a forward direction": (
        tensors(256, 64, suffix="_l0_reverse"),
        'tensor "weight_ih_l0": it is missing (all layers run in both directions, or none)',
    ),
    "a reverse of other size": (
        tensors(256, 64) | tensors(128, 32, suffix="_l0_reverse"),
        'tensor "weight_ih_l0_reverse": shape 128x3 does not fit hidden 64 (needs 256x3)',
    ),
    "a second layer of another cell": (
        tensors(256, 64) | tensors(192, 64, 64, suffix="_l1"),
        'tensor "weight_ih_l1": shape 192x64 does not fit hidden 64 (needs 256x64)',
    ),
    "a second layer without recurrent weights": (
        tensors(256, 64) | {"weight_ih_l1": np.zeros((256, 64))},
        'tensor "weight_hh_l1": it is missing (every layer has two weights)',
    ),
    "a second layer with one bias": (
        {n: a for n, a in (tensors(256, 64) | tensors(256, 64, 64, suffix="_l1")).items() if n != "bias_ih_l1"},
        'tensor "bias_ih_l1": it is missing (both biases or none)',
    ),
    "a gap between layers": (
        tensors(256, 64, prefix="lstm.") | tensors(256, 64, 64, prefix="lstm.", suffix="_l2"),
        'tensor "lstm.weight_ih_l1": it is missing (layers are counted without a gap)',
    ),
    "no lowest layer": (
        tensors(256, 64, suffix="_l1"),
        'tensor "weight_ih_l0": it is missing (layers are counted without a gap)',
    ),
    "five layers": (
        tensors(256, 64, suffix="_l4"),
        'tensor "weight_ih_l4": there are too many layers (1 to 4)',
    ),
    "a layer number without end": (
        tensors(256, 64, suffix="_l" + 99 * "9"),
        "there are too many layers (1 to 4)",
    ),
    "biases of another layer only": (
        tensors(256, 64) | {"bias_ih_l1": np.zeros(256), "bias_hh_l1": np.zeros(256)},
        'tensor "weight_ih_l1": it is missing (every layer has two weights)',
    ),
    "a projection": (
        tensors(256, 64) | {"weight_hr_l0": np.zeros((8, 64))},
        'tensor "weight_hr_l0": the layer has a projection',
    ),
    "two networks": (
        tensors(256, 64, prefix="encoder.") | tensors(256, 64, prefix="decoder."),
        'tensor "decoder.weight_ih_l0": there is a second recurrent network (one; save it alone)',
    ),
    "two spellings": (
        tensors(256, 64) | tensors(256, 64, suffix=""),
        'tensor "weight_ih": there is a second recurrent network',
    ),
    "no recurrent weights": (without("weight_hh_l0"), 'tensor "weight_hh_l0": it is missing'),
    "no input weights": (without("weight_ih_l0"), 'tensor "weight_ih_l0": it is missing'),
    "one bias": (without("bias_hh_l0"), 'tensor "bias_hh_l0": it is missing (both biases or none)'),
    "the other bias": (without("bias_ih_l0"), 'tensor "bias_ih_l0": it is missing (both biases or none)'),
    "only biases": (without("weight_ih_l0", "weight_hh_l0"), "there is no recurrent layer"),
    "a readout only": (
        {"fc.weight": np.ones((2, 5))},
        "net.safetensors: there is no recurrent layer (needs weight_ih_l0 and weight_hh_l0)",
    ),
    "biases beyond float64": (
        tensors(256, 64) | {f"bias_{name}_l0": np.full(256, 1.7e308) for name in ("ih", "hh")},
        "the two biases add up to infinity",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_tensors_that_make_no_network_get_one_line(name: str) -> None:
    named, part = MISFITS[name]
    with pytest.raises(BadInput) as caught:
        network_from_tensors(named, "net.safetensors")
    line = str(caught.value)
    assert line.startswith("net.safetensors: ")
    assert part in line
    assert line.endswith(")")


@pytest.mark.parametrize("name", ["model.pt", "model.pth", "model.pkl", "model.h5", "model.keras", "model.onnx"])
def test_weights_in_other_formats_are_sent_to_the_recipe(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(safetensors_bytes(tensors(20, 5)))
    with pytest.raises(BadInput, match=r"\(see docs/convert\.md\)$"):
        load_network(tmp_path / name)


# ---------------------------------------------------------------- what is written


@pytest.mark.parametrize("name", ["net.npz", "net.pt", "net"])
def test_a_network_is_saved_only_under_the_ending_of_its_kind_of_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"unknown kind of file for weights .\.safetensors"):
        save_network(LSTM(1, 1), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "network",
    [LSTM(3, 7, seed=1), GRU(3, 7, update_bias=2.0, seed=1), VanillaRNN(3, 7, seed=1),
     VanillaRNN(3, 7, activation="relu", initialisation="identity"), LSTM(1, 1, dtype="float32"),
     Stack.of(LSTM, 3, 4, layers=4), Stack.of(GRU, 3, 4, layers=1, bidirectional=True, update_bias=2.0),
     Stack.of(VanillaRNN, 3, 4, layers=3, bidirectional=True, activation="relu")],
    ids=repr,
)  # fmt: skip
def test_a_saved_network_comes_back_as_it_was(network: AnyNetwork, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_network(network, path)
    back = load_network(path)
    assert type(back) is type(network)
    assert repr(back) == repr(network)
    for one, other in zip(cells_of(back), cells_of(network), strict=True):
        for array, same in zip(one.parameters, other.parameters, strict=True):
            np.testing.assert_array_equal(array, same)
    assert len(read_safetensors(path)) == len(WEIGHTS) * network.cell_count
    assert {f"{name}_l0" for name in WEIGHTS} <= set(read_safetensors(path))


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_from_pytorch_survives_the_way_there_and_back(cell: str) -> None:
    network = load_network(DATA / f"{cell}_all.npz")
    back = network_from_tensors(tensors_of_network(network), "net.safetensors")
    for one, other in zip(back.parameters, network.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_activation_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors_bytes(tensors(5, 5), {"nonlinearity": "selu"}))
    with pytest.raises(BadInput, match=r'nonlinearity: "selu" is unknown \(tanh, relu\)'):
        load_network(path)
    assert isinstance(load_network(path, activation="relu"), VanillaRNN)


# ---------------------------------------------------------------- inputs


def test_a_table_is_one_sequence(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(9, 3))
    (tmp_path / "x.csv").write_bytes(csv_bytes(["a", "b", "c"], rows))
    x = load_input(tmp_path / "x.csv")
    assert x.shape == (9, 1, 3)
    np.testing.assert_array_equal(x[:, 0], rows)


@pytest.mark.parametrize("shape", [(9, 3), (9, 1, 3), (9, 4, 3)])
@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "?"])
@pytest.mark.parametrize("name", ["x.npy", "x"])
def test_an_array_is_one_sequence_or_a_batch(shape: tuple[int, ...], dtype: str, name: str, tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    (tmp_path / name).write_bytes(npy_bytes(array))
    x = load_input(tmp_path / name, LSTM(3, 2))
    assert x.shape == ((9, 1, 3) if len(shape) == 2 else shape)
    assert x.dtype == np.float64
    np.testing.assert_array_equal(x.reshape(shape), array)


INPUTS = {
    "10,001 timesteps": (np.zeros((10_001, 1)), None, "10001 timesteps are too many (1 to 10000)"),
    "257 inputs": (np.zeros((2, 257)), None, "257 inputs are too many (1 to 256)"),
    "one dimension": (np.zeros(5), None, "shape 5 is no input ((T, I) or (T, B, I))"),
    "four dimensions": (np.zeros((2, 2, 2, 2)), None, "shape 2x2x2x2 is no input"),
    "a single number": (np.array(1.0), None, "shape () is no input"),
    "other inputs": (np.zeros((5, 2)), LSTM(3, 2), "2 inputs do not fit the network (needs 3)"),
    "a large trace": (np.zeros((10_000, 300, 1)), LSTM(1, 16), "the trace would need 9.3 GB (512 MB at most)"),
    "a NaN": (np.array([[0.0, np.nan]]), None, "NaN first at [0, 1] (finite numbers only)"),
}  # fmt: skip


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_that_does_not_fit_gets_one_line(name: str, tmp_path: Path) -> None:
    array, network, part = INPUTS[name]
    path = tmp_path / "x.npy"
    path.write_bytes(npy_bytes(array))
    with pytest.raises(BadInput) as caught:
        load_input(path, network)
    assert str(caught.value).startswith(f"{path}: {part}")


def test_an_input_at_its_caps_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy_bytes(np.zeros((caps.TIMESTEPS, caps.INPUTS))))
    assert load_input(path, LSTM(256, 2)).shape == (10_000, 1, 256)


def test_the_weights_of_a_loss_must_fit_the_run(tmp_path: Path) -> None:
    path = tmp_path / "w.npy"
    weight = np.random.default_rng(0).normal(size=(5, 2, 3))
    path.write_bytes(npy_bytes(weight))
    np.testing.assert_array_equal(load_loss_weight(path, (5, 2, 3)), weight)
    with pytest.raises(BadInput) as caught:
        load_loss_weight(path, (5, 2, 4))
    assert str(caught.value) == f"{path}: shape 5x2x3 does not fit the hidden states (needs 5x2x4)"
    path.write_bytes(npy_bytes(weight[:, 0]))
    assert load_loss_weight(path, (5, 1, 3)).shape == (5, 1, 3)


FORMS = [LSTM(2, 3, variant=name, seed=4) for name in VARIANTS] + [GRU(2, 3, reset=reset) for reset in RESETS]


@pytest.mark.parametrize("network", FORMS, ids=lambda network: network.form)
def test_every_variant_comes_back_from_its_file_as_it_was(network, tmp_path):
    save_network(network, tmp_path / "w.safetensors")
    back = load_network(tmp_path / "w.safetensors")
    assert back.form == network.form
    for ours, theirs in zip(back.parameters, network.parameters, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("variant", ["peephole", "fgr"])
def test_tensors_that_one_variant_alone_has_name_it(variant):
    network = LSTM(2, 3, variant=variant)
    assert network_from_tensors(tensors_of_network(network), "w").form == network.form


def test_three_blocks_are_a_gru_unless_a_variant_is_named():
    tensors = tensors_of_network(LSTM(2, 3, variant="cifg"))
    assert network_from_tensors(tensors, "w").form == "gru"
    assert network_from_tensors(tensors, "w", reset="before").form == "gru/before"
    assert network_from_tensors(tensors, "w", variant="nfg").form == "lstm/nfg"


@pytest.mark.parametrize(
    ("made", "asked", "line"),
    [
        ({"variant": "nfg"}, "niaf", "w: variant: niaf does not fit the weights (nfg, nig, nog, cifg)"),
        ({}, "nog", "w: variant: nog does not fit the weights (vanilla, niaf, noaf, peephole, fgr)"),
        ({}, "lstm", 'w: variant: "lstm" is unknown (vanilla, nfg, nig, nog, cifg, niaf, noaf, peephole, fgr)'),
        ({}, "peephole", 'w: tensor "peephole_l0": it is missing (the variant peephole)'),
        ({"variant": "fgr"}, "vanilla", "w: variant: vanilla does not fit the weights (fgr)"),
    ],
)
def test_a_variant_that_does_not_fit_the_weights_is_refused_in_one_line(made, asked, line):
    with pytest.raises(BadInput) as refused:
        network_from_tensors(tensors_of_network(LSTM(2, 3, **made)), "w", variant=asked)
    assert str(refused.value) == line


def test_peepholes_of_another_size_are_refused_in_one_line():
    tensors = tensors_of_network(LSTM(2, 3, variant="peephole")) | {"peephole_l0": np.zeros(4)}
    with pytest.raises(BadInput, match=r"shape 4 does not fit hidden 3"):
        network_from_tensors(tensors, "w")
