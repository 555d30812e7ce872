"""The command line as a person uses it: tables, files, one line for what is bad, and exit codes."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from lstmviz.cli import main
from lstmviz.engine.variant import VARIANTS
from lstmviz.files import npz_bytes
from lstmviz.lab.comparison import compare
from lstmviz.lab.network import LSTM
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.weights import save_network, tensors_of_network
from tests.sources import ROOT

DATA = ROOT / "tests" / "data"


def run(*arguments):
    """Run a command as a new process, as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "lstmviz", *map(str, arguments)], capture_output=True, timeout=120, check=False
    )


def test_compare_prints_a_table_that_a_person_reads(capsys):
    assert main(["compare", "--gap", "20", "--cells", "rnn,lstm,gru"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("RNN", "LSTM", "GRU", "share", "half-life", "forget bias 3"))
    assert "Of the gradient at t = 21, this share reaches t = 1" in out


def test_compare_writes_each_kind_of_file(tmp_path, capsys):
    names = {"--json": "a.json", "--csv": "a.csv", "--npz": "a.npz", "--figure": "a.svg"}
    options = [part for option, name in names.items() for part in (option, str(tmp_path / name))]
    assert main(["compare", "--gap", "6", "--seed", "3", *options]) == 0
    expected = compare(gap=6, seed=3, engine="kernels")
    said = json.loads((tmp_path / "a.json").read_bytes())
    assert said == json.loads(expected.to_json())
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1 + 8
    kept = np.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(kept["lstm.d_h"], expected.racers[1].trace.gradients.h)
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<svg")
    assert capsys.readouterr().out.count("wrote ") == 4


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("gif", b"GIF89a"), ("svg", b"<svg")])
def test_the_figure_follows_its_ending(tmp_path, ending, magic):
    path = tmp_path / f"race.{ending}"
    assert main(["compare", "--gap", "5", "--figure", str(path)]) == 0
    assert path.read_bytes().startswith(magic)


def test_a_dash_prints_the_file_alone_on_standard_output():
    done = run("compare", "--gap", 5, "--json", "-")
    assert json.loads(done.stdout)["settings"]["gap"] == 5
    assert b"share" in done.stderr and done.returncode == 0


def test_training_updates_are_counted_in_what_is_written(capsysbinary):
    assert main(["compare", "--gap", "4", "--updates", "12", "--json", "-"]) == 0
    said = json.loads(capsysbinary.readouterr().out)
    assert said["settings"]["updates"] == 12
    assert said["networks"][1]["loss"] != compare(gap=4).to_dict()["networks"][1]["loss"]


def test_chrono_is_taken_as_a_forget_bias(capsysbinary):
    assert (
        main(["compare", "--forget-bias", "chrono", "--init", "identity", "--fair", "parameters", "--json", "-"]) == 0
    )
    assert json.loads(capsysbinary.readouterr().out)["settings"]["forget_bias"] == "chrono"


@pytest.mark.parametrize("loss", ["last", "all"])
@pytest.mark.parametrize("name", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
def test_trace_writes_what_pytorch_computed(tmp_path, name, loss):
    expected = dict(np.load(DATA / f"{name}_{loss}.npz"))
    weights = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    (tmp_path / "net.npz").write_bytes(npz_bytes({key: expected[key] for key in weights}))
    np.save(tmp_path / "x.npy", expected["x"])
    np.save(tmp_path / "w.npy", expected["loss_weight"])
    options = ["--loss", loss, "--loss-weight", str(tmp_path / "w.npy")]
    if name == "rnn_relu":
        options += ["--activation", "relu"]
    paths = [str(tmp_path / name) for name in ("net.npz", "x.npy")]
    assert main(["trace", *paths, "-o", str(tmp_path / "out.npz"), *options]) == 0
    found = np.load(tmp_path / "out.npz")
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=1e-12, atol=1e-13, err_msg=key)


def test_trace_reads_safetensors_and_csv(tmp_path, capsys):
    save_network(LSTM(2, 4, seed=1), tmp_path / "net.safetensors")
    (tmp_path / "x.csv").write_text("a,b\n1,0.5\n0,-1\n0.25,2\n", encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("net.safetensors", "x.csv")]
    assert main(["trace", *paths, "-o", str(tmp_path / "out.npz")]) == 0
    assert np.load(tmp_path / "out.npz")["h"].shape == (4, 1, 4)
    assert "LSTM, 4 units, 3 timesteps" in capsys.readouterr().out


