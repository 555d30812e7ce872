"""Under the maps: singular values as the end grows, Lyapunov exponents, or the paths of the gradient; one time axis.

Words used in this file
    strip   the sequence unrolled: a tile per timestep, the chosen pair marked, an arrow from k to t
    plot    the box of the curves, without numbers
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.map_desk import MapDesk
from lstmviz.stage.map_frame import MapPart, Paths
from lstmviz.views import fonts
from lstmviz.views.inspect.columns import Span
from lstmviz.views.map.bands import way_colour, way_name
from lstmviz.views.map.curves import paint_exponents, paint_paths, paint_singular
from lstmviz.views.map.fan import End
from lstmviz.views.race import ink
from lstmviz.views.race.flags import spread
from lstmviz.views.race.scale import timestep_ticks
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, power, tr


class LowerPlot(QWidget):
    """One plot over timesteps and the unrolled sequence above it; a click moves the playhead.

    Parameters
    ----------
    desk : MapDesk
        Told of the timestep that is clicked.
    theme : Theme
    """

    def __init__(self, desk: MapDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self._part: MapPart | None = None
        self._frame: Frame | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Plot over timesteps"))

    def draw(self, part: MapPart, frame: Frame) -> None:
        """Show what was chosen for this place."""
        same = self._frame is not None and (self._frame.symbols, self._frame.selection) == (
            frame.symbols,
            frame.selection,
        )
        if part is not self._part or not same:
            self._part, self._frame = part, frame
            self.setAccessibleDescription(self.sentence())
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    # -- geometry ----------------------------------------------------------------------------------------------

    @property
    def timesteps(self) -> int:
        """T."""
        return len(self._frame.symbols) if self._frame is not None else 1

    def strip(self) -> QRectF:
        """Where the unrolled sequence stands."""
        plot = self.plot()
        return QRectF(plot.left(), fonts.scaled(24), plot.width(), fonts.scaled(22))

    def plot(self) -> QRectF:
        """The box of the curves."""
        top, below = fonts.scaled(24 + 22 + 14), fonts.scaled(24)
        left, right = fonts.scaled(56), fonts.scaled(118)
        return QRectF(left, top, max(self.width() - left - right, 20), max(self.height() - top - below, 20))

    def span(self) -> Span:
        """Where the timesteps stand."""
        plot = self.plot()
        return Span(plot.left(), plot.width(), self.timesteps)

    # -- words -------------------------------------------------------------------------------------------------

    def title(self) -> tuple[str, str]:
        """What is drawn, and how to read it."""
        head, remark = self._named()
        return head, self._missing() or remark

    def _missing(self) -> str:
        """Which networks have nothing here, and why."""
        part = self._part
        if part is None:
            return ""
        cells = (self._network(),) if part.lower == "paths" else tuple(NAMES)
        absent = [one for one in part.missing if one.lower == part.lower and one.cell in cells]
        return "; ".join(tr("{name}: {what}").format(name=NAMES[one.cell], what=one.why) for one in absent)

    def _named(self) -> tuple[str, str]:
        part, network = self._part, self._network()
        if part is None:
            return "", ""
        if part.lower == "singular":
            head = tr("Singular values of the product from k = {k}, as t grows").format(k=count(part.start))
            return head, tr("thick: the largest; thin: the others")
        if part.lower == "lyapunov":
            return tr("Lyapunov exponents, after t timesteps"), tr(
                "under 0 a change fades, e to this power per timestep"
            )
        of = next((paths.of for paths in part.paths if paths.cell == network), "h")
        head = tr("{name}: the ways on which ∂L/∂{of} arrived").format(name=NAMES.get(network, ""), of=of)
        return head, tr("shares, which add up to 1")

    def sentence(self) -> str:
        """The plot in words."""
        part = self._part
        if part is None:
            return ""
        missing = self._missing()
        parts = [self._named()[0] + ".", *([missing + "."] if missing else [])]
        if part.lower == "singular":
            for one in part.singular:
                text = tr("{name}: the largest is {value} at t = {t}.")
                value = power(float(one.log10[-1, 0]))
                parts.append(text.format(name=NAMES[one.cell], value=value, t=count(one.ends[-1])))
        elif part.lower == "lyapunov":
            for exponents in part.exponents:
                text = tr("{name}: the largest is {value} per timestep, half-life {half} timesteps.")
                value, half = number(float(exponents.running[-1, 0]), 2), number(exponents.half_life, 3)
                parts.append(text.format(name=NAMES[exponents.cell], value=value, half=half))
        else:
            paths = self._paths(part)
            if paths is not None and part.end <= paths.share.shape[1]:
                shares = paths.share[:, part.end - 1]
                told = ", ".join(
                    f"{way_name(way)} {number(float(share), 2)}" for way, share in zip(paths.ways, shares, strict=True)
                )
                parts.append(tr("At t = {t}: {shares}.").format(t=count(part.end), shares=told))
        return " ".join(parts)

    def _network(self) -> str:
        return self._frame.selection.network if self._frame is not None else "lstm"

    def _paths(self, part: MapPart) -> Paths | None:
        return next((paths for paths in part.paths if paths.cell == self._network()), None)

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, strip, plot, playhead."""
        part, theme = self._part, self._theme
        if part is None:
            return
        plot, span = self.plot(), self.span()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_title(painter)
            self._paint_strip(painter, part, span)
            painter.fillRect(plot, qcolor(theme.panel))
            ends = self._paint_curves(painter, part, plot, span)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.hairline, 1))
            painter.drawRect(plot)
            self._paint_ends(painter, ends, plot)
            self._paint_time(painter, part, plot, span)
            if self.hasFocus():
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(plot.adjusted(-4, -4, 4, 4), 4, 4)

    def _paint_curves(self, painter: QPainter, part: MapPart, plot: QRectF, span: Span) -> list[End]:
        if part.lower == "singular":
            return paint_singular(painter, part.singular, plot, span, self._theme)
        if part.lower == "lyapunov":
            return paint_exponents(painter, part.exponents, plot, span, self._theme)
        return paint_paths(painter, self._paths(part), part.end, plot, span, self._theme)

    def _paint_title(self, painter: QPainter) -> None:
        head, remark = self.title()
        bold, small, left = fonts.text(14, 600), fonts.text(12), self.plot().left()
        row = QRectF(left, 0, self.width() - left, fonts.scaled(20))
        ink.paint_text(painter, row, head, bold, self._theme.ink)
        taken = ink.text_width(head, bold) + fonts.scaled(18)
        ink.paint_text(painter, row.adjusted(taken, 1, 0, 1), remark, small, self._theme.hint)

    def _paint_strip(self, painter: QPainter, part: MapPart, span: Span) -> None:
        """The sequence unrolled; what lies between the pair is shaded, and an arrow says which way a change goes."""
        theme, strip, frame, pair = self._theme, self.strip(), self._frame, (part.start, part.end)
        assert frame is not None
        a, b = (span.middle(t) for t in pair)
        painter.fillRect(QRectF(a, strip.top(), b - a, strip.height()), qcolor(theme.sunk))
        gap, plain, bold = 1.0 if span.pitch > 6 else 0.0, fonts.text(11, 400), fonts.text(11, 600)
        for t in range(1, self.timesteps + 1) if span.pitch > 4 else pair:
            box = QRectF(span.edge(t) + gap, strip.top(), span.pitch - 2 * gap, strip.height())
            chosen, symbol = t in pair, frame.symbols[t - 1]
            painter.setBrush(qcolor(theme.panel) if chosen else Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.ink if chosen else theme.hairline, 1.8 if chosen else 1.0))
            wide = box if box.width() >= 5 else QRectF(box.center().x() - 3, box.top(), 6, box.height())
            painter.drawRoundedRect(wide, 2, 2)
            font = bold if chosen else plain
            if ink.text_width(symbol, font) <= span.pitch - 1:
                ink.paint_text(painter, box, symbol, font, theme.ink if chosen else theme.secondary, ink.CENTRE)
        if b - a > 14:
            y, tip = strip.bottom() + 4, QPolygonF([QPointF(b, 0), QPointF(b - 6, -3), QPointF(b - 6, 3)])
            ink.line(painter, a, y, b - 5, y, ink.pen(theme.secondary, 1.2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.secondary))
            painter.drawPolygon(tip.translated(0, y))

    def _paint_ends(self, painter: QPainter, ends: list[End], plot: QRectF) -> None:
        """Names and values at the right, none over another."""
        theme, apart = self._theme, float(fonts.scaled(18))
        ordered = sorted(ends, key=lambda end: end[2])
        ys = spread([y for *_, y in ordered], apart, plot.top() + apart / 2, plot.bottom() - apart / 2)
        for (key, text, y), at in zip(ordered, ys, strict=True):
            network = key in NAMES
            colour = theme.network(key).hue if network else way_colour(theme, self._network(), key).name()
            ink.line(painter, plot.right() + 2, y, plot.right() + 10, at, ink.pen(colour, 2))
            box = QRectF(plot.right() + 14, at - apart / 2, self.width() - plot.right() - 14, apart)
            if network:
                bold = fonts.text(13, 600)
                ink.paint_text(painter, box, NAMES[key], bold, theme.network(key).text)
                box = box.adjusted(ink.text_width(NAMES[key], bold) + 8, 0, 0, 0)
            ink.paint_text(painter, box, text, fonts.text(12), theme.secondary)

    def _paint_time(self, painter: QPainter, part: MapPart, plot: QRectF, span: Span) -> None:
        theme, font = self._theme, fonts.text(12)
        bold, shown = fonts.text(12, 700), count(part.end)
        width = max(ink.text_width(shown, bold) + 16, fonts.scaled(30))
        x = ink.crisp(span.middle(part.end))
        for t in timestep_ticks(self.timesteps, span.pitch, max(64.0, fonts.scaled(48))):
            if abs(span.middle(t) - x) > width / 2 + 12:
                box = QRectF(span.middle(t) - 30, plot.bottom() + 4, 60, fonts.scaled(17))
                ink.paint_text(painter, box, count(t), font, theme.secondary, ink.CENTRE)
        ink.line(painter, x, plot.top(), x, plot.bottom() + 3, ink.pen(theme.ink, theme.lines.playhead))
        label = QRectF(x - width / 2, plot.bottom() + 3, width, fonts.scaled(19))
        ink.paint_pill(painter, label, shown, bold, theme)
        left = max(plot.right() + 14, label.right() + 6)
        name = QRectF(left, plot.bottom() + 4, fonts.scaled(100), fonts.scaled(17))
        ink.paint_text(painter, name, tr("timestep t"), font, theme.hint)

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Measure at the timestep that was clicked; with Shift, make the change there."""
        if event.button() == Qt.MouseButton.LeftButton and self._part is not None:
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """With the button held, walk."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._part is not None:
            self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        assert self._part is not None
        t = self.span().at(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._desk.choose(min(t, self._part.end), self._part.end)
        else:
            self._desk.choose(min(self._part.start, t), t)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → move the end, with Shift by 10."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is None or self._part is None:
            super().keyPressEvent(event)
            return
        by = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        end = max(1, min(self._part.end + way * by, self.timesteps))
        self._desk.choose(min(self._part.start, end), end)
