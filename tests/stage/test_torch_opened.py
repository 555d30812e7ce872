"""Networks of PyTorch and Keras, opened on the stage: every number is theirs; the recipes of docs/convert.md run.

Skipped where PyTorch, or Keras, is not installed.

Words used in this file
    recipe    a block of Python in docs/convert.md, run as it stands there
"""

import os
import re

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.stage.opening import open_stage
from tests.sources import ROOT

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:keras.*")  # what Keras asks of NumPy
ENGINES = ("reference", "kernels")
KINDS = {"LSTM": {}, "GRU": {}, "RNN": {"nonlinearity": "tanh"}, "RNN relu": {"nonlinearity": "relu"}}
FLOAT32 = 6  # digits of what Keras 3.15 works out in float32 on the way, whatever its floatx
PAGE = (ROOT / "docs" / "convert.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def recipe(words):
    """The one recipe that holds these words."""
    (found,) = [code for code in RECIPES if words in code]
    return found


def agrees(ours, theirs, name="", digits=12):
    """To 1e-12 of the largest number and of 1."""
    theirs = np.asarray(theirs.detach() if isinstance(theirs, torch.Tensor) else theirs)
    scale = max(1.0, float(np.abs(theirs).max(initial=0.0)))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=10.0**-digits * scale, err_msg=name)


@pytest.fixture
def opened():
    """Opens a stage on a file; closed afterwards."""
    made = []

    def make(path, engine="reference", **changes):
        made.append(open_stage({"weights": str(path)} | changes, engine))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


class Model(torch.nn.Module):
    """A recurrent layer and a readout of its last output."""

    def __init__(self, kind, inputs, outputs, hidden=7, **options):
        super().__init__()
        self.core = getattr(torch.nn, kind.split()[0])(inputs, hidden, **options)
        self.fc = torch.nn.Linear(hidden * (2 if options.get("bidirectional") else 1), outputs)

    def forward(self, x):
        return self.fc(self.core(x)[0][-1])


def trained(kind, updates=30, **options):
    """A model that PyTorch has trained on first-token recall, in float64."""
    torch.manual_seed(0)
    task = TASKS["recall"]
    model = Model(kind, task.inputs, task.outputs, **KINDS[kind], **options).double()
    optimiser, rng = torch.optim.Adam(model.parameters(), 1e-2), np.random.default_rng(1)
    for _ in range(updates):
        batch = task.draw(9, 16, rng)
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(batch.x)), torch.tensor(batch.targets))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def saved(model, path, **metadata):
    from safetensors.torch import save_file

    tensors = {name: p.detach().contiguous() for name, p in model.named_parameters()}
    save_file(tensors, path, metadata=metadata or None)
    return path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_gradient_and_answer_on_the_stage_is_pytorchs(kind, engine, opened, tmp_path):
    model = trained(kind)
    path = saved(model, tmp_path / "net.safetensors", **({"nonlinearity": "relu"} if kind == "RNN relu" else {}))
    stage = opened(path, engine, gap="15", seed="3")
    comparison = stage.frame.comparison
    (racer,) = comparison.racers
    assert comparison.task.name == "recall" and stage.frame.opened is not None
    x, hidden = torch.tensor(np.array(comparison.batch.x)), model.core.hidden_size
    state = [torch.zeros(1, 1, hidden, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    states = [state]
    for t in range(len(x)):  # one timestep at a time, so that PyTorch keeps the gradient by every state
        given = tuple(state) if kind == "LSTM" else state[0]
        after = model.core(x[t : t + 1], given)[1]
        state = list(after) if kind == "LSTM" else [after]
        for each in state:
            each.retain_grad()
        states.append(state)
    logits = model.fc(state[0][0])
    model.zero_grad()
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(np.array(comparison.batch.targets)))
    loss.backward()
    tape, gradients = racer.trace.tape, racer.trace.gradients
    agrees(tape.h[:, 0], np.stack([one[0][0, 0].detach() for one in states]), "h")
    agrees(gradients.h[:, 0], np.stack([one[0].grad[0, 0] for one in states]), "dL/dh")
    if kind == "LSTM":
        agrees(tape.c[:, 0], np.stack([one[1][0, 0].detach() for one in states]), "c")
        # c as PyTorch returns it leads on only; the way over h of the same timestep is added, as autograd does inside
        onward = np.stack([np.zeros(hidden) if one[1].grad is None else one[1].grad[0, 0] for one in states])
        over_h = gradients.h[1:, 0] * tape.o[:, 0] * (1 - np.tanh(tape.c[1:, 0]) ** 2)
        agrees(gradients.c[1:, 0], onward[1:] + over_h, "dL/dc")
        agrees(gradients.c[0, 0], onward[0], "dL/dc_0")
    agrees(racer.trace.loss, loss, "loss")
    agrees(gradients.weight_hh, model.core.weight_hh_l0.grad, "dL/dW_hh")
    agrees(gradients.weight_ih, model.core.weight_ih_l0.grad, "dL/dW_ih")
    agrees(racer.trace.answer.probabilities, torch.softmax(logits, -1), "answer")


@pytest.mark.parametrize("kind", KINDS)
def test_stacks_in_both_directions_answer_as_in_pytorch(kind, opened, tmp_path):
    model = trained(kind, 5, num_layers=2, bidirectional=True)
    stage = opened(
        saved(model, tmp_path / "net.safetensors", **{"nonlinearity": KINDS[kind].get("nonlinearity", "tanh")})
    )
    comparison = stage.frame.comparison
    logits = model(torch.tensor(np.array(comparison.batch.x)))
    agrees(comparison.racers[0].whole.answer.probabilities, torch.softmax(logits, -1))
    assert (stage.settings.layers, stage.settings.bidirectional) == (2, True)


def test_what_pytorch_trained_still_solves_the_task_here(opened, tmp_path):
    model = trained("LSTM", 150)
    stage = opened(saved(model, tmp_path / "net.safetensors"), gap="9")
    assert stage.frame.comparison.racers[0].trace.loss < 0.05
    stage.train(1)
    while stage.desk.running:
        stage.tick(0.0)
    assert stage.frame.training.losses[0][0] < 0.05


def test_the_recipe_for_pytorch_runs_and_what_it_writes_opens(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(recipe("input_size=8, hidden_size=64"), names)
    stage = opened("net.safetensors", gap="6")
    found = stage.frame.comparison.racers[0].network
    assert (found.inputs, found.hidden) == (8, 64)
    x = np.array(stage.frame.comparison.batch.x)
    agrees(stage.frame.comparison.racers[0].trace.tape.h[1:, 0], names["lstm"].double()(torch.tensor(x))[0][:, 0])
    exec(recipe('np.savez("net.npz", **{name'), names)
    twin = opened("net.npz", gap="6").frame.comparison.racers[0].network
    for ours, theirs in zip(twin.parameters, found.parameters, strict=True):
        agrees(ours, theirs)


def test_the_recipe_for_a_whole_model_brings_its_readout(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(recipe("input_size=8, hidden_size=64").split("\n\n")[0], names)
    exec(recipe("class Model(torch.nn.Module)"), names)
    stage = opened("net.safetensors", gap="6")
    comparison = stage.frame.comparison
    assert "Its own readout answers" in stage.frame.opened.words
    logits = names["model"].double()(torch.tensor(np.array(comparison.batch.x)))
    agrees(comparison.racers[0].trace.answer.probabilities, torch.softmax(logits, -1))


# ----------------------------------------------------------------------------- Keras


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "torch")
    found = pytest.importorskip("keras")
    before = found.backend.floatx()
    found.backend.set_floatx("float64")
    yield found
    found.backend.set_floatx(before)


def of_keras(keras, layer):
    """A model of Keras with random biases, so that no order of the gates goes unseen."""
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input((None, 8)), layer, keras.layers.Dense(2, name="dense")])
    rng = np.random.default_rng(7)
    for each in model.layers:
        each.set_weights([array + 0.1 * rng.normal(size=array.shape) for array in each.get_weights()])
    return model


