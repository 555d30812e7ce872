"""Draw every control, icon, ramp, formula and number on one sheet per theme, to look at beside the mock-ups.

Run ``python scripts/specimen.py FOLDER``: writes ``specimen-light.png``, ``-dark.png`` and ``-projector.png`` there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from lstmviz.stage.explain import Run
from lstmviz.views import fonts, icons, style_sheet
from lstmviz.views.controls import KeyButton, SegmentedControl, StateCard, TabButton, button, label, rule, stepper
from lstmviz.views.focus_ring import FocusRing
from lstmviz.views.formula import FormulaText, symbol_runs, typeset
from lstmviz.views.number_text import power_runs
from lstmviz.views.plain import plain_label
from lstmviz.views.theme import THEMES, Theme, qcolor

TEX = (
    r"\frac{\partial L}{\partial h_1} = J_2^{\mathsf T} J_3^{\mathsf T} \cdots J_{51}^{\mathsf T}"
    r" \, \frac{\partial L}{\partial h_{51}}",
    r"\partial L/\partial h_1 = J_2^{\mathsf T} \ldots J_{51}^{\mathsf T}\; \partial L/\partial h_{51}",
    r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
    r"\textcolor{forget}{f_t} = \sigma\left(W_f x_t + U_f h_{t-1} + b_f\right)",
    r"\left\|\prod_{k=2}^{T} \mathrm{diag}(1 - h_k^2)\, W\right\| \le (\sigma_{\max}\gamma)^{T-1}",
    r"\tfrac{\ln \frac12}{\ln f}, \quad \sqrt{H}, \quad \sum_{j} \hat{y}_j \log y_j",
)
LIVE = (
    symbol_runs("|∂L/∂h_t|", "gradient"),
    symbol_runs("x_t"),
    (
        *symbol_runs("c_t", "c"),
        Run(" = "),
        *symbol_runs("f_t ", "f"),
        *symbol_runs("c_{t−1}", "c"),
        Run(" + "),
        *symbol_runs("i_t ", "i"),
        *symbol_runs("g_t", "g"),
        Run(" = 0.032 + 0.064 = 0.096", "number"),
    ),
    (
        *symbol_runs("f_{20}", "f"),
        Run(" = "),
        Run("σ", "symbol"),
        Run("("),
        Run("−0.063", "number"),
        Run(" x", "label"),
        Run(" − 0.012", "number"),
        Run(" h", "label"),
        Run(" + 3.000", "number"),
        Run(" b", "label"),
        Run(") = "),
        Run("0.949", "number"),
    ),
    (
        Run("‖"),
        *symbol_runs("∂L/∂h_{17}", "gradient"),
        Run("‖ = √("),
        *symbol_runs("Σ_j"),
        Run(" ("),
        *symbol_runs("∂L/∂h_{17, j}", "gradient"),
        Run(")"),
        Run("2", "sup"),
        Run(") = "),
        Run("8.91 × 10⁻⁹", "number"),
    ),
    (*symbol_runs("h_t", "h"), Run(" = "), *symbol_runs("o_t", "o"), Run(" tanh("), *symbol_runs("c_t", "c"), Run(")")),
)


class Drawn(QWidget):
    """A patch painted by ``paint(painter, theme)``."""

    def __init__(self, theme: Theme, size: tuple[int, int], paint) -> None:
        super().__init__()
        self.setFixedSize(*size)
        self._theme, self._paint = theme, paint

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, self._theme)


def row(*parts: QWidget | None, spacing: int = 12) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch()
        else:
            made.addWidget(part)
    return made


def card(title: str, *parts: QWidget | QLayout, role: str = "card") -> QFrame:
    made = StateCard(role) if role in ("error", "empty") else QFrame()
    if not isinstance(made, StateCard):
        made.setProperty("role", role)
    column = QVBoxLayout(made)
    column.setContentsMargins(16, 12, 16, 14)
    column.setSpacing(9)
    column.addWidget(label(title, "heading"))
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    column.addStretch()
    return made


def off(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def transport(theme: Theme) -> QHBoxLayout:
    made = []
    for name in ("first", "back", "play", "pause", "on", "last"):
        primary = name in ("play", "pause")
        one = button("", "play" if primary else "icon")
        one.setIcon(icons.icon(name, theme, fonts.scaled(22), on_ink=primary))
        one.setIconSize(QSize(fonts.scaled(22), fonts.scaled(22)))
        made.append(one)
    made[-1].setEnabled(False)
    return row(*made, None, spacing=6)


def buttons(theme: Theme) -> QFrame:
    lesson = button("Lesson")
    lesson.setCheckable(True)
    lesson.setChecked(True)
    levels = SegmentedControl(("Operation", "Timestep", "Update"), "Level")
    levels.choose(1)
    fair = SegmentedControl(("Units", "Parameters"), "Fair by")
    fair.choose(0)
    tabs = [TabButton(name) for name in ("Race", "Cell", "Learn", "Inspect")]
    tabs[0].setChecked(True)
    return card(
        "Buttons",
        row(*tabs, None, spacing=2),
        row(button("Back to update 41"), lesson, off(button("Next")), None),
        row(
            button("Clip at 1.0", "primary"), off(button("Commit", "primary")), None, button("Open in sandbox", "link")
        ),
        row(KeyButton("Reset all", "R"), KeyButton("Commit", "Enter", "primary"), KeyButton("Back", "PgUp"), None),
        transport(theme),
        row(levels, None),
        row(fair),
        row(*(label(key, "key") for key in ("↑", "↓", "Enter", "Space", "F5", "5")), label("1 clamp", "chip"), None),
    )


def marked(theme: Theme, cell: str, text: str, amount: str, checked: bool) -> QHBoxLayout:
    look = theme.network(cell)
    box = QCheckBox()
    box.setChecked(checked)
    mark = Drawn(theme, (16, 20), lambda p, _: icons.paint_mark(p, look.mark, QPointF(8, 10), 11, look.hue))
    return row(box, mark, label(text), None, label(amount, "hint"), spacing=8)


def choices(theme: Theme) -> QFrame:
    combo = QComboBox()
    combo.addItems(["First-token recall", "Adding", "Temporal order"])
    seed, bias = QSpinBox(), QDoubleSpinBox()
    seed.setMaximum(9999)
    bias.setValue(3.0)
    radios = [QRadioButton(name) for name in ("Uniform ±1/√H", "Orthogonal", "Identity, ReLU")]
    radios[0].setChecked(True)
    options = [QRadioButton(name) for name in ("It fell as fast, but later", "It dropped near t = 51, then held")]
    for option in options:
        option.setProperty("role", "choice")
    gone, kept = off(QRadioButton("Off")), QRadioButton("Off, chosen")
    group = QWidget()
    inside = QVBoxLayout(group)
    inside.setContentsMargins(0, 0, 0, 0)
    for option in options:
        inside.addWidget(option)
    options[1].setChecked(True)
    kept.setAutoExclusive(False)
    kept.setChecked(True)
    ticked = QCheckBox("Off, ticked")
    ticked.setChecked(True)
    wrong = QComboBox()
    wrong.addItem("No choice")
    return card(
        "Choices",
        row(combo),
        marked(theme, "rnn", "RNN", "400 parameters", True),
        marked(theme, "lstm", "LSTM", "1\u2009600 parameters", True),
        marked(theme, "gru", "GRU", "1\u2009200 parameters", False),
        *radios,
        row(gone, off(kept), off(QCheckBox("Off")), off(ticked), None),
        row(label("Seed"), None, stepper(seed), stepper(bias)),
        row(off(wrong), QLineEdit("typed"), off(QLineEdit("off"))),
        group,
    )


def sliders(theme: Theme) -> QFrame:
    made = []
    for value in (50, 30):
        one = QSlider(Qt.Orientation.Horizontal)
        one.setValue(value)
        made.append(one)
    made[1].setEnabled(False)
    progress, bar, text = QProgressBar(), QScrollBar(Qt.Orientation.Horizontal), QTextBrowser()
    progress.setValue(62)
    progress.setTextVisible(False)
    bar.setFixedWidth(200)
    text.setProperty("role", "page")
    text.setFixedHeight(88)
    text.setHtml(
        "The cue stands at <b>t = 1</b>. The loss is taken at <b>t = 51</b>. To learn the cue, the network needs "
        "the gradient back at <b>t = 1</b>. " * 3
    )
    return card(
        "Sliders and text",
        row(label("LSTM forget bias", "strong"), None, label("3.0", "value")),
        made[0],
        made[1],
        progress,
        row(label("5 of 8", "strong"), label("lstm_backward", "value"), None, bar),
        rule(),
        text,
        row(label("Gap"), label("50", "display"), label("timesteps", "secondary"), None),
        label("How far does the gradient reach?", "title"),
        label("Untrained, one sequence, float64.", "hint"),
        plain_label("<b>plain</b> & \u202ereversed\u202c \0 text"),
    )


def formulas(theme: Theme) -> QFrame:
    def paint(painter: QPainter, theme: Theme) -> None:
        y = 26.0
        for tex in TEX:
            formula = typeset(tex, 18)
            formula.paint(painter, 0, y + formula.ascent - 14, theme)
            y += formula.size().height() + 10
        y += 8
        for runs in LIVE:
            FormulaText(runs, 17, theme, fixed=True).paint(painter, 0, y)
            y += 28

    return card("Formulas", Drawn(theme, (420, 500), paint))


def numbers(theme: Theme) -> QFrame:
    def paint(painter: QPainter, theme: Theme) -> None:
        for k, log10 in enumerate((-11.337, -0.658, -1204.1, 3.9, 308.2)):
            y, runs = 34 + 46 * k, power_runs(log10)
            FormulaText(runs, 30, theme, face="text", weight=700, fixed=True).paint(painter, 0, y)
            FormulaText(runs, 13, theme, face="text", fixed=True).paint(painter, 210, y)
            FormulaText(runs, 13.5, theme, face="mono", weight=500, fixed=True).paint(painter, 310, y)

    def paint_icons(painter: QPainter, theme: Theme) -> None:
        for k, name in enumerate(icons.NAMES):
            painter.fillPath(icons.icon_path(name, 24).translated(34 * (k % 9), 34 * (k // 9)), qcolor(theme.ink))
        for k, size in enumerate((16, 24, 32, 48)):
            painter.drawPixmap(QPointF(34 * k + (0, 0, 4, 22)[k], 74), icons.program_pixmap(size, dark=theme.dark))
        for k, cell in enumerate(("rnn", "lstm", "gru")):
            look, y = theme.network(cell), 88 + 16 * k
            pen = QPen(qcolor(look.hue), theme.lines.curve)
            if look.dash:
                pen.setDashPattern([length / theme.lines.curve for length in look.dash])
            painter.setPen(pen)
            painter.drawLine(QPointF(210, y), QPointF(400, y))
            icons.paint_mark(painter, look.mark, QPointF(260, y), theme.lines.mark, look.hue, theme.panel)
            icons.paint_mark(painter, look.mark, QPointF(330, y), 10, theme.panel, theme.ink)

    return card("Numbers and icons", Drawn(theme, (420, 232), paint), Drawn(theme, (420, 140), paint_icons))


def colours(theme: Theme) -> QFrame:
    roles = ("forget", "input", "output", "candidate", "cell", "hidden", "rnn", "lstm", "gru", "gradient", "clamp")

    def paint(painter: QPainter, theme: Theme) -> None:
        for k, role in enumerate(roles):
            x, y = 105 * (k % 4), 62 * (k // 4)
            painter.fillRect(QRectF(x, y, 92, 30), qcolor(getattr(theme, role)))
            painter.setFont(fonts.text(12, 500, fixed=True))
            painter.setPen(qcolor(theme.text[role]))
            painter.drawText(QPointF(x, y + 46), role)

    def paint_ramps(painter: QPainter, theme: Theme) -> None:
        for k, ramp in enumerate((theme.ramp_gradient, theme.ramp_signed, theme.ramp_gate)):
            strip = np.ascontiguousarray(ramp[None])
            image = QImage(strip.data, 256, 1, 768, QImage.Format.Format_RGB888)
            painter.drawImage(QRectF(0, 30 * k, 420, 22), image)

    return card("Colours", Drawn(theme, (420, 182), paint), Drawn(theme, (420, 90), paint_ramps))


def sheet(theme: Theme) -> QWidget:
    window = QWidget()
    window.setObjectName("specimen")
    window.setAutoFillBackground(True)
    window.setBackgroundRole(QPalette.ColorRole.Window)
    grid = QGridLayout(window)
    grid.setContentsMargins(24, 24, 24, 24)
    grid.setSpacing(16)
    for k, part in enumerate((buttons, choices, sliders, formulas, numbers, colours)):
        grid.addWidget(part(theme), k // 3, k % 3)
    notes = QHBoxLayout()
    for role, text in (
        ("question", "Predict first"),
        ("error", "The loss is not a number"),
        ("empty", "No network to draw"),
    ):
        notes.addWidget(card(text, label("What happened, what was kept, what to do.", "secondary"), role=role))
    grid.addLayout(notes, 2, 0, 1, 3)
    return window


def main(folder: str, scale: str = "1") -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    app.setStyle("Fusion")
    for theme in THEMES.values():
        fonts.set_text_size(float(scale))
        style_sheet.apply(app, theme)
        window = sheet(theme)
        window.ensurePolished()
        window.show()
        ring = FocusRing(window)
        window.findChild(QComboBox).setFocus(Qt.FocusReason.TabFocusReason)
        app.processEvents()
        ring.show_for_keyboard()
        app.processEvents()
        target = Path(folder) / f"specimen-{theme.name}{'' if scale == '1' else '-' + scale}.png"
        window.grab().save(str(target))
        print(target, window.width(), window.height())
        window.close()
        window.deleteLater()


if __name__ == "__main__":
    main(*sys.argv[1:3])
