"""``lstmviz train``: options, files, Ctrl-C, own data, and one line for whatever is wrong."""

import csv
import json
import signal
import threading

import numpy as np
import pytest

from lstmviz import cli
from lstmviz.cli_train import recipe_options, setting_options
from lstmviz.files import read_safetensors
from lstmviz.lab.comparison import readout_for
from lstmviz.lab.history import network_bytes
from lstmviz.lab.network import LSTM
from lstmviz.lab.recipe import Recipe, Schedule
from lstmviz.lab.run_keys import RECIPE
from lstmviz.lab.settings import FIELDS, Settings
from lstmviz.lab.training import Training
from lstmviz.lab.weights import load_network, save_network

SMALL = ["--gap", "6", "--hidden", "4", "--updates", "30"]


def run(capsys, *arguments):
    code = cli.main(["train", *arguments])
    return code, *capsys.readouterr()


def refused(capsys, *arguments):
    try:
        code = cli.main(["train", *arguments])
    except SystemExit as exit_:
        code = exit_.code
    out, err = capsys.readouterr()
    assert code == 2 and out == "" and err.count("\n") == 1
    return err.strip()


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def trained(settings, recipe=None, updates=30):
    training = Training(settings, recipe)
    for _ in range(updates):
        training.advance()
    return training


def test_every_setting_and_all_of_the_recipe_have_an_option():
    assert {key for key, _, _ in setting_options().values()} == set(FIELDS) - {"batch"}
    assert {key for key, _, _ in recipe_options().values()} == set(RECIPE)
    assert not set(setting_options()) & set(recipe_options())
    assert all(text for _, text, _ in recipe_options().values())


def test_the_weights_written_are_those_of_the_training_bit_for_bit(tmp_path, capsys):
    code, out, _ = run(
        capsys, *SMALL, "-o", str(tmp_path / "w.safetensors"), "--input-dropout", "0.2", "--optimiser", "sgd"
    )
    assert code == 0 and files(tmp_path) == ["w.lstm.safetensors", "w.rnn.safetensors"]
    again = trained(Settings(gap=6, hidden=4), Recipe(input_dropout=0.2, optimiser="sgd"))
    for cell, (network, readout) in zip(("rnn", "lstm"), again.networks(), strict=True):
        path = tmp_path / f"w.{cell}.safetensors"
        for found, expected in zip(load_network(path).weights(), network.weights(), strict=True):
            np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(read_safetensors(path)["readout.weight"], readout.weight)
    assert "LSTM" in out and "solved at update" in out


def test_one_network_goes_to_the_very_file_that_was_named(tmp_path, capsys):
    run(capsys, *SMALL, "--cells", "gru", "-o", str(tmp_path / "only.safetensors"))
    assert files(tmp_path) == ["only.safetensors"]
    assert load_network(tmp_path / "only.safetensors").cell == "gru"


def test_training_resumed_from_a_file_goes_on_as_if_it_had_never_ended(tmp_path, capsys):
    path, options = str(tmp_path / "w.safetensors"), ["--schedule", "cosine", "--input-dropout", "0.1"]
    run(capsys, *SMALL, *options, "-o", path)
    code, out, _ = run(capsys, *SMALL, *options, "--updates", "12", "--resume", path, "--history", "-")
    history = json.loads(out)
    recipe = Recipe(schedule=Schedule("cosine"), input_dropout=0.1)
    whole = trained(Settings(gap=6, hidden=4), recipe, 42).progress()
    assert code == 0 and history["updates_before"] == 30
    assert [network["losses"] for network in history["networks"]] == [list(losses[30:]) for losses in whole.losses]
    assert history["learning_rates"] == list(whole.learning_rates[30:])


def test_weights_of_another_program_are_trained_on_with_a_fresh_optimiser(tmp_path, capsys):
    path = tmp_path / "w.safetensors"
    network = LSTM(8, 4, seed=3)
    save_network(network, path)
    _, out, _ = run(capsys, *SMALL, "--cells", "lstm", "--updates", "1", "--resume", str(path), "--history", "-")
    readout = readout_for(Settings(gap=6, hidden=4), "lstm")
    settings = Settings(gap=6, hidden=4, cells=("lstm",))
    expected = Training(settings, networks=[(network, readout)]).advance()
    assert json.loads(out)["networks"][0]["losses"] == [expected.losses[0][0]]


