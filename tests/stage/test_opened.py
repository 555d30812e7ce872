"""Networks from files on the stage: shown in their place, on what they can read, trained from, undone."""

import numpy as np
import pytest

from lstmviz.files import BadInput, atomic_save, npz_bytes, safetensors_bytes
from lstmviz.lab.data import adopt, open_data
from lstmviz.lab.interventions import Clamp
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.opened import fits, networks_for, open_network, settings_for
from lstmviz.lab.settings import Settings
from lstmviz.lab.stack import Stack
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.training import Training
from lstmviz.lab.weights import tensors_of_network, weights_bytes
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.opened import open_weights, put_away
from lstmviz.stage.preview import page_frame
from lstmviz.stage.session import open_session, read_session, save_session
from lstmviz.stage.stage import Stage
from tests.stage.waiting import wait

CELLS = {
    "rnn": lambda inputs, hidden: VanillaRNN(inputs, hidden, seed=7),
    "lstm": lambda inputs, hidden: LSTM(inputs, hidden, seed=7),
    "gru": lambda inputs, hidden: GRU(inputs, hidden, seed=7),
}


@pytest.fixture
def stage():
    known = set(TASKS)
    made = Stage(Settings(gap=6), engine="reference")
    yield made
    made.close()
    for name in set(TASKS) - known:
        del TASKS[name]


def written(folder, network, outputs=None, name="net.safetensors"):
    rng = np.random.default_rng(3)
    others = {}
    if outputs is not None:
        others = {"fc.weight": rng.normal(size=(outputs, network.width)), "fc.bias": rng.normal(size=outputs)}
    path = folder / name
    atomic_save(path, weights_bytes(network, others))
    return path, others