@pytest.mark.parametrize("variant", ["cifg", "peephole", "fgr"])
def test_trace_serves_a_variant_that_the_file_or_an_option_names(tmp_path, capsys, variant):
    network = LSTM(2, 4, variant=variant, seed=1)
    save_network(network, tmp_path / "told.safetensors")
    (tmp_path / "untold.npz").write_bytes(npz_bytes(tensors_of_network(network)))
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(5, 1, 2)))
    found = []
    for weights, options in (("told.safetensors", []), ("untold.npz", ["--variant", variant])):
        paths = [str(tmp_path / name) for name in (weights, "x.npy")]
        assert main(["trace", *paths, "-o", str(tmp_path / "out.npz"), *options]) == 0
        found.append(dict(np.load(tmp_path / "out.npz")))
        assert VARIANTS[variant].title in capsys.readouterr().out
    assert found[0].keys() == found[1].keys()
    for name in found[0]:
        np.testing.assert_array_equal(found[0][name], found[1][name])
    extra = {"peephole": "d_peephole", "fgr": "d_weight_gates"}.get(variant, "d_weight_hh")
    assert np.all(found[0][extra] != 0)


def test_trace_to_standard_output_is_an_npz(tmp_path):
    save_network(LSTM(1, 2), tmp_path / "net.safetensors")
    (tmp_path / "x.csv").write_text("1\n0\n", encoding="utf-8")
    done = run("trace", tmp_path / "net.safetensors", tmp_path / "x.csv", "-o", "-")
    assert np.load(io.BytesIO(done.stdout))["x"].shape == (2, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "--gap", "1"], "lstmviz compare: --gap: 1 is too small (2 to 9999)"),
        (["compare", "--gap", "x"], "lstmviz compare: --gap: x is not a number (2 to 9999)"),
        (["compare", "--hidden", "513"], "lstmviz compare: --hidden: 513 is too large (1 to 512)"),
        (["compare", "--task", "sort"], f"lstmviz compare: --task: sort is unknown ({', '.join(TASKS)})"),
        (["compare", "--cells", ""], 'lstmviz compare: --cells: "" is unknown (one or more of rnn, lstm, gru)'),
        (["compare", "--forget-bias", "11"], "lstmviz compare: --forget-bias: 11 is too large (-2 to 10 or chrono)"),
        (
            ["compare", "--forget-bias", "nan"],
            "lstmviz compare: --forget-bias: nan is not a number (-2 to 10 or chrono)",
        ),
        (["compare", "--gain", "-0.1"], "lstmviz compare: --gain: -0.1 is too small (0 to 3)"),
        (["compare", "--updates", "5001"], "lstmviz compare: --updates: 5001 is too large (0 to 5000)"),
        (["compare", "--updates", "many"], "lstmviz compare: --updates: many is not a whole number (0 to 5000)"),
        (["compare", "--seed", "-1"], "lstmviz compare: --seed: -1 is too small (0 to 9999)"),
        (
            ["compare", "--task", "order", "--gap", "2"],
            "lstmviz compare: gap: 2 is too small for the task order (3 to 9999)",
        ),
        (["compare", "--figure", "race.pdf"], "race.pdf: --figure: unknown kind of picture (.png, .svg, .gif)"),
        (
            ["compare", "--json", "-", "--csv", "-"],
            "lstmviz compare: -: standard output was asked for twice (one file at most)",
        ),
        (["picture", "race", "-o", "a.png", "--size", "big"], "lstmviz picture: --size: big is no size (1920x1080)"),
        (
            ["picture", "race", "-o", "a.png", "--size", "9x9"],
            "lstmviz picture: --size: 9x9 is out of range (640x400 to 7680x4320)",
        ),
        (
            ["picture", "race", "-o", "a.png", "--size", f"{'9' * 5000}x3"],
            f"lstmviz picture: --size: {'9' * 26}…{'9' * 13} is no size (1920x1080)",
        ),
        (
            ["compare", "--updates", "9" * 5000],
            f"lstmviz compare: --updates: {'9' * 26}…{'9' * 13} is not a whole number (0 to 5000)",
        ),
        (
            ["compare", "--json", "a", "--csv", "a"],
            "a: cannot be saved: the same command reads or writes this file already (nothing was changed)",
        ),
        (
            ["compare", "--json", "a.json", "--csv", "none/a.csv"],
            "none/a.csv: cannot be saved: there is no such file or folder (nothing was changed)",
        ),
        (
            ["open", "a.docx"],
            "a.docx: this kind of file is not opened (.safetensors, .npz, .csv, .tsv, .txt, .lstmviz, .md)",
        ),
        (["open", "a.npz"], "a.npz: there is no such file (needs weights, .safetensors or .npz)"),
        (
            ["picture", "race", "-o", "a.bmp"],
            "a.bmp: -o: unknown kind of picture (.png, .svg, .pdf, .gif, .apng, .mp4, .csv, .npz)",
        ),
        (
            ["picture", "race", "-o", "a.png", "--set", "gap"],
            "lstmviz picture: --set: gap has no key and value (KEY=VALUE)",
        ),
    ],
)
def test_a_bad_value_is_one_line_and_exit_code_2(arguments, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert capsys.readouterr().err == says + "\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["compare", "--lag", "3"], ["race"], ["trace", "a"], ["picture", "kitchen", "-o", "x"]]
)
def test_an_unknown_option_or_command_is_one_line_and_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    err = capsys.readouterr().err
    assert stop.value.code == 2 and err.count("\n") == 1 and err.startswith("lstmviz")


