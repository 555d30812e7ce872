"""What is on show as files and on the clipboard: pictures, films of the walk, numbers; nothing half, nothing lost."""

import io
import re
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication
from PySide6.QtSvg import QSvgRenderer

from lstmviz.lab import animation
from lstmviz.lab.settings import Settings
from lstmviz.stage.film import stops
from lstmviz.views.export import WIDEST, formats
from tests.views.desk import delete_now, desk, press, tick

SETTINGS = Settings(gap=4, cells=("rnn", "lstm"), hidden=5)


@pytest.fixture
def window(qapp):
    with desk(SETTINGS, size=(1280, 720)) as shown:
        yield shown


def wait(window):
    """Tick until nothing is recorded or packed."""
    while window.exporter.recorder.running or window.stage.exports.busy:
        tick(window)
        time.sleep(0.002)
    tick(window)


def saved(window, path):
    window.exporter.save(str(path))
    wait(window)
    assert window.stage.frame.notice == f"Saved {path.name}"
    return path.read_bytes()


def test_a_picture_has_two_pixels_for_each_point(window, tmp_path):
    picture = Image.open(io.BytesIO(saved(window, tmp_path / "a.png")))
    assert picture.size == (2 * window.content.width(), 2 * window.content.height())


def test_a_drawing_has_the_size_of_the_figure(window, tmp_path):
    renderer = QSvgRenderer(QByteArray(saved(window, tmp_path / "a.svg")))
    assert renderer.isValid() and renderer.defaultSize() == window.content.size()


def test_a_page_has_the_size_of_the_figure_its_fonts_and_lines_and_no_date(window, tmp_path):
    data = saved(window, tmp_path / "a.pdf")
    width, height = (round(side * 0.75, 2) for side in (window.content.width(), window.content.height()))
    box = [float(number) for number in re.search(rb"/MediaBox \[([^\]]*)\]", data)[1].split()]
    assert box == pytest.approx([0, 0, width, height], abs=0.5)
    assert data.startswith(b"%PDF-") and data.count(b"/FontFile") >= 2
    images = len(re.findall(rb"/Subtype /Image", data))
    assert images < 40  # lanes and icons; a page of pixels would have no fonts
    assert time.strftime("%Y").encode() not in b"".join(re.findall(rb"Date[^\n]{0,40}", data))
    assert saved(window, tmp_path / "b.pdf") == data


@pytest.mark.parametrize("ending", ["gif", "apng"])
def test_a_film_walks_the_pass_and_puts_the_playhead_back(window, tmp_path, ending):
    before = window.stage.playback.position
    film = Image.open(io.BytesIO(saved(window, tmp_path / f"a.{ending}")))
    assert film.n_frames == 6 and film.width == min(window.content.width(), WIDEST[f".{ending}"])
    assert window.stage.playback.position == before
    stays = []
    for number in range(film.n_frames):
        film.seek(number)
        stays.append(film.info["duration"])
    assert stays[-1] == 2000 and sum(stays[:-1]) == pytest.approx(2100, abs=30)


def test_the_pictures_of_a_film_are_what_the_window_shows_there(window, tmp_path):
    film = Image.open(io.BytesIO(saved(window, tmp_path / "a.apng")))
    for number, place in enumerate(stops(window.stage.frame)):
        window.stage.seek(place)
        tick(window)
        shown = Image.open(io.BytesIO(saved(window, tmp_path / "a.png"))).convert("RGB")
        film.seek(number)
        smaller = shown.resize(film.size, Image.Resampling.BOX)
        assert np.abs(np.asarray(film.convert("RGB"), float) - np.asarray(smaller, float)).mean() < 3


def test_in_the_forward_pass_the_film_goes_forward_and_in_training_through_the_updates(window):
    window.stage.seek(2)
    tick(window)
    assert stops(window.stage.frame) == [0, 1, 2, 3, 4, 5]
    window.stage.seek(10)
    tick(window)
    assert stops(window.stage.frame) == [5, 6, 7, 8, 9, 10]
    window.stage.train(70)
    window.stage.set_level("update")
    while window.stage.desk.running:
        tick(window)
        time.sleep(0.002)
    tick(window)
    found = stops(window.stage.frame)
    assert (found[0], found[-1], len(found)) == (0, 70, 50)


def test_a_film_of_updates_waits_for_each_of_them(window, tmp_path):
    window.stage.train(4)
    window.stage.set_level("update")
    while window.stage.desk.running:
        tick(window)
        time.sleep(0.002)
    tick(window)
    film = Image.open(io.BytesIO(saved(window, tmp_path / "a.gif")))
    assert film.n_frames == 5 and window.stage.desk.update == 4


def test_esc_gives_a_film_up_and_nothing_is_saved(window, tmp_path):
    before = window.stage.playback.position
    window.exporter.save(str(tmp_path / "a.gif"))
    tick(window, 2)
    assert window.exporter.recorder.running and "Picture 1 of 6" in window.stage.frame.notice
    press(window, "Esc")
    assert not window.exporter.recorder.running and window.stage.playback.position == before
    assert "Given up" in window.stage.frame.notice and list(tmp_path.iterdir()) == []