def inputs_of(stage):
    return TASKS[stage.settings.task].inputs


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_takes_the_place_of_its_kind_with_its_sizes_and_its_readout(stage, tmp_path, cell):
    task = TASKS[stage.settings.task]
    network = CELLS[cell](task.inputs, 9)
    path, others = written(tmp_path, network, task.outputs)
    open_weights(stage, path)
    wait(stage)
    assert (stage.settings.cells, stage.settings.hidden, stage.settings.task) == ((cell,), 9, task.name)
    racer = stage.frame.comparison.racer(cell)
    for ours, theirs in zip(racer.network.parameters, network.parameters, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(racer.readout.weight, others["fc.weight"])
    assert stage.frame.opened.cell == cell and stage.frame.opened.name == "net.safetensors"
    assert "Its own readout answers" in stage.frame.opened.words


def test_the_others_stay_untrained_and_come_by_tick(stage, tmp_path):
    path, _ = written(tmp_path, LSTM(inputs_of(stage), 5, seed=7))
    before = stage.settings
    open_weights(stage, path)
    stage.change({"cells": ("rnn", "lstm", "gru")})
    wait(stage)
    fresh = Stage(before, engine="reference")
    fresh.change({"hidden": 5, "cells": ("rnn", "lstm", "gru")})
    wait(fresh)
    for cell, alike in (("rnn", True), ("lstm", False), ("gru", True)):
        one, other = (s.frame.comparison.racer(cell).network.parameters.weight_hh for s in (stage, fresh))
        assert np.array_equal(one, other) == alike
    fresh.close()
    stage.change({"cells": ("rnn",)})
    wait(stage)
    assert stage.frame.opened is None and stage.opened is not None


def test_a_stack_opens_with_its_layers_and_directions(stage, tmp_path):
    stack = Stack.of(LSTM, inputs_of(stage), 4, layers=2, bidirectional=True, seed=3)
    path, _ = written(tmp_path, stack, TASKS[stage.settings.task].outputs)
    open_weights(stage, path)
    wait(stage)
    assert (stage.settings.layers, stage.settings.bidirectional) == (2, True)
    racer = stage.frame.comparison.racer("lstm")
    for ours, theirs in zip(racer.whole.network.weights(), stack.weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert racer.readout.weight.shape[1] == 8


@pytest.mark.parametrize(
    ("variant", "reset"), [("cifg", "after"), ("peephole", "after"), ("fgr", "after"), ("vanilla", "before")]
)
def test_variants_are_opened_as_what_they_are(stage, tmp_path, variant, reset):
    inputs = inputs_of(stage)
    network = GRU(inputs, 4, reset="before") if reset == "before" else LSTM(inputs, 4, variant=variant)
    path, _ = written(tmp_path, network)
    open_weights(stage, path)
    wait(stage)
    assert (stage.settings.variant, stage.settings.reset) == (variant, reset)
    shown = stage.frame.comparison.racers[0].network
    assert shown.form == network.form


def test_a_network_of_other_inputs_goes_to_own_data_then_to_a_task_then_to_random_numbers(stage, tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("".join(f"{k * k % 29}\n" for k in range(90)))
    own = adopt(open_data(table))
    path, _ = written(tmp_path, LSTM(1, 4))
    open_weights(stage, path)
    assert stage.settings.task == own
    path, _ = written(tmp_path, LSTM(2, 4))
    open_weights(stage, path)
    assert TASKS[stage.settings.task].inputs == 2
    path, _ = written(tmp_path, LSTM(113, 4))
    open_weights(stage, path)
    wait(stage)
    assert stage.settings.task == "random-113"
    assert "No task here has 113 inputs: it reads random numbers" in stage.frame.opened.words
    assert stage.frame.comparison.batch.x.shape == (7, 1, 113)


def test_among_tasks_of_as_many_inputs_the_one_is_taken_that_the_readout_answers(stage, tmp_path):
    outputs = {task.outputs for task in TASKS.values() if task.inputs == 2}
    for wanted in outputs:
        stage.change({"task": "recall"})
        path, _ = written(tmp_path, LSTM(2, 4), wanted)
        open_weights(stage, path)
        assert TASKS[stage.settings.task].outputs == wanted


def test_a_readout_that_does_not_fit_is_replaced_and_that_is_said(stage, tmp_path):
    path, _ = written(tmp_path, LSTM(inputs_of(stage), 4), outputs=77)
    open_weights(stage, path)
    wait(stage)
    assert "Its readout has 77 outputs" in stage.frame.opened.words
    assert stage.frame.comparison.racers[0].readout.weight.shape == (TASKS[stage.settings.task].outputs, 4)


def test_training_begins_from_the_opened_weights_and_goes_back_to_them(stage, tmp_path):
    network = LSTM(inputs_of(stage), 4, seed=7)
    path, _ = written(tmp_path, network, TASKS[stage.settings.task].outputs)
    open_weights(stage, path)
    wait(stage)
    still = stage.frame.comparison.racers[0].trace.loss
    stage.train(5)
    wait(stage)
    assert stage.frame.comparison.update == 5
    changed = stage.frame.comparison.racers[0].network.parameters.weight_hh
    assert not np.array_equal(changed, network.parameters.weight_hh)
    stage.desk.seek(0)
    wait(stage)
    back = stage.frame.comparison.racers[0].network.parameters.weight_hh
    np.testing.assert_array_equal(back, network.parameters.weight_hh)
    assert stage.frame.comparison.racers[0].trace.loss == still


def test_another_file_of_the_same_sizes_drops_what_was_trained(stage, tmp_path):
    for seed in (1, 2):
        path, _ = written(tmp_path, LSTM(inputs_of(stage), 4, seed=seed))
        open_weights(stage, path)
        wait(stage)
        assert stage.desk.trained == 0
        racer = stage.frame.comparison.racers[0]
        np.testing.assert_array_equal(
            racer.network.parameters.weight_hh, LSTM(inputs_of(stage), 4, seed=seed).parameters.weight_hh
        )
        stage.train(2)
        wait(stage)


def test_opening_is_one_undo_entry_and_so_is_putting_away(stage, tmp_path):
    before = stage.settings
    path, _ = written(tmp_path, LSTM(113, 4))
    open_weights(stage, path)
    put_away(stage)
    wait(stage)
    assert stage.opened is None and stage.settings.task == "random-113"
    stage.undo()
    wait(stage)
    assert stage.opened.name == "net.safetensors"
    stage.undo()
    wait(stage)
    assert stage.opened is None and stage.settings == before
    stage.redo()
    wait(stage)
    assert stage.opened is not None and stage.settings.hidden == 4


def test_a_setting_that_does_not_fit_puts_it_away_in_words_and_undo_brings_it_back(stage, tmp_path):
    path, _ = written(tmp_path, LSTM(inputs_of(stage), 4))
    open_weights(stage, path)
    stage.change({"gap": 9, "seed": 5, "noise": 0.1})
    assert stage.opened is not None
    stage.change({"hidden": 6})
    wait(stage)
    assert stage.opened is None and "net.safetensors does not fit" in stage.frame.notice
    stage.undo()
    wait(stage)
    assert stage.opened is not None and stage.frame.comparison.racers[0].network.hidden == 4


def test_learn_says_where_an_opened_network_starts_and_seeds_say_why_they_do_not(stage, tmp_path):
    network = LSTM(inputs_of(stage), 4, seed=7)
    path, _ = written(tmp_path, network, TASKS[stage.settings.task].outputs)
    open_weights(stage, path)
    stage.open_lab("learn")
    wait(stage)
    while not stage.desk.learning.shares:
        wait(stage)
    wait(stage)
    learn = stage.frame.part
    assert [row.start for row in learn.shown] == ["from net.safetensors"]
    fresh = Training(stage.settings, engine="reference", networks=networks_for(stage.settings, stage.opened))
    assert learn.log10_shares == fresh.log10_shares()
    assert fresh.log10_shares() != Training(stage.settings, engine="reference").log10_shares()
    stage.run_seeds(3)
    assert stage.desk.learning.seeds is None and "put away what was opened" in stage.messages.notice


def test_reset_all_puts_it_away(stage, tmp_path):
    path, _ = written(tmp_path, LSTM(inputs_of(stage), 4))
    open_weights(stage, path)
    stage.reset()
    assert stage.opened is None


def test_the_same_weights_can_be_read_with_another_reset_gate(stage, tmp_path):
    path, _ = written(tmp_path, GRU(inputs_of(stage), 4))
    open_weights(stage, path)
    stage.change({"gru.reset": "before"})
    wait(stage)
    assert stage.opened is not None and stage.frame.comparison.racers[0].network.form == "gru/before"


def test_other_number_types_are_those_of_the_settings(stage, tmp_path):
    path, _ = written(tmp_path, Stack.of(GRU, inputs_of(stage), 4, seed=1), TASKS[stage.settings.task].outputs)
    open_weights(stage, path)
    stage.change({"dtype": "float32"})
    wait(stage)
    racer = stage.frame.comparison.racers[0]
    assert stage.opened is not None and racer.network.dtype == "float32" and racer.readout.weight.dtype == np.float32


def test_a_trace_too_large_for_memory_gets_a_smaller_gap(tmp_path):
    path, _ = written(tmp_path, LSTM(TASKS["recall"].inputs, 512))
    found = open_network(path)
    settings = settings_for(found, Settings(gap=9999))
    assert settings.gap < 9999 and fits(found, settings)


def test_an_npz_file_opens_like_the_other(stage, tmp_path):
    network = GRU(inputs_of(stage), 4, seed=2)
    path = tmp_path / "net.npz"
    atomic_save(path, npz_bytes({k: v.astype(np.float16) for k, v in tensors_of_network(network).items()}))
    open_weights(stage, path)
    wait(stage)
    shown = stage.frame.comparison.racers[0].network.parameters.weight_hh
    np.testing.assert_array_equal(shown, network.parameters.weight_hh.astype(np.float16).astype(np.float64))


@pytest.mark.parametrize("kind", ["empty", "text", "no network", "two networks", "nan", "pickle"])
def test_what_holds_no_network_is_refused_in_one_line_and_nothing_changes(stage, tmp_path, kind):
    path = tmp_path / ("net.pt" if kind == "pickle" else "net.safetensors")
    tensors = tensors_of_network(LSTM(3, 4))
    data = {
        "empty": b"",
        "text": b"hello",
        "no network": safetensors_bytes({"a": np.zeros(3)}),
        "two networks": safetensors_bytes({f"{p}.{k}": v for p in "ab" for k, v in tensors.items()}),
        "nan": safetensors_bytes(tensors | {"weight_hh_l0": tensors["weight_hh_l0"] * np.nan}),
        "pickle": b"\x80\x04K\x01.",
    }[kind]
    path.write_bytes(data)
    before = stage.situation()
    with pytest.raises(BadInput) as refused:
        open_weights(stage, path)
    assert "\n" not in str(refused.value) and str(refused.value).startswith(str(path))
    assert stage.situation() == before


def test_only_what_is_used_is_kept_and_reading_it_again_gives_the_same_bits(tmp_path):
    path, _ = written(tmp_path, LSTM(3, 4, seed=7), outputs=2)
    found = open_network(path)
    again = tmp_path / "again.safetensors"
    again.write_bytes(found.data)
    twin = open_network(again)
    for ours, theirs in zip(
        (*found.network.parameters, *found.readout), (*twin.network.parameters, *twin.readout), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    assert twin.data == found.data


def test_two_linear_layers_that_could_be_the_readout_are_none(tmp_path):
    network = LSTM(3, 4)
    others = {
        f"{name}.{part}": np.ones((2, 4) if part == "weight" else 2) for name in "ab" for part in ("weight", "bias")
    }
    path = tmp_path / "net.safetensors"
    atomic_save(path, weights_bytes(network, others))
    assert open_network(path).readout is None


def test_a_network_fits_only_settings_of_its_shape(tmp_path):
    path, _ = written(tmp_path, LSTM(TASKS["recall"].inputs, 4))
    found = open_network(path)
    good = Settings(hidden=4, cells=("lstm",))
    assert fits(found, good)
    for change in ({"hidden": 5}, {"layers": 2}, {"bidirectional": True}, {"task": "adding"}, {"variant": "cifg"}):
        assert not fits(found, Settings(**{"hidden": 4, "cells": ("lstm",)} | change))


def test_a_forget_gate_of_an_opened_lstm_held_from_10_to_40_gives_the_numbers_of_pytorchs_equations(stage, tmp_path):
    """The file holds two biases, as PyTorch writes them; the loop below is written from PyTorch's documentation."""
    task, rng, hidden = TASKS[stage.settings.task], np.random.default_rng(11), 6
    names = {"weight_ih_l0": (24, task.inputs), "weight_hh_l0": (24, hidden), "bias_ih_l0": (24,), "bias_hh_l0": (24,)}
    tensors = {f"lstm.{name}": rng.uniform(-0.6, 0.6, shape) for name, shape in names.items()}
    tensors |= {"fc.weight": rng.normal(size=(task.outputs, hidden)), "fc.bias": rng.normal(size=task.outputs)}
    path = tmp_path / "torch.safetensors"
    atomic_save(path, safetensors_bytes(tensors))
    open_weights(stage, path)
    stage.change({"gap": 49})
    stage.intervene(Clamp("lstm", "f", 10, 40, (0.1,)))
    wait(stage)
    tape = stage.frame.comparison.racer("lstm").trace.tape
    w, u, b, d = (tensors[f"lstm.{name}"] for name in names)
    h = c = np.zeros(hidden)
    for t, x in enumerate(stage.frame.comparison.batch.x[:, 0], start=1):
        z = w @ x + b + u @ h + d
        i, f, o = (1 / (1 + np.exp(-z[n * hidden : (n + 1) * hidden])) for n in (0, 1, 3))
        f = np.full(hidden, 0.1) if 10 <= t <= 40 else f
        c = f * c + i * np.tanh(z[2 * hidden : 3 * hidden])
        h = o * np.tanh(c)
        for name, value in {"i": i, "f": f, "o": o}.items():
            np.testing.assert_allclose(getattr(tape, name)[t - 1, 0], value, rtol=1e-12)
        np.testing.assert_allclose(tape.c[t, 0], c, rtol=1e-11)
        np.testing.assert_allclose(tape.h[t, 0], h, rtol=1e-11)
    logits = tensors["fc.weight"] @ h + tensors["fc.bias"]
    said = stage.frame.effects.of("lstm").effect.said[1]
    np.testing.assert_allclose(said, np.exp(logits) / np.exp(logits).sum(), rtol=1e-10)
    save_session(stage, tmp_path / "a.lstmviz")
    bits = [np.array(array) for array in tape]
    stage.reset()
    wait(stage)
    open_session(stage, read_session(tmp_path / "a.lstmviz"))
    wait(stage)
    for before, after in zip(bits, stage.frame.comparison.racer("lstm").trace.tape, strict=True):
        np.testing.assert_array_equal(before, after)


def test_the_next_page_of_a_lesson_is_previewed_without_what_was_opened(stage, tmp_path):
    lesson = read_lesson(shipped_lessons()[0])
    stage.lesson.open(lesson, 0)
    wait(stage)
    page = lesson.pages[0].state.settings
    stage.change({"cells": ("lstm",)})
    path, _ = written(tmp_path, LSTM(TASKS[page.task].inputs, page.hidden, seed=7))
    open_weights(stage, path)
    stage.change({"cells": page.cells})
    stage.intervene(Clamp("lstm", "f", 2, 3, (0.1,)))
    wait(stage)
    shown = page_frame(stage, 0)
    assert shown.opened is None and shown.interventions == () and shown.ghost is None
    fresh = page_frame(stage, 1).comparison.racer("lstm").network.parameters.weight_hh
    for frame in (shown, page_frame(stage, 1)):
        np.testing.assert_array_equal(frame.comparison.racer("lstm").network.parameters.weight_hh, fresh)
        assert frame.comparison.interventions == ()
