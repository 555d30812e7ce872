"""Films: every picture is there, as long as it should be, in the colours it was drawn in."""

import io

import numpy as np
import pytest
from PIL import Image

from lstmviz.files import BadInput
from lstmviz.lab import animation
from lstmviz.lab.animation import check_film, film_bytes, gif_bytes


def plain(colour):
    return 8, 4, bytes(colour) * 32


def test_every_picture_is_shown_as_long_as_it_should_be():
    picture = Image.open(io.BytesIO(gif_bytes([plain((255, 0, 0)), plain((0, 0, 255))], [40, 2000])))
    seen = []
    for number in range(picture.n_frames):
        picture.seek(number)
        seen.append((picture.info["duration"], tuple(np.asarray(picture.convert("RGB"))[0, 0])))
    assert seen == [(40, (255, 0, 0)), (2000, (0, 0, 255))]
    assert picture.info["loop"] == 0


def test_the_same_pictures_give_the_same_bytes():
    pictures = [plain((1, 2, 3)), plain((200, 100, 50))]
    assert gif_bytes(pictures, [20, 20]) == gif_bytes(pictures, [20, 20])


def test_an_animated_png_keeps_every_colour():
    rng = np.random.default_rng(0)
    pictures = [(8, 4, rng.integers(0, 256, 96, np.uint8).tobytes()) for _ in range(3)]
    film = Image.open(io.BytesIO(film_bytes(".apng", pictures, [40, 40, 2000])))
    assert film.n_frames == 3 and film.info["loop"] == 0
    for number, (_, _, data) in enumerate(pictures):
        film.seek(number)
        assert film.convert("RGB").tobytes() == data
    assert film.info["duration"] == 2000


def test_packing_tells_how_far_it_is_and_ends_when_told():
    pictures, seen = [plain((k, 2, 3)) for k in range(5)], []
    film_bytes(".gif", pictures, [20] * 5, lambda done, total: seen.append((done, total)))
    assert seen == [(k, 5) for k in range(1, 6)]

    class Stopped(Exception):
        pass

    def stop(done, total):
        if done == 2:
            raise Stopped

    for ending in (".gif", ".apng"):
        with pytest.raises(Stopped):
            film_bytes(ending, pictures, [20] * 5, stop)


def test_without_its_package_an_mp4_is_refused_with_the_line_that_mends_it(monkeypatch):
    monkeypatch.setattr(animation.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r'a.mp4: MP4 needs a package .* \(pip install "lstmviz\[mp4\]"'):
        check_film(".mp4", "a.mp4")
    check_film(".gif", "a.gif")


def test_an_mp4_shows_every_picture_as_long_as_it_should_be():
    av = pytest.importorskip("av")
    pictures = [(65, 33, bytes(colour) * (65 * 33)) for colour in ((200, 30, 30), (30, 30, 200))]
    with av.open(io.BytesIO(film_bytes(".mp4", pictures, [50, 2000]))) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert frames[0].shape == (32, 64, 3) and len(frames) == 102
    reds = [int(frame[16, 32, 0]) for frame in frames]
    assert all(abs(red - 200) < 12 for red in reds[:2]) and all(abs(red - 30) < 12 for red in reds[2:])
