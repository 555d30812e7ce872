"""Pictures in a row as an animated GIF, with one palette for all of them: no flicker, and a third of the size."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

COMMON, VIVID = 156, 96  # colours of the palette chosen among all pixels, and among the vivid ones
VIVID_FROM = 60  # difference of the largest and the smallest channel, 0 to 255


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
    palette = _palette(both)
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=list(milliseconds), loop=0, optimize=False
    )
    return buffer.getvalue()


def _palette(image: Image.Image) -> Image.Image:
    """Up to 252 colours for an image in which most pixels are grounds and the few vivid ones carry the meaning."""
    pixels = np.asarray(image).reshape(-1, 3)
    vivid = pixels[np.ptp(pixels.astype(np.int16), axis=1) >= VIVID_FROM]
    chosen = _chosen(pixels, COMMON) + (_chosen(vivid, VIVID) if len(vivid) else [])
    palette = Image.new("P", (1, 1))
    palette.putpalette(chosen)
    return palette


def _chosen(pixels: np.ndarray, colours: int) -> list[int]:
    row = Image.fromarray(np.ascontiguousarray(pixels[None]), "RGB")
    return list(row.quantize(colours, Image.Quantize.MEDIANCUT).getpalette() or [])[: 3 * colours]
