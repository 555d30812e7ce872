"""``lstmviz trace`` of networks with several layers or both directions."""

import numpy as np
import pytest

from lstmviz.cli import main
from lstmviz.files import npy_bytes, npz_bytes
from lstmviz.lab.network import GRU, LSTM
from lstmviz.lab.stack import Stack
from lstmviz.lab.weights import save_network, tensors_of_network


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A stack, a single network and an input in the current folder."""
    monkeypatch.chdir(tmp_path)
    save_network(Stack.of(LSTM, 2, 3, layers=2, bidirectional=True), "both.safetensors")
    save_network(Stack.of(GRU, 2, 3, layers=3), "deep.safetensors")
    save_network(LSTM(2, 3), "one.safetensors")
    (tmp_path / "x.npy").write_bytes(npy_bytes(np.random.default_rng(0).normal(size=(5, 2, 2))))
    return tmp_path


def test_layers_and_directions_are_read_from_the_file(files, capsys):
    assert main(["trace", "both.safetensors", "x.npy", "-o", "out.npz"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("LSTM, 2 layers, both directions, 3 units, 5 timesteps: loss ")
    assert "in the top layer" in said
    found = np.load(files / "out.npz")
    assert found["output"].shape == (5, 2, 6)
    for name in ("h_l0", "h_l0_reverse", "h_l1", "d_c_l1_reverse", "log10_grad_norm_h_l0", "d_weight_hh_l1_reverse"):
        assert name in found
    assert found["h_l1_reverse"].shape == (6, 2, 3)


def test_the_options_agree_with_the_file(files):
    options = ["-o", "out.npz", "--layers"]
    assert main(["trace", "both.safetensors", "x.npy", *options, "2", "--bidirectional"]) == 0
    assert main(["trace", "deep.safetensors", "x.npy", *options, "3"]) == 0
    assert main(["trace", "one.safetensors", "x.npy", *options, "1"]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["both", "--layers", "1"], "lstmviz trace: --layers: 1 does not fit the file (needs 2, or leave it out)"),
        (["one", "--layers", "2"], "lstmviz trace: --layers: 2 does not fit the file (needs 1, or leave it out)"),
        (["both", "--layers", "5"], "lstmviz trace: --layers: 5 is too large (1 to 4)"),
        (["both", "--layers", "two"], "lstmviz trace: --layers: two is not a whole number (1 to 4)"),
        (["deep", "--bidirectional"], "lstmviz trace: --bidirectional: the file holds one direction (leave it out)"),
        (["one", "--bidirectional"], "lstmviz trace: --bidirectional: the file holds one direction (leave it out)"),
    ],
)
def test_an_option_that_does_not_fit_the_file_is_refused_in_one_line(files, capsys, arguments, says):
    name, *options = arguments
    assert main(["trace", f"{name}.safetensors", "x.npy", "-o", "out.npz", *options]) == 2
    assert capsys.readouterr().err.strip() == says
    assert not (files / "out.npz").exists()


def test_the_weights_of_a_loss_cover_both_directions(files, capsys):
    weight = np.random.default_rng(1).normal(size=(5, 2, 6))
    (files / "w.npy").write_bytes(npy_bytes(weight))
    command = ["trace", "both.safetensors", "x.npy", "-o", "out.npz", "--loss", "all", "--loss-weight", "w.npy"]
    assert main(command) == 0
    found = np.load(files / "out.npz")
    assert float(found["loss"]) == pytest.approx(float(np.sum(weight * found["output"])))
    (files / "w.npy").write_bytes(npy_bytes(weight[..., :3]))
    capsys.readouterr()
    assert main(command) == 2
    assert "shape 5x2x3 does not fit the hidden states (needs 5x2x6)" in capsys.readouterr().err


def test_both_biases_of_every_cell_are_written_as_the_file_gave_them(files):
    tensors = tensors_of_network(Stack.of(LSTM, 2, 3, layers=2))
    tensors = {name: np.full(array.shape, 0.25) if "bias" in name else array for name, array in tensors.items()}
    (files / "net.npz").write_bytes(npz_bytes(tensors))
    assert main(["trace", "net.npz", "x.npy", "-o", "out.npz"]) == 0
    found = np.load(files / "out.npz")
    for name, array in tensors.items():
        np.testing.assert_array_equal(found[name], array)


def test_a_file_without_a_reverse_for_its_second_layer_is_refused_in_one_line(files, capsys):
    tensors = tensors_of_network(Stack.of(LSTM, 2, 3, layers=2, bidirectional=True))
    (files / "net.npz").write_bytes(npz_bytes({n: a for n, a in tensors.items() if not n.endswith("l1_reverse")}))
    assert main(["trace", "net.npz", "x.npy", "-o", "out.npz"]) == 2
    said = capsys.readouterr().err
    assert (
        said == 'net.npz: tensor "weight_ih_l1_reverse": it is missing (all layers run in both directions, or none)\n'
    )