def test_networks_trained_for_different_times_are_not_resumed_together(tmp_path, capsys):
    path = str(tmp_path / "w.safetensors")
    run(capsys, *SMALL, "-o", path)
    run(capsys, *SMALL, "--updates", "5", "--cells", "lstm", "-o", str(tmp_path / "w.lstm.safetensors"))
    line = "--resume: updates: the networks have been trained by 30, 5 updates (the same number)"
    assert refused(capsys, *SMALL, "--resume", path) == line


@pytest.mark.parametrize("told", [-1.0, 0.5, 1e12, float("nan")])
def test_a_number_of_updates_that_cannot_be_is_refused(tmp_path, capsys, told):
    path, training = tmp_path / "w.safetensors", trained(Settings(gap=6, hidden=4, cells=("lstm",)), updates=1)
    path.write_bytes(network_bytes(training.runners[0], "adam", told))
    assert "training.updates" in refused(capsys, *SMALL, "--cells", "lstm", "--resume", str(path))


def test_the_history_holds_every_update_and_every_test(tmp_path, capsys):
    table, tree = tmp_path / "h.csv", tmp_path / "h.json"
    run(capsys, *SMALL, "--test-every", "10", "--history", str(table))
    run(capsys, *SMALL, "--test-every", "10", "--history", str(tree))
    rows, found = list(csv.DictReader(table.read_text().splitlines())), json.loads(tree.read_text())
    progress = trained(Settings(gap=6, hidden=4), Recipe(test_every=10)).progress()
    assert [float(row["lstm_loss"]) for row in rows] == list(progress.losses[1]) == found["networks"][1]["losses"]
    assert [float(row["rnn_grad_norm"]) for row in rows] == list(progress.norms[0])
    assert [row["update"] for row in rows if row["lstm_score"]] == ["10", "20", "30"]
    assert [test["score"] for test in found["networks"][1]["tests"]] == [one.score for one in progress.examinations[1]]
    assert found["recipe"]["test_every"] == 10 and found["settings"]["gap"] == 6


def test_networks_that_stop_early_have_shorter_columns(tmp_path, capsys):
    table = tmp_path / "h.csv"
    options = ["--early-stopping", "1", "--test-every", "3", "--sequences", "6", "--cells", "rnn,lstm"]
    code, out, _ = run(capsys, *SMALL, "--updates", "200", *options, "--history", str(table))
    rows = list(csv.DictReader(table.read_text().splitlines()))
    lengths = {sum(row[f"{cell}_loss"] != "" for row in rows) for cell in ("rnn", "lstm")}
    assert code == 0 and "best update" in out
    assert len(lengths) == 2 and max(lengths) == len(rows)


def test_ctrl_c_keeps_what_is_trained_and_writes_it(tmp_path, capsys, monkeypatch):
    real = Training.advance

    def advance(self, stop=None):
        if self.trained == 7:
            signal.raise_signal(signal.SIGINT)
        return real(self, stop)

    monkeypatch.setattr(Training, "advance", advance)
    before = signal.getsignal(signal.SIGINT)
    code, out, _ = run(capsys, *SMALL, "-o", str(tmp_path / "w.safetensors"), "--history", str(tmp_path / "h.csv"))
    assert code == 130 and signal.getsignal(signal.SIGINT) is before
    assert len((tmp_path / "h.csv").read_text().splitlines()) == 8
    network = trained(Settings(gap=6, hidden=4), updates=7).networks()[1][0]
    np.testing.assert_array_equal(load_network(tmp_path / "w.lstm.safetensors").weights()[0], network.weights()[0])
    assert "7 updates" in out


