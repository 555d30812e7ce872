"""A drawing surface with two forms, PNG pixels and SVG text, for figures made without a window.

Words used in this file
    point     x to the right, y downwards, in pixels of the finished figure
    anchor    "start", "middle" or "end": which end of a text stands at its point
"""

import io
import xml.sax.saxutils
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont

from lstmviz.resources import resource

Point = tuple[float, float]
FACES = {400: "Inter_400Regular.ttf", 600: "Inter_600SemiBold.ttf", 700: "Inter_700Bold.ttf"}


class Canvas(Protocol):
    """What a figure needs to be drawn."""

    def line(self, points: list[Point], colour: str, width: float, dash: tuple[float, float] | None = None) -> None:
        """A line through all points."""

    def shape(self, points: list[Point], colour: str) -> None:
        """A filled polygon."""

    def text(self, point: Point, text: str, size: float, colour: str, anchor: str = "start", weight: int = 400) -> None:
        """One line of text; y is the baseline."""


class PixelCanvas:
    """Draws into an image, at ``scale`` pixels per point, smoothed by drawing twice as large."""

    SMOOTH = 2

    def __init__(self, width: int, height: int, ground: str, scale: float = 1.0) -> None:
        self._factor = scale * self.SMOOTH
        self.size = (round(width * scale), round(height * scale))
        self._image = Image.new("RGB", (round(width * self._factor), round(height * self._factor)), ground)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: list[Point], colour: str, width: float, dash: tuple[float, float] | None = None) -> None:
        """A line through all points."""
        drawn = max(1, round(width * self._factor))
        for stretch in [points] if dash is None else dashes(points, dash):
            self._draw.line([self._at(point) for point in stretch], fill=colour, width=drawn, joint="curve")

    def shape(self, points: list[Point], colour: str) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def text(self, point: Point, text: str, size: float, colour: str, anchor: str = "start", weight: int = 400) -> None:
        """One line of text; y is the baseline."""
        place = {"start": "ls", "middle": "ms", "end": "rs"}[anchor]
        self._draw.text(self._at(point), text, fill=colour, font=face(weight, round(size * self._factor)), anchor=place)

    def image(self) -> Image.Image:
        """The finished image."""
        return self._image.resize(self.size, Image.Resampling.LANCZOS)

    def png(self) -> bytes:
        """The finished image as a PNG file."""
        buffer = io.BytesIO()
        self.image().save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def _at(self, point: Point) -> Point:
        return point[0] * self._factor, point[1] * self._factor


class SvgCanvas:
    """Writes SVG; text stays text."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="Inter, sans-serif">'
        )
        self._parts = [f'<rect width="{width}" height="{height}" fill="{ground}"/>']

    def line(self, points: list[Point], colour: str, width: float, dash: tuple[float, float] | None = None) -> None:
        """A line through all points."""
        dashed = f' stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ""
        self._parts.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linejoin="round"{dashed}/>'
        )

    def shape(self, points: list[Point], colour: str) -> None:
        """A filled polygon."""
        self._parts.append(f'<polygon points="{_points(points)}" fill="{colour}"/>')

    def text(self, point: Point, text: str, size: float, colour: str, anchor: str = "start", weight: int = 400) -> None:
        """One line of text; y is the baseline."""
        self._parts.append(
            f'<text x="{point[0]:.1f}" y="{point[1]:.1f}" font-size="{size:g}" font-weight="{weight}" fill="{colour}" '
            f'text-anchor="{anchor}">{xml.sax.saxutils.escape(text)}</text>'
        )

    def svg(self) -> bytes:
        """The finished figure."""
        return "\n".join([self._head, *self._parts, "</svg>", ""]).encode()


@lru_cache(maxsize=32)
def face(weight: int, pixels: int) -> ImageFont.FreeTypeFont:
    """The interface's text face in one size."""
    data = resource("assets", "fonts", "inter", FACES[weight]).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), pixels)


def text_width(text: str, size: float, weight: int = 400) -> float:
    """Width of a text in pixels of the finished figure."""
    return face(weight, 100).getlength(text) * size / 100


def dashes(points: list[Point], dash: tuple[float, float]) -> list[list[Point]]:
    """The stretches of a polyline that a dash pattern (drawn, left out) draws."""
    drawn, left, on = [[points[0]]], dash[0], True
    for start, end in pairwise(points):
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        done = 0.0
        while length - done > left:
            done += left
            share = done / length
            here = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            if on:
                drawn[-1].append(here)
            else:
                drawn.append([here])
            on, left = not on, dash[0] if not on else dash[1]
        left -= length - done
        if on:
            drawn[-1].append(end)
    return [stretch for stretch in drawn if len(stretch) > 1]


def _points(points: list[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
