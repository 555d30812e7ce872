"""Pictures made without a screen: as the window shows them, and the same bytes every time."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from lstmviz.files import BadInput
from lstmviz.stage.film import stops
from lstmviz.views import fonts
from lstmviz.views.export import WIDEST, widget_image
from lstmviz.views.picture import render_gif, render_svg, render_window, save_picture
from lstmviz.views.theme import DARK, PROJECTOR
from tests.views.desk import delete_now, desk, tick

SMALL = (1120, 640)


@pytest.fixture(autouse=True)
def application(qapp):
    yield
    delete_now()


def pixels(image):
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : 4 * image.width()].copy()


def test_a_picture_is_what_the_window_shows():
    with desk(size=SMALL) as window:
        window.stage.change({"gap": 12, "seed": 3})
        tick(window, 2)
        window.clearFocus()
        shown = pixels(widget_image(window))
    drawn = pixels(render_window({"gap": "12", "seed": "3"}, SMALL))
    assert (shown == drawn).all()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_command_gives_the_same_bytes(ending, tmp_path):
    # Each in a process of its own, as from a shell. Within one process, after other windows were shown, an SVG was seen
    # to differ in the last digit of a letter's outline; the cause was not found.
    paths = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for path in paths:
        command = [sys.executable, "-m", "lstmviz", "picture", "race", "-o", str(path), "--size", "1120x640"]
        subprocess.run([*command, "--set", "gap=7"], check=True, capture_output=True, timeout=120)
    one, two = (path.read_bytes().splitlines() for path in paths)
    assert [pair for pair in zip(one, two, strict=True) if pair[0] != pair[1]][:3] == []


def test_the_theme_is_the_one_asked_for():
    dark = render_window({}, SMALL, "dark")
    projector = render_window({}, SMALL, "projector")
    assert dark.pixelColor(600, 80).name().upper() == DARK.window
    assert projector.pixelColor(600, 80).name().upper() == PROJECTOR.window


def test_a_picture_of_4k_is_drawn_with_two_pixels_per_point():
    image = render_window({}, (3840, 2160))
    assert (image.width(), image.height()) == (3840, 2160)
    half = render_window({}, (1920, 1080))
    assert image.pixelColor(2000, 100) == half.pixelColor(1000, 50)


def test_the_playhead_stands_where_it_is_wanted():
    done, early = (render_window({"gap": 20, "playhead": where}, SMALL) for where in ("backward 1", "backward 17"))
    assert not (pixels(done) == pixels(early)).all()


def test_a_page_of_a_lesson_can_be_pictured():
    from lstmviz.stage.lesson_list import shipped_lessons

    with_lesson = render_window({"lesson": str(shipped_lessons()[0]), "page": "3"}, SMALL)
    assert not (pixels(with_lesson) == pixels(render_window({}, SMALL))).all()


def test_svg_needs_no_font_and_keeps_its_words():
    data = render_svg({}, SMALL)
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    assert (renderer.defaultSize().width(), renderer.defaultSize().height()) == SMALL
    assert b"<text" not in data
    assert b'aria-label="First-token recall"' in data
    assert 'aria-label="h"' in data.decode()


def test_the_sweep_as_a_gif_goes_from_the_loss_to_the_first_timestep():
    data = render_gif({"gap": 4}, SMALL)
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "GIF"
    assert picture.n_frames == 6
    assert picture.width == WIDEST[".gif"]
    assert picture.info["loop"] == 0
    assert data == render_gif({"gap": 4}, SMALL)


def test_a_long_sweep_is_shown_in_few_pictures():
    with desk() as window:
        window.stage.change({"gap": 199})
        tick(window)
        places = stops(window.stage.frame)
    assert len(places) == 50
    assert (places[0], places[-1]) == (200, 400)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("kitchen", "x.png", SMALL), "lstmviz picture: lab: kitchen is unknown (race"),
        (("race", "x.bmp", SMALL), "x.bmp: unknown kind of picture (.png, .svg, .pdf, .gif, .apng, .mp4, .csv, .npz)"),
        (("race", "x.png", SMALL, "light", {"lag": "3"}), "lstmviz picture: --set: unknown key lag"),
        (("race", "x.png", SMALL, "light", {"gap": "1"}), "lstmviz picture: --set: gap: 1 is too small (2 to 9999)"),
        (("race", "x.png", SMALL, "light", {"playhead": "7"}), "lstmviz picture: playhead: 7 is no place"),
        (("race", "x.png", SMALL, "light", {"playhead": "backward 7"}), "lstmviz picture: playhead: t = 7 is beyond"),
        (("race", "x.png", SMALL, "light", {"level": "page"}), "lstmviz picture: level: page is unknown"),
        (("race", "x.png", SMALL, "light", {"page": "2"}), "lstmviz picture: page: there is no page 2 (1 to 1)"),
        (("race", "nowhere/x.png", SMALL), "nowhere/x.png: "),
    ],
)
def test_what_cannot_be_pictured_is_refused_in_one_line(arguments, line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as refused:
        save_picture(*arguments)
    assert str(refused.value).startswith(line)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_leaves_the_text_size_as_it_was(tmp_path):
    fonts.set_text_size(1.5)
    save_picture("race", tmp_path / "x.svg", SMALL)
    assert fonts.text_size() == 1.5
    fonts.set_text_size(1.0)
    assert (tmp_path / "x.svg").read_bytes().startswith(b"<?xml")
