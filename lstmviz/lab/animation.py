"""Pictures in a row as an animated GIF, with one palette for all of them: no flicker, and a third of the size."""

import io
from collections.abc import Sequence

from PIL import Image

COLOURS = 128


def gif_bytes(pictures: Sequence[tuple[int, int, bytes]], milliseconds: Sequence[int]) -> bytes:
    """An animated GIF that repeats for ever.

    Parameters
    ----------
    pictures : sequence of (int, int, bytes)
        Width, height and RGB bytes, row by row; all of one size, at least one.
    milliseconds : sequence of int
        How long each picture stays.
    """
    images = [Image.frombytes("RGB", (width, height), data) for width, height, data in pictures]
    # The last picture of a sweep shows every colour; the first one shows the colours that are painted over.
    both = Image.new("RGB", (images[0].width, 2 * images[0].height))
    both.paste(images[0], (0, 0))
    both.paste(images[-1], (0, images[0].height))
    palette = both.quantize(COLOURS)
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=list(milliseconds), loop=0, optimize=False
    )
    return buffer.getvalue()
