"""The same numbers as PyTorch's own layers, live, at random sizes; skipped where PyTorch is not installed.

Words used in this file
    module    nn.LSTM, nn.GRU or nn.RNN in float64
"""

import numpy as np
import pytest

from lstmviz.lab.dropout import draw_masks
from lstmviz.lab.weights import load_network, network_from_tensors, save_network, tensors_of_network

torch = pytest.importorskip("torch")

ENGINES = ("reference", "kernels")
KINDS = ("LSTM", "GRU", "RNN tanh", "RNN relu")


def drawn(kind, seed, layers=None, bidirectional=None):
    """A module of random size with random weights, the network of the same weights, and an input."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    inputs, hidden, timesteps, sequences = (int(n) for n in rng.integers(1, (9, 20, 30, 6)))
    name, _, activation = kind.partition(" ")
    options = {"nonlinearity": activation} if activation else {}
    torch.manual_seed(seed)
    module = getattr(torch.nn, name)(
        inputs,
        hidden,
        num_layers=layers or int(rng.integers(1, 5)),
        bidirectional=bool(rng.integers(0, 2)) if bidirectional is None else bidirectional,
        bias=bool(rng.random() < 0.9),
        dtype=torch.float64,
        **options,
    )
    tensors = {name: tensor.detach().numpy() for name, tensor in module.named_parameters()}
    network = network_from_tensors(tensors, "net.safetensors", activation=activation or "tanh")
    return module, network, rng.normal(size=(timesteps, sequences, inputs)), rng


def flat(network, found):
    """The tape or the gradients of every cell, in PyTorch's order."""
    return [found] if hasattr(network, "parameters") else [one for layer in found.cells for one in layer]


def agrees(ours, theirs, name):
    """To 1e-12 of the largest number of the array, and of 1."""
    theirs = theirs.detach().numpy()
    scale = max(1.0, float(np.abs(theirs).max(initial=0.0)))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * scale, err_msg=name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_a_network_of_any_depth_and_direction_agrees_with_pytorch(kind, seed, engine):
    module, network, x, rng = drawn(kind, seed)
    cells = len(flat(network, network.forward(x)))
    start = rng.normal(size=(2, cells, x.shape[1], network.hidden))
    d_seen = rng.normal(size=(*x.shape[:2], network.width))

    read = torch.tensor(x, requires_grad=True)
    h0, c0 = (torch.tensor(array, requires_grad=True) for array in start)
    seen, last = module(read, (h0, c0) if kind == "LSTM" else h0)
    (seen * torch.tensor(d_seen)).sum().backward()

    states = {"h0": start[0]} | ({"c0": start[1]} if kind == "LSTM" else {})
    if cells == 1:
        states = {name: state[0] for name, state in states.items()}
    tape = network.forward(x, **states, engine=engine)
    gradients = network.backward(tape, d_seen, engine=engine)

    agrees(network.seen(tape)[1:], seen, "h of the top layer")
    agrees(gradients.x, read.grad, "dL/dx")
    tapes, found = flat(network, tape), flat(network, gradients)
    last_h, last_c = last if kind == "LSTM" else (last, None)
    agrees(np.stack([tape.h[-1] for tape in tapes]), last_h, "last h of every cell")
    agrees(np.stack([d.h[0] for d in found]), h0.grad, "dL/dh_0 of every cell")
    if kind == "LSTM":
        agrees(np.stack([tape.c[-1] for tape in tapes]), last_c, "last c of every cell")
        agrees(np.stack([d.c[0] for d in found]), c0.grad, "dL/dc_0 of every cell")
    suffixes = [name.removeprefix("weight_ih") for name, _ in module.named_parameters() if "weight_ih" in name]
    for suffix, d in zip(suffixes, found, strict=True):
        named = {"weight_ih": d.weight_ih, "weight_hh": d.weight_hh, "bias_ih": d.bias}
        for base, ours in named.items():
            theirs = getattr(module, base + suffix, None)
            if theirs is not None:
                agrees(ours, theirs.grad, base + suffix)
        if module.bias:
            theirs = getattr(module, f"bias_hh{suffix}").grad
            inner = d.bias_hn if kind == "GRU" else d.bias[-network.hidden :]
            agrees(np.concatenate([d.bias[: -network.hidden], inner]), theirs, f"bias_hh{suffix}")


@pytest.mark.parametrize("kind", KINDS)
def test_the_masks_of_dropout_do_what_pytorch_does_with_them(kind):
    module, network, x, rng = drawn(kind, 3, layers=3, bidirectional=True)
    masks = draw_masks(rng, x.shape, network.layer_widths, dropout=0.4, input_dropout=0.2)
    name, _, activation = kind.partition(" ")
    options = {"nonlinearity": activation} if activation else {}
    flowing = read = torch.tensor(x, requires_grad=True)
    for layer, mask in enumerate((masks.inputs, *masks.between)):
        flowing = flowing * torch.tensor(mask)
        one = getattr(torch.nn, name)(
            flowing.shape[2], network.hidden, bidirectional=True, bias=module.bias, dtype=torch.float64, **options
        )
        one.load_state_dict(
            {
                name.replace(f"_l{layer}", "_l0"): tensor
                for name, tensor in module.state_dict().items()
                if f"_l{layer}" in name
            }
        )
        flowing, _ = one(flowing)
    d_seen = rng.normal(size=flowing.shape)
    (flowing * torch.tensor(d_seen)).sum().backward()
    tape = network.forward(x, masks=masks)
    agrees(network.seen(tape)[1:], flowing, "h of the top layer")
    agrees(network.backward(tape, d_seen).x, read.grad, "dL/dx")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_window_cuts_where_pytorch_cuts_when_states_are_detached(kind, engine):
    module, network, x, rng = drawn(kind, 2, layers=2, bidirectional=False)
    window, d_seen = 2, rng.normal(size=(*x.shape[:2], network.width))
    state, read, parts = None, torch.tensor(x, requires_grad=True), []
    for first in range(0, len(x), window):
        part, state = module(read[first : first + window], state)
        state = tuple(one.detach() for one in state) if kind == "LSTM" else state.detach()
        parts.append(part)
    (torch.cat(parts) * torch.tensor(d_seen)).sum().backward()
    assert len(x) > window
    gradients = network.backward(network.forward(x, engine=engine), d_seen, engine, window=window)
    agrees(gradients.x, read.grad, "dL/dx")
    for layer, (d,) in enumerate(gradients.cells):
        agrees(d.weight_ih, getattr(module, f"weight_ih_l{layer}").grad, f"weight_ih_l{layer}")
        agrees(d.weight_hh, getattr(module, f"weight_hh_l{layer}").grad, f"weight_hh_l{layer}")


@pytest.mark.parametrize("kind", KINDS)
def test_pytorch_runs_what_was_saved_here(kind, tmp_path):
    module, network, x, _ = drawn(kind, 1, layers=2, bidirectional=True)
    path = tmp_path / "net.safetensors"
    save_network(network, path)
    back = load_network(path)
    for name, array in tensors_of_network(back).items():
        if hasattr(module, name):
            getattr(module, name).data = torch.tensor(np.array(array))
    agrees(back.seen(back.forward(x))[1:], module(torch.tensor(x))[0], "h of the top layer")
