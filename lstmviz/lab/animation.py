"""Pictures in a row as a film: GIF with one palette for all of them, APNG with every colour, MP4 with the extra.

Words used in this file
    picture   width, height and RGB bytes, row by row; all pictures of a film have one size
    palette   one for the whole GIF: no flicker, and a third of the size
"""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmviz.files import BadInput
from lstmviz.words import tr

if TYPE_CHECKING:
    from PIL import Image

COMMON, VIVID = 156, 96  # colours of the palette chosen among all pixels, and among the vivid ones
VIVID_FROM = 60  # difference of the largest and the smallest channel, 0 to 255
RATE = 50  # frames of an MP4 per second; a picture that stays longer is several frames
QUALITY = "16"  # of x264: 0 loses nothing, 23 is usual; letters stay sharp
EXTRA = 'pip install "lstmviz[mp4]"'
ENDINGS = (".gif", ".apng", ".mp4")

Picture = tuple[int, int, bytes]
Report = Callable[[int, int], None]  # (done, all); may raise to end it


def quietly(_done: int, _all: int) -> None:
    """The report of those who do not ask."""


def check_film(ending: str, file: str) -> None:
    """Refuse a film that cannot be made here, before any picture is.

    Raises
    ------
    BadInput
        If an MP4 is wanted and PyAV is not installed.
    """
    if ending == ".mp4" and importlib.util.find_spec("av") is None:
        raise BadInput(file, "", tr("MP4 needs a package that is not installed"), EXTRA + tr(", or .apng, .gif"))


def film_bytes(
    ending: str, pictures: Sequence[Picture], milliseconds: Sequence[int], report: Report = quietly
) -> bytes:
    """A film in the format that a file's ending names.

    Parameters
    ----------
    ending : str
        One of ``ENDINGS``.
    pictures : sequence of (int, int, bytes)
        At least one.
    milliseconds : sequence of int
        How long each picture stays.
    report : callable
        Told after each picture how many of all are done; what it raises ends the work.

    Raises
    ------
    BadInput
        As ``check_film``.
    """
    check_film(ending, ending)
    makers = {".gif": gif_bytes, ".apng": apng_bytes, ".mp4": mp4_bytes}
    return makers[ending](pictures, milliseconds, report)


def gif_bytes(pictures: Sequence[Picture], milliseconds: Sequence[int], report: Report = quietly) -> bytes:
    """An animated GIF that repeats for ever; parameters as for ``film_bytes``."""
    from PIL import Image  # when a film is made: it takes a fortieth of a second

    images = _images(pictures)
    # The last picture of a sweep shows every colour; the first one shows the colours that are painted over.
    both = Image.new("RGB", (images[0].width, 2 * images[0].height))
    both.paste(images[0], (0, 0))
    both.paste(images[-1], (0, images[0].height))
    palette = _palette(both)
    frames = []
    for number, image in enumerate(images, start=1):
        frames.append(image.quantize(palette=palette, dither=Image.Dither.NONE))
        report(number, len(images))
    return _saved("GIF", frames, milliseconds, optimize=False)


def apng_bytes(pictures: Sequence[Picture], milliseconds: Sequence[int], report: Report = quietly) -> bytes:
    """An animated PNG that repeats for ever; parameters as for ``film_bytes``.

    Programs that know no animation show the first picture.
    """
    images = _images(pictures)
    made = _saved("PNG", images, milliseconds, append_images=_Told(images[1:], report))
    report(len(images), len(images))
    return made


class _Told(list[Any]):
    """Pictures that tell when they are taken: Pillow goes through them twice, and is slow only the second time."""

    def __init__(self, images: list[Image.Image], report: Report) -> None:
        super().__init__(images)
        self._report = report

    def __iter__(self) -> Iterator[Image.Image]:
        for number, image in enumerate(super().__iter__(), start=1):
            self._report(number, len(self) + 1)
            yield image


def mp4_bytes(pictures: Sequence[Picture], milliseconds: Sequence[int], report: Report = quietly) -> bytes:
    """An MP4 film in H.264, of even width and height as that format wants it; parameters as for ``film_bytes``."""
    av: Any = importlib.import_module("av")
    width, height = (side - side % 2 for side in pictures[0][:2])
    with av.open(buffer := io.BytesIO(), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=RATE, options={"crf": QUALITY, "preset": "medium"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        ends = np.rint(np.cumsum(milliseconds) * RATE / 1000).astype(int)
        shown = zip(_images(pictures), np.diff(ends, prepend=0), strict=True)
        for number, (picture, frames) in enumerate(shown, start=1):
            pixels = np.ascontiguousarray(np.asarray(picture)[:height, :width])
            for _ in range(max(1, frames)):
                film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            report(number, len(pictures))
        film.mux(stream.encode())
    return buffer.getvalue()


def _images(pictures: Sequence[Picture]) -> list[Image.Image]:
    from PIL import Image  # when a film is made: it takes a fortieth of a second

    return [Image.frombytes("RGB", (width, height), data) for width, height, data in pictures]


def _saved(kind: str, images: list[Image.Image], milliseconds: Sequence[int], **options: Any) -> bytes:
    buffer = io.BytesIO()
    given = {"append_images": images[1:], "duration": list(milliseconds), "loop": 0} | options
    images[0].save(buffer, kind, save_all=True, **given)
    return buffer.getvalue()


def _palette(image: Image.Image) -> Image.Image:
    """Up to 252 colours for an image in which most pixels are grounds and the few vivid ones carry the meaning."""
    from PIL import Image  # when a film is made: it takes a fortieth of a second

    pixels = np.asarray(image).reshape(-1, 3)
    vivid = pixels[np.ptp(pixels.astype(np.int16), axis=1) >= VIVID_FROM]
    chosen = _chosen(pixels, COMMON) + (_chosen(vivid, VIVID) if len(vivid) else [])
    palette = Image.new("P", (1, 1))
    palette.putpalette(chosen)
    return palette


def _chosen(pixels: np.ndarray, colours: int) -> list[int]:
    from PIL import Image  # when a film is made: it takes a fortieth of a second

    row = Image.fromarray(np.ascontiguousarray(pixels[None]), "RGB")
    return list(row.quantize(colours, Image.Quantize.MEDIANCUT).getpalette() or [])[: 3 * colours]
