"""Labels of the solved marks in the loss plot: who solved the task, and at which update.

Words used in this file
    solved    the update from which the criterion of the task is met
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from lstmviz.stage.frame import TrainingFrame
from lstmviz.views import fonts
from lstmviz.views.icons import paint_mark
from lstmviz.views.race import ink
from lstmviz.views.race.flags import Points, Rect, Wanted, place
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

MARK = 9.0  # pixels
ARROW = 12.0  # pixels at the top where the arrows stand, and no label
POINTS_APART = 6.0  # pixels between two points of a curve that labels keep off


@dataclass(frozen=True, slots=True)
class SolvedLabel:
    """One label, and where it is painted."""

    cell: str
    text: str
    box: QRectF

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Mark and text on a ground of their own."""
        font, look, box = fonts.text(12, 600), theme.network(self.cell), self.box
        ink.paint_label(painter, box, "", font, theme)
        paint_mark(painter, look.mark, QPointF(box.left() + 6 + MARK / 2, box.center().y()), MARK, look.hue)
        ink.paint_text(painter, box.adjusted(MARK + 12, 0, 0, 0), self.text, font, theme.ink)


def solved(training: TrainingFrame) -> list[tuple[str, str, int]]:
    """Cell, name and update of each network that has solved the task."""
    found = zip(training.cells, training.names, training.solved_at, strict=True)
    return [(cell, name, update) for cell, name, update in found if update is not None]


def solved_labels(
    training: TrainingFrame, x_of: Callable[[float], float], scale: Scale, plot: QRectF
) -> list[SolvedLabel]:
    """A label beside each solved mark, off the playhead and, as far as there is room, off other lines and the curves.

    Parameters
    ----------
    training : TrainingFrame
    x_of : callable
        x of an update, in pixels.
    scale : Scale
        Of the losses.
    plot : QRectF
        Where the labels have to stay.
    """
    found, height = solved(training), float(fonts.scaled(19))
    texts = [tr("{name} solved at update {n}").format(name=name, n=count(update)) for _, name, update in found]
    wanted = [
        Wanted(x_of(update), height / 2, ink.text_width(text, fonts.text(12, 600)) + MARK + 20, height)
        for (_, _, update), text in zip(found, texts, strict=True)
    ]
    playhead = x_of(training.update)
    lines = [*(x_of(update) for _, _, update in found), playhead, playhead]  # twice: rather over another mark's line
    obstacles: list[Rect] = [(x - 1.5, plot.y(), 3.0, plot.height()) for x in lines]
    room = (plot.x(), plot.y() + ARROW, plot.width(), plot.height() - ARROW)
    boxes = place(wanted, room, obstacles, _points(training, x_of, scale))
    return [SolvedLabel(cell, text, QRectF(*box)) for (cell, _, _), text, box in zip(found, texts, boxes, strict=True)]


def _points(training: TrainingFrame, x_of: Callable[[float], float], scale: Scale) -> Points:
    points = [np.zeros((0, 2))]
    for means in training.means:
        updates = np.flatnonzero(np.isfinite(means))
        if len(updates):
            ends = np.array([x_of(float(updates[0])), x_of(float(updates[-1]))])  # x is linear in the update
            xs = np.interp(updates, updates[[0, -1]], ends) if len(updates) > 1 else ends[:1]
            along = np.arange(xs[0], xs[-1] + 1, POINTS_APART)
            points.append(
                np.stack([along, np.interp(along, xs, scale.y(np.asarray(means[updates], np.float64)))], axis=1)
            )
    return np.concatenate(points)
