"""Under the maps: singular values as the end grows, Lyapunov exponents, or the paths of the gradient; one time axis.

Words used in this file
    strip   the sequence unrolled: a tile per timestep, the chosen pair marked, an arrow from k to t
    plot    the box of the curves, without numbers
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import CEILINGS, FLOORS, NAMES, Frame
from lstmviz.stage.map_desk import MapDesk
from lstmviz.stage.map_frame import MapPart
from lstmviz.views import fonts
from lstmviz.views.map.bands import bands, way_colour, way_name
from lstmviz.views.race import ink
from lstmviz.views.race.curve import line_pen
from lstmviz.views.race.flags import spread
from lstmviz.views.race.plot_axes import power_of_ten
from lstmviz.views.race.scale import Scale, timestep_ticks
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, power, tr

THIN = 1.0


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

    def x_of(self, t: float) -> float:
        """Middle of a timestep's column."""
        plot = self.plot()
        return plot.left() + (t - 0.5) * plot.width() / self.timesteps

    def timestep_at(self, x: float) -> int:
        """The timestep whose column holds x."""
        plot = self.plot()
        share = (x - plot.left()) / plot.width()
        return max(1, min(int(share * self.timesteps) + 1, self.timesteps))

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
            paths = next((paths for paths in part.paths if paths.cell == self._network()), None)
            if paths is not None and part.end <= paths.share.shape[1]:
                shares = paths.share[:, part.end - 1]
                told = ", ".join(
                    f"{way_name(way)} {number(float(share), 2)}" for way, share in zip(paths.ways, shares, strict=True)
                )
                parts.append(tr("At t = {t}: {shares}.").format(t=count(part.end), shares=told))
        return " ".join(parts)

    def _network(self) -> str:
        return self._frame.selection.network if self._frame is not None else "lstm"

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, strip, plot, playhead."""
        part, theme = self._part, self._theme
        if part is None:
            return
        plot = self.plot()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_title(painter)
            self._paint_strip(painter, part)
            painter.fillRect(plot, qcolor(theme.panel))
            painter.save()
            painter.setClipRect(plot.adjusted(-6, 0, 6, 0))
            ends = {"singular": self._paint_singular, "lyapunov": self._paint_exponents, "paths": self._paint_paths}[
                part.lower
            ](painter, part, plot)
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.hairline, 1))
            painter.drawRect(plot)
            self._paint_ends(painter, ends, plot)
            self._paint_time(painter, part, plot)
            if self.hasFocus():
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(plot.adjusted(-4, -4, 4, 4), 4, 4)

    def _paint_title(self, painter: QPainter) -> None:
        head, remark = self.title()
        bold, small, left = fonts.text(14, 600), fonts.text(12), self.plot().left()
        row = QRectF(left, 0, self.width() - left, fonts.scaled(20))
        ink.paint_text(painter, row, head, bold, self._theme.ink)
        taken = ink.text_width(head, bold) + fonts.scaled(18)
        ink.paint_text(painter, row.adjusted(taken, 1, 0, 1), remark, small, self._theme.hint)

    def _paint_strip(self, painter: QPainter, part: MapPart) -> None:
        """The sequence unrolled; what lies between the pair is shaded, and an arrow says which way a change goes."""
        theme, strip, frame = self._theme, self.strip(), self._frame
        assert frame is not None
        pitch = strip.width() / self.timesteps
        a, b = self.x_of(part.start), self.x_of(part.end)
        painter.fillRect(QRectF(a, strip.top(), b - a, strip.height()), qcolor(theme.sunk))
        gap = 1.0 if pitch > 6 else 0.0
        for t, symbol in enumerate(frame.symbols, start=1):
            box = QRectF(self.x_of(t) - pitch / 2 + gap, strip.top(), pitch - 2 * gap, strip.height())
            chosen = t in (part.start, part.end)
            if pitch > 4 or chosen:
                painter.setBrush(qcolor(theme.panel) if chosen else Qt.BrushStyle.NoBrush)
                painter.setPen(ink.pen(theme.ink if chosen else theme.hairline, 1.8 if chosen else 1.0))
                wide = box if box.width() >= 5 else QRectF(box.center().x() - 3, box.top(), 6, box.height())
                painter.drawRoundedRect(wide, 2, 2)
            font = fonts.text(11, 600 if chosen else 400)
            if ink.text_width(symbol, font) <= pitch - 1:
                ink.paint_text(painter, box, symbol, font, theme.ink if chosen else theme.secondary, ink.CENTRE)
        if b - a > 14:
            y, tip = strip.bottom() + 4, QPolygonF([QPointF(b, 0), QPointF(b - 6, -3), QPointF(b - 6, 3)])
            ink.line(painter, a, y, b - 5, y, ink.pen(theme.secondary, 1.2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.secondary))
            painter.drawPolygon(tip.translated(0, y))

    def _paint_singular(self, painter: QPainter, part: MapPart, plot: QRectF) -> list[tuple[str, str, float]]:
        largest = [one.log10[:, 0][np.isfinite(one.log10[:, 0])] for one in part.singular]
        values = np.concatenate([*largest, np.zeros(1)])
        low = min(-16, next((notch for notch in FLOORS if notch <= values.min()), FLOORS[-1]))
        scale = Scale(low, next((notch for notch in CEILINGS if notch >= values.max()), CEILINGS[-1]), plot.height())
        self._paint_powers(painter, scale, plot)
        ends = []
        for one in part.singular:
            look = self._theme.network(one.cell)
            xs = np.array([self.x_of(t) for t in one.ends])
            thin = line_pen(look.hue, THIN, alpha=0.55)
            for column in range(one.log10.shape[1] - 1, 0, -1):
                self._curve(painter, thin, xs, one.log10[:, column], scale, plot)
            self._curve(
                painter, line_pen(look.hue, self._theme.lines.curve, look.dash), xs, one.log10[:, 0], scale, plot
            )
            last = float(one.log10[-1, 0])
            y = plot.top() + scale.y(min(max(last, scale.low), scale.high)) if math.isfinite(last) else plot.bottom()
            ends.append((one.cell, power(last, 2), y))
        return ends

    def _paint_exponents(self, painter: QPainter, part: MapPart, plot: QRectF) -> list[tuple[str, str, float]]:
        top = [e.running[:, 0][np.isfinite(e.running[:, 0])] for e in part.exponents]
        values = np.concatenate([*top, np.zeros(1)])
        low = min(-0.5, 1.4 * float(values.min()))
        scale = Scale(low, max(0.3, 1.2 * float(values.max())), plot.height())
        self._paint_numbers(painter, scale, plot, linear_ticks(scale))
        ends = []
        for one in part.exponents:
            look = self._theme.network(one.cell)
            xs = np.array([self.x_of(t) for t in range(1, len(one.running) + 1)])
            for column in range(one.running.shape[1] - 1, 0, -1):
                thin = line_pen(look.hue, THIN, alpha=0.4)
                self._curve(painter, thin, xs, one.running[:, column], scale, plot)
            pen = line_pen(look.hue, self._theme.lines.curve, look.dash)
            self._curve(painter, pen, xs, one.running[:, 0], scale, plot)
            last = float(one.running[-1, 0])
            y = plot.top() + scale.y(min(max(last, low), scale.high)) if math.isfinite(last) else plot.bottom()
            ends.append((one.cell, number(last, 2), y))
        return ends

    def _paint_paths(self, painter: QPainter, part: MapPart, plot: QRectF) -> list[tuple[str, str, float]]:
        theme = self._theme
        paths = next((paths for paths in part.paths if paths.cell == self._network()), None)
        if paths is None:
            return []
        edges = bands(paths.share)
        scale = Scale(edges.low, edges.high, plot.height())
        columns = np.array([self.x_of(t) for t in range(1, self.timesteps + 1)])
        half = plot.width() / self.timesteps / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # neighbours meet without a seam
        for way, lower, upper in zip(paths.ways, edges.lower, edges.upper, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(way_colour(theme, paths.cell, way))
            for x, a, b in zip(columns, lower, upper, strict=True):
                if math.isfinite(a) and a != b:
                    painter.drawRect(
                        QRectF(QPointF(x - half, plot.top() + scale.y(b)), QPointF(x + half, plot.top() + scale.y(a)))
                    )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_numbers(painter, scale, plot, linear_ticks(scale))
        ends = []
        at = min(part.end, paths.share.shape[1]) - 1
        for k, way in enumerate(paths.ways):
            middle = (edges.lower[k, at] + edges.upper[k, at]) / 2
            y = plot.top() + scale.y(float(middle)) if math.isfinite(middle) else plot.center().y()
            ends.append((way, f"{way_name(way)} {number(float(paths.share[k, at]), 2)}", y))
        return ends

    def _curve(
        self,
        painter: QPainter,
        pen: QPen,
        xs: NDArray[np.floating],
        values: NDArray[np.floating],
        scale: Scale,
        plot: QRectF,
    ) -> None:
        shown = np.isfinite(values) & (values >= scale.low - 0.2 * (scale.high - scale.low))
        painter.setPen(pen)
        for run in np.split(np.arange(len(values)), np.flatnonzero(np.diff(shown)) + 1):
            if len(run) and shown[run[0]]:
                points = [QPointF(xs[k], plot.top() + scale.y(float(values[k]))) for k in run]
                if len(points) == 1:
                    painter.drawPoint(points[0])
                else:
                    painter.drawPolyline(QPolygonF(points))

    def _paint_powers(self, painter: QPainter, scale: Scale, plot: QRectF) -> None:
        for tick in scale.ticks(fonts.scaled(30)):
            y = ink.crisp(plot.top() + scale.y(tick))
            ink.line(painter, plot.left(), y, plot.right(), y, ink.pen(self._theme.hairline, 1))
            text = power_of_ten(tick, self._theme)
            painter.setClipping(False)
            text.paint(
                painter,
                plot.left() - 8 - text.width,
                min(max(y + 0.36 * fonts.scaled(12), plot.top() + 9), plot.bottom()),
            )
            painter.setClipping(True)

    def _paint_numbers(self, painter: QPainter, scale: Scale, plot: QRectF, ticks: list[float]) -> None:
        painter.setClipping(False)
        for tick in ticks:
            y = ink.crisp(plot.top() + scale.y(tick))
            zero = tick == 0
            ink.line(
                painter,
                plot.left(),
                y,
                plot.right(),
                y,
                ink.pen(self._theme.outline if zero else self._theme.hairline, 1),
            )
            box = QRectF(0, y - 9, plot.left() - 8, 18)
            ink.paint_text(
                painter, box, number(tick, 2) if tick else "0", fonts.text(12), self._theme.secondary, ink.RIGHT
            )
        painter.setClipping(True)

    def _paint_ends(self, painter: QPainter, ends: list[tuple[str, str, float]], plot: QRectF) -> None:
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

    def _paint_time(self, painter: QPainter, part: MapPart, plot: QRectF) -> None:
        theme, font = self._theme, fonts.text(12)
        pitch = plot.width() / self.timesteps
        bold, shown = fonts.text(12, 700), count(part.end)
        width = max(ink.text_width(shown, bold) + 16, fonts.scaled(30))
        x = ink.crisp(self.x_of(part.end))
        for t in timestep_ticks(self.timesteps, pitch, max(64.0, fonts.scaled(48))):
            if abs(self.x_of(t) - x) > width / 2 + 12:
                box = QRectF(self.x_of(t) - 30, plot.bottom() + 4, 60, fonts.scaled(17))
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
        t = self.timestep_at(event.position().x())
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


def linear_ticks(scale: Scale) -> list[float]:
    """Three to six round numbers on a linear axis, zero among them where it lies inside."""
    span = scale.high - scale.low
    size = 10.0 ** math.floor(math.log10(span / 3))
    step = next(size * factor for factor in (1, 2, 5, 10) if span / (size * factor) <= 6)
    first = math.ceil(scale.low / step)
    return [k * step for k in range(first, math.floor(scale.high / step) + 1)]