def test_a_film_that_is_packed_is_given_up_too(window, tmp_path, monkeypatch):
    def slow(*given):
        report = given[-1]
        for number in range(10_000):
            report(number, 10_000)
            time.sleep(0.001)
        return b""

    monkeypatch.setattr("lstmviz.views.export.film_bytes", slow)
    window.exporter.save(str(tmp_path / "a.gif"))
    while not window.stage.exports.busy:
        tick(window)
    tick(window, 3)
    window.exporter.save(str(tmp_path / "b.gif"))
    assert "Another file is still being made" in window.stage.messages.notice
    press(window, "Esc")
    tick(window)
    assert not window.stage.exports.busy and list(tmp_path.iterdir()) == []


def test_a_window_that_is_closed_meanwhile_ends_the_film(window, tmp_path):
    window.exporter.save(str(tmp_path / "a.apng"))
    tick(window)
    window.close()
    assert not window.exporter.recorder.running
    window.stage.tick(0.1)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_control_gives_the_film_up_in_words(window, tmp_path):
    window.exporter.save(str(tmp_path / "a.gif"))
    tick(window)
    window.stage.change({"seed": 7})
    tick(window, 2)
    assert not window.exporter.recorder.running and "given up" in window.stage.frame.notice
    assert list(tmp_path.iterdir()) == []


def test_without_its_package_a_film_as_mp4_gets_a_line_that_helps(window, tmp_path, monkeypatch):
    monkeypatch.setattr(animation.importlib.util, "find_spec", lambda name: None)
    window.exporter.save(str(tmp_path / "a.mp4"))
    tick(window)
    assert 'pip install "lstmviz[mp4]"' in window.stage.frame.notice
    assert not window.exporter.recorder.running and list(tmp_path.iterdir()) == []


def test_the_table_is_the_engines_numbers_with_every_digit(window, tmp_path):
    lines = saved(window, tmp_path / "a.csv").decode().splitlines()
    assert lines[0] == "timestep,rnn_log10_grad_norm_h,lstm_log10_grad_norm_h"
    shown = np.array([[float(field) for field in line.split(",")] for line in lines[1:]])
    for column, cell in ((1, "rnn"), (2, "lstm")):
        flow = window.stage.frame.comparison.racer(cell).trace.flow
        np.testing.assert_array_equal(shown[:, column], flow.log10_h[1:])


def test_all_arrays_go_into_a_numpy_file(window, tmp_path):
    saved(window, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as found:
        for cell in ("rnn", "lstm"):
            racer = window.stage.frame.comparison.racer(cell)
            np.testing.assert_array_equal(found[f"{cell}.h"], racer.trace.tape.h)
            np.testing.assert_array_equal(found[f"{cell}.weight_hh"], racer.network.parameters.weight_hh)


def test_numbers_are_copied_as_a_spreadsheet_takes_them(window):
    assert window.commands.table["copy_numbers"].keys == ("Ctrl+Shift+C",)
    press(window, "Ctrl+Shift+C")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["timestep", "rnn_log10_grad_norm_h", "lstm_log10_grad_norm_h"]
    flow = window.stage.frame.comparison.racer("lstm").trace.flow
    assert [float(line.split("\t")[2]) for line in lines[1:]] == flow.log10_h[1:].tolist()
    assert "5 rows, 3 columns" in window.stage.frame.notice


def test_where_there_are_no_numbers_yet_that_is_said(window):
    window.stage.seek(0)
    tick(window)
    QGuiApplication.clipboard().setText("before")
    press(window, "Ctrl+Shift+C")
    assert "no numbers" in window.stage.frame.notice and QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("name", ["a.bmp", "a", "a.jpeg"])
def test_another_ending_is_refused_in_one_line(window, tmp_path, name):
    window.exporter.save(str(tmp_path / name))
    tick(window)
    assert f"{name}: unknown kind of file (.png, .svg, .pdf, .gif" in window.stage.frame.notice
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["png", "pdf", "gif", "npz", "csv"])
def test_a_place_that_cannot_be_written_is_told_in_one_line(window, tmp_path, ending):
    window.exporter.save(str(tmp_path / "missing" / f"a.{ending}"))
    wait(window)
    assert "cannot be saved" in window.stage.frame.notice and not window.stage.frame.banner


def test_a_name_gets_the_ending_of_the_chosen_kind(window):
    for line in formats():
        window.exporter.ask()
        dialog = window.exporter.dialog
        dialog.filterSelected.emit(line)
        ending = line.rpartition(".")[2].rstrip(")")
        assert dialog.defaultSuffix() == ending
        assert [Path(name).name for name in dialog.selectedFiles()] == [f"lstmviz-race.{ending}"]
        dialog.reject()
        delete_now()


@pytest.mark.parametrize("lab", ["cell", "learn", "inspect", "map", "claims"])
def test_every_lab_has_numbers_and_pictures(window, tmp_path, lab):
    window.open_lab(lab)
    for _ in range(200):
        tick(window)
        if not window.stage.labs.working:
            break
        time.sleep(0.01)
    for ending in ("csv", "pdf", "svg", "png"):
        assert saved(window, tmp_path / f"a.{ending}")