def test_training_ends_once_every_network_has_solved_the_task_when_asked_to(capsys):
    _, out, _ = run(capsys, "--gap", "5", "--cells", "lstm", "--updates", "2000", "--until-solved", "--history", "-")
    found = json.loads(out)
    assert found["updates"] == found["networks"][0]["solved_at"] < 2000


def test_a_column_of_ones_own_table_is_forecast(tmp_path, capsys):
    rows = "\n".join(f"{k},{np.sin(k / 3):.5f}" for k in range(300))
    (tmp_path / "series.csv").write_text("day,level\n" + rows + "\n")
    code, out, _ = run(capsys, *SMALL, "--data", str(tmp_path / "series.csv"), "--column", "level", "--horizon", "2")
    assert code == 0 and "series.csv: level" in out and "skill" in out


def test_ones_own_text_is_learned_letter_by_letter(tmp_path, capsys):
    (tmp_path / "own.txt").write_text("the rain in spain stays mainly in the plain. " * 30)
    code, out, _ = run(capsys, *SMALL, "--data", str(tmp_path / "own.txt"))
    assert code == 0 and "own.txt" in out
    code, _, err = run(capsys, *SMALL, "--data", str(tmp_path / "own.txt"), "--column", "1")
    assert code == 2 and "--column: a text has no columns and no rows" in err
    code, _, err = run(capsys, "--data", str(tmp_path / "own.txt"), "--gap", "9999")
    assert code == 2 and "9999 is too large for the task Letters of own.txt" in err


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--clip", "0"], "lstmviz train: --clip: 0.0 is out of range (above 0)"),
        (["--batch", "many"], "lstmviz train: --batch: many is no number of this kind (a whole number)"),
        (["--gap", "1"], "lstmviz train: --gap: 1 is too small (2 to 9999)"),
        (["--optimiser", "newton"], "lstmviz train: --optimiser: newton is unknown (sgd, momentum, rmsprop, adam)"),
        (["--schedule", "step"], "lstmviz train: --schedule: step is unknown (constant, staircase, cosine)"),
        (["--updates", "0"], "lstmviz train: --updates: 0 is too small (1 to 1000000)"),
        (["--history", "h.xls"], "h.xls: --history: unknown kind of file for a history (.csv, .json)"),
        (["-o", "w.pt"], "w.pt: --output: unknown kind of file for weights (.safetensors)"),
        (["--column", "x"], "lstmviz train: --column: there is no table (together with --data F.csv)"),
        (["--task", "order", "--gap", "2"], "lstmviz train: gap: 2 is too small for the task order (3 to 9999)"),
        (["--cells", ","], "lstmviz train: --cells: "),
        (["--truncated"], "lstmviz train: --truncated: only an LSTM has a cell state (together with --cells lstm)"),
        (["--nonsense"], "lstmviz: options: unrecognized arguments: --nonsense (lstmviz --help)"),
    ],
)
def test_whatever_is_wrong_is_told_in_one_line_before_any_work(options, line, capsys, monkeypatch):
    monkeypatch.setattr(Training, "advance", lambda self, stop=None: pytest.fail("it has begun"))
    assert refused(capsys, *options).startswith(line)


def test_weights_of_another_size_are_refused_in_one_line(tmp_path, capsys):
    path = str(tmp_path / "w.safetensors")
    run(capsys, *SMALL, "--cells", "lstm", "-o", path)
    assert (
        refused(capsys, "--cells", "lstm", "--hidden", "5", "--resume", path)
        == f"{path}: units: 4 does not fit (needs 5)"
    )
    assert "cell: lstm does not fit (needs gru)" in refused(capsys, "--cells", "gru", "--hidden", "4", "--resume", path)
    line = refused(capsys, "--cells", "lstm", "--hidden", "4", "--task", "order", "--gap", "6", "--resume", path)
    assert "readout.weight: shape 2x4 does not fit the task order (needs 4x4)" in line


def test_a_training_told_to_stop_by_a_thread_of_its_own_is_whole(capsys):
    training, stop = Training(Settings(gap=6, hidden=4)), threading.Event()
    training.advance(stop)
    stop.set()
    training.advance(stop)
    assert training.trained == training.update == 1
