"""What is held in a heat map of units by timesteps: outlined on its own panel, told by a bar on the others."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import Clamp, Freeze, quantities_of
from lstmviz.stage.inspect_frame import InspectPart, Panel
from lstmviz.views import fonts
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.spans import BAR, paint_bar, paint_outline, paint_tag, words
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme

TITLE_ROOM = 190  # pixels at the left of a panel's title row that its name and symbol take; a tag keeps off
SCALE_ROOM = 110  # and at the right


class HeldPlaces:
    """The clamps and frozen stretches of one network."""

    def __init__(self) -> None:
        self._cell = ""
        self._held: tuple[Clamp | Freeze, ...] = ()
        self._known: tuple[str, ...] = ()

    def draw(self, frame: Frame, cell: str) -> bool:
        """Take what is held; True when it is something else than before."""
        held = tuple(
            one for one in frame.interventions if isinstance(one, Clamp | Freeze) and one.on and one.cell == cell
        )
        self._known = quantities_of(frame.settings, cell) if cell in frame.settings.cells else ()
        changed = (cell, held) != (self._cell, self._held)
        self._cell, self._held = cell, held
        return changed

    def may_hold(self, quantity: str) -> bool:
        """Whether a quantity can be held."""
        return quantity in self._known

    def boxes(self, one: Clamp | Freeze, part: InspectPart, field: QRectF, span: Span) -> list[QRectF]:
        """Where the units of a clamp stand: one box, or several where its units are not neighbours."""
        if one.first > span.timesteps:
            return []
        left, right = span.edge(one.first), span.edge(min(one.last, span.timesteps)) + span.pitch
        tall = field.height() / len(part.order)
        rows = sorted(part.order.index(unit) for unit in one.units if unit < len(part.order))
        runs = [(0, len(part.order) - 1)] if not one.units else _runs(rows)
        return [QRectF(left, field.top() + a * tall, right - left, (b - a + 1) * tall) for a, b in runs]

    def paint(
        self, painter: QPainter, panel: Panel, part: InspectPart, where: tuple[QRectF, Span], theme: Theme
    ) -> None:
        """Paint what is held into a panel's field, given with its timesteps."""
        field, span = where
        mine, others = [], set()
        for one in self._held:
            states = isinstance(one, Freeze) and panel.quantity in ("c", "h")
            if states or (isinstance(one, Clamp) and one.quantity == panel.quantity):
                mine.append(one)
            elif one.first <= span.timesteps:
                others.add((one.first, min(one.last, span.timesteps)))
        for first, last in sorted(others):
            left = span.edge(first)
            box = QRectF(left, field.top() - 1, span.edge(last) + span.pitch - left, BAR)
            paint_bar(painter, box, theme)
        for one in mine:
            for box in self.boxes(one, part, field, span):
                paint_outline(painter, box.adjusted(0.5, 0.5, -1.5, -1.5), theme)
        if mine and mine[-1].first <= span.timesteps:
            self._paint_tag(painter, words(mine[-1:]), span.edge(mine[-1].first), field, theme)

    @staticmethod
    def _paint_tag(painter: QPainter, text: str, x: float, field: QRectF, theme: Theme) -> None:
        """What is held, in the title row of its panel, where there is room."""
        wide = ink.text_width(text, fonts.text(12, 600)) + 14
        low, high = field.left() + fonts.scaled(TITLE_ROOM), field.right() - fonts.scaled(SCALE_ROOM) - wide
        if high >= low:
            place = QRectF(min(max(x, low), high), 1, wide, fonts.scaled(18))
            paint_tag(painter, place, text, theme)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbouring rows together: [1, 2, 5] is (1, 2) and (5, 5)."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
