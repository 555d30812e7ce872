"""What the interventions did, before and after, in numbers that the engine gave; and in one sentence."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from lstmviz.stage.effects import NetworkEffect
from lstmviz.stage.frame import Frame
from lstmviz.views import fonts
from lstmviz.views.controls import label
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.plain import harmless
from lstmviz.words import count, decimal, number, power, tr

MOST_ANSWERS = 3  # rows of answers; of more, the right one and those that were said
Row = tuple[str, str, str]
SHORT_ENDS = (", t = ", " at t = ")  # where a name ends when the column is narrow; its tool tip says the rest


class EffectsTable(QWidget):
    """Rows of (what, before, after) for one network, and a sentence under them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What it did"))
        self.head = label(tr("What it did"), "strong", self)
        self.sentence, self.others = label("", "", self), label("", "hint", self)
        for words in (self.sentence, self.others):
            words.setWordWrap(True)
        self._cells: list[tuple[ElidedLabel, QLabel, QLabel]] = []
        self._drawn: tuple[object, ...] = ()
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(3)
        whole.addWidget(self.head)
        whole.addLayout(self._grid)
        whole.addWidget(self.sentence)
        whole.addWidget(self.others)

    def draw(self, frame: Frame) -> None:
        """Show the effects on the selected network, or on the first one that there are any."""
        effects = frame.effects
        shown = None if effects is None else effects.of(frame.selection.network)
        if shown is None and effects is not None and effects.networks:
            shown = effects.networks[0]
        self.setVisible(shown is not None)
        state = (effects, shown, frame.timesteps)
        if shown is None or state == self._drawn:
            return
        self._drawn = state
        self.head.setText(tr("What it did, {network}").format(network=shown.effect.name))
        rows = [("", tr("before"), tr("after")), *rows_of(shown, frame.timesteps)]
        self._fill(rows)
        self.sentence.setText(sentence_of(shown))
        assert effects is not None
        rest = [_in_short(other) for other in effects.networks if other is not shown]
        self.others.setText("\n".join(rest))
        self.others.setVisible(bool(rest))
        self.setAccessibleDescription(" ".join([", ".join(row) + ";" for row in rows[1:]] + [sentence_of(shown)]))

    def _fill(self, rows: list[Row]) -> None:
        while len(self._cells) < len(rows):
            line = len(self._cells)
            made = (ElidedLabel("secondary", self), label("", "hint", self), label("", "", self))
            for column, cell in enumerate(made):
                self._grid.addWidget(cell, line, column)
            for cell in made[1:]:
                cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._cells.append(made)
        for k, cells in enumerate(self._cells):
            name, before, after = rows[k] if k < len(rows) else ("", "", "")
            cells[0].show_text(name, shorter(name))
            cells[1].setText(harmless(before))
            cells[2].setText(harmless(after))
            for cell in cells:
                cell.setVisible(k < len(rows))
        self.set_scale()

    def texts(self) -> list[Row]:
        """The rows as shown, without the heading."""
        shown = [cells for cells in self._cells if not cells[0].isHidden()]
        return [(name.whole(), before.text(), after.text()) for name, before, after in shown[1:]]

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._grid.setHorizontalSpacing(fonts.scaled(10))
        self._grid.setVerticalSpacing(0)
        for k, (name, before, after) in enumerate(self._cells):
            name.setFont(fonts.text(12.5))
            before.setFont(fonts.text(12.5 if k else 12))
            after.setFont(fonts.text(12.5, 600) if k else fonts.text(12))


def rows_of(shown: NetworkEffect, timesteps: int) -> list[Row]:
    """The table of one network, from the top down."""
    effect = shown.effect
    rows: list[Row] = []
    before, after = effect.said
    if effect.answers and len(before) == len(effect.answers):
        for index in _told_answers(effect.answers, effect.right_answer, before, after):
            name = tr("answer “{answer}”").format(answer=effect.answers[index])
            rows.append((name, decimal(before[index], 2), decimal(after[index], 2)))
    else:
        for k, (old, new) in enumerate(zip(before, after, strict=True)):
            name = tr("answer") if len(before) == 1 else tr("answer {k}").format(k=count(k + 1))
            rows.append((name, decimal(old, 2), decimal(new, 2)))
    rows.append((tr("loss"), number(effect.loss[0]), number(effect.loss[1])))
    state = tr("{state}, unit {unit}, t = {t}")
    text = state.format(state=effect.state, unit=count(shown.unit + 1), t=count(timesteps))
    rows.append((text, decimal(shown.final[0], 2), decimal(shown.final[1], 2)))
    rows.append((tr("share at t = 1"), power(effect.log10_share[0]), power(effect.log10_share[1])))
    return rows


def shorter(name: str) -> str:
    """The name of a row without its timestep: ``c, unit 1``, ``share``."""
    for end in map(tr, SHORT_ENDS):
        name = name.partition(end)[0]
    return name


def _told_answers(
    answers: tuple[str, ...], right: str, before: tuple[float, ...], after: tuple[float, ...]
) -> list[int]:
    """Which answers have a row: all of few; of many the right one and the most probable, before and after."""
    if len(answers) <= MOST_ANSWERS:
        return list(range(len(answers)))
    told = [k for k, name in enumerate(answers) if name == right]
    told += [max(range(len(said)), key=said.__getitem__) for said in (before, after)]
    return list(dict.fromkeys(told))


def sentence_of(shown: NetworkEffect) -> str:
    """The verdict, and the loss's true change beside what the gradient forecast."""
    effect = shown.effect
    words = []
    if effect.verdict:
        text = tr("The right answer is {answer}. The {network} is {verdict}.")
        words.append(text.format(answer=effect.right_answer, network=effect.name, verdict=effect.verdict))
    if math.isfinite(effect.forecast) and math.isfinite(effect.true_change):
        text = tr("The loss changed by {true}; the gradient forecast {forecast}.")
        words.append(text.format(true=signed(effect.true_change), forecast=signed(effect.forecast)))
    return " ".join(words)


def signed(value: float) -> str:
    """A change with its sign."""
    return ("+" if value > 0 else "") + number(value)


def _in_short(other: NetworkEffect) -> str:
    effect = other.effect
    text = tr("{network}: {verdict}loss {before} to {after}")
    verdict = f"{effect.verdict}, " if effect.verdict else ""
    loss = (number(effect.loss[0]), number(effect.loss[1]))
    return text.format(network=effect.name, verdict=verdict, before=loss[0], after=loss[1])