@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.pkl", "net.h5", "net.keras", "net.onnx"])
def test_a_foreign_network_is_refused_and_the_way_in_is_named(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(b"\x80\x02x.")
    assert main(["trace", name, "x.csv", "-o", "out.npz"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"{name}: ") and "docs/convert.md" in err and err.count("\n") == 1
    assert not (tmp_path / "out.npz").exists()


def test_input_that_does_not_fit_the_network_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save_network(LSTM(2, 4), "net.safetensors")
    (tmp_path / "x.csv").write_text("1,2,3\n", encoding="utf-8")
    assert main(["trace", "net.safetensors", "x.csv", "-o", "out.npz"]) == 2
    assert capsys.readouterr().err == "x.csv: 3 inputs do not fit the network (needs 2)\n"


def test_a_trace_never_writes_over_what_it_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save_network(LSTM(2, 4), "net.safetensors")
    (tmp_path / "x.csv").write_text("1,2\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for output in ("net.safetensors", "./x.csv"):
        assert main(["trace", "net.safetensors", "x.csv", "-o", output]) == 2
        assert "the same command reads or writes this file already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_place_that_cannot_be_written_is_refused_before_the_training(tmp_path, capsys):
    started = time.perf_counter()
    assert main(["compare", "--updates", "5000", "--gap", "2000", "--json", str(tmp_path / "none" / "a")]) == 2
    assert time.perf_counter() - started < 5
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
@pytest.mark.parametrize("more", [[], ["--json", "-"]])
def test_a_full_standard_output_is_one_line(more):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lstmviz", "compare", "--gap", "4", *more],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    says = b"standard output: cannot be written: no space left on device (where there is room, or into a pipe)"
    assert done.stderr.splitlines()[-1] == says and b"Traceback" not in done.stderr
    assert done.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="a newline in a name is POSIX's")
def test_what_was_written_is_said_in_one_line_whatever_its_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["compare", "--gap", "4", "--json", "a\nb \U0001f600.json"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "wrote a\\nb \U0001f600.json"
    assert (tmp_path / "a\nb \U0001f600.json").exists()


def test_a_file_that_cannot_be_written_is_one_line(tmp_path, capsys):
    assert main(["compare", "--gap", "4", "--json", str(tmp_path / "none" / "a.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_display_the_main_job_runs_headless_and_says_where_it_wrote(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "RNN" in out and "LSTM" in out
    for name in ("lstmviz-race.json", "lstmviz-race.csv", "lstmviz-race.png"):
        assert (tmp_path / name).stat().st_size > 100 and name in out


def test_a_reader_that_goes_away_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "lstmviz", "compare", "--gap", "400", "--csv", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(60) == 0
    assert b"Traceback" not in err and b"BrokenPipe" not in err


def test_importing_the_package_is_quick_and_needs_neither_qt_nor_numba():
    code = (
        "import sys, time; start = time.perf_counter(); import lstmviz; took = time.perf_counter() - start;"
        "print(took, [m for m in ('PySide6', 'numba', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    took, loaded = done.stdout.split(maxsplit=1)
    assert float(took) < 0.3
    assert loaded.strip() == "[]"


def test_everything_without_a_window_works_with_qt_absent(tmp_path):
    code = (
        "import sys; sys.modules['PySide6'] = None; import lstmviz as lv;"
        "network = lv.LSTM(inputs=2, hidden=3, forget_bias=1, seed=0);"
        "import numpy as np; found = lv.trace(network, np.ones((4, 1, 2)));"
        "print(found.tape.h.shape, lv.compare(gap=5).racers[1].name);"
        "from lstmviz.cli import main; raise SystemExit(main(['compare', '--gap', '5', '--figure', sys.argv[1]]))"
    )
    path = tmp_path / "a.png"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120, check=True
    )
    assert "(5, 1, 3) LSTM" in done.stdout and path.exists()


def test_every_public_name_can_be_had():
    import lstmviz

    for name in lstmviz.__all__:
        if name != "open_app":
            assert getattr(lstmviz, name) is not None
    with pytest.raises(AttributeError):
        _ = lstmviz.lag