def says(model, x):
    """What a Keras model answers to x (T, 1, I)."""
    return np.asarray(model(x.transpose(1, 0, 2)).detach())[0]


def test_the_recipes_for_an_lstm_of_keras_give_its_answers(keras, opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"model": of_keras(keras, keras.layers.LSTM(5, name="lstm", bias_initializer="random_normal"))}
    exec(recipe('kernel, recurrent, bias = model.get_layer("lstm")'), names)
    exec(recipe('model.get_layer("dense")'), names)
    stage = opened("net.npz", gap="11")
    racer, x = stage.frame.comparison.racers[0], np.array(stage.frame.comparison.batch.x)
    assert racer.network.cell == "lstm"
    states = names["model"].get_layer("lstm")(x.transpose(1, 0, 2))
    agrees(racer.trace.tape.h[-1, 0], states[0])
    logits = torch.tensor(says(names["model"], x))
    agrees(racer.trace.answer.probabilities[0], torch.softmax(logits, -1), digits=FLOAT32)


@pytest.mark.parametrize("reset_after", [True, False])
def test_the_recipe_for_a_gru_of_keras_gives_its_states(keras, opened, tmp_path, monkeypatch, reset_after):
    monkeypatch.chdir(tmp_path)
    layer = keras.layers.GRU(5, name="gru", reset_after=reset_after, return_sequences=True)
    model = of_keras(keras, layer)
    names = {"model": model, "np": np}
    code = recipe("def rzn(a)")
    if not reset_after:
        code = code.replace("rzn(bias[0])", "rzn(bias)").replace("rzn(bias[1])", "0 * rzn(bias)")
    exec(code, names)
    changes = {} if reset_after else {"gru.reset": "before"}
    stage = opened("net.npz", gap="11", **changes)
    racer, x = stage.frame.comparison.racers[0], np.array(stage.frame.comparison.batch.x)
    assert racer.network.reset == ("after" if reset_after else "before")
    agrees(racer.trace.tape.h[1:, 0], layer(x.transpose(1, 0, 2))[0], digits=12 if reset_after else FLOAT32)


def test_both_directions_of_keras_are_opened_as_the_page_says(keras, opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    layer = keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))
    of_keras(keras, layer)
    arrays = layer.get_weights()
    tensors = {}
    for (kernel, recurrent, bias), end in ((arrays[:3], "_l0"), (arrays[3:], "_l0_reverse")):
        tensors |= {f"weight_ih{end}": kernel.T, f"weight_hh{end}": recurrent.T}
        tensors |= {f"bias_ih{end}": bias, f"bias_hh{end}": 0 * bias}
    np.savez("net.npz", **tensors)
    stage = opened("net.npz", gap="11")
    x = np.array(stage.frame.comparison.batch.x)
    whole = stage.frame.comparison.racers[0].whole
    agrees(whole.network.seen(whole.tape)[1:, 0], np.asarray(layer(x.transpose(1, 0, 2)).detach())[0])
