"""Animated GIFs: every picture is there, as long as it should be, in the colours it was drawn in."""

import io

import numpy as np
from PIL import Image

from lstmviz.lab.animation import gif_bytes


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
