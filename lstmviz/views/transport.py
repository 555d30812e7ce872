"""The transport bar: walk through the computation, see where one is, and read the quiet lines.

Words used in this file
    level    what one press of On means: operation, timestep or update
    line     one line of text under the buttons: what is computed, a notice, or who computes
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.playback import LEVELS, SPEEDS
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.controls import SegmentedControl, button, label
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.icons import icon
from lstmviz.views.keys import tip
from lstmviz.views.scrubber import Scrubber
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

BUTTONS = ("first", "back", "play", "on", "last")


class TransportBar(QFrame):
    """First, Back, Play, On, Last; the level; the scrubber; update and speed.

    Parameters
    ----------
    stage : Stage
    commands : Commands
        Does what the buttons say, as the keys do.
    theme : Theme
    """

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        self.setAccessibleName(tr("Transport bar"))
        self._stage, self._commands, self._theme = stage, commands, theme
        self._shown: tuple[bool, bool, str] | None = None
        self._tight = False
        self.tells_engine = True  # while the kernels are compiled
        self._row = QHBoxLayout(self)
        self._buttons = self._make_buttons()
        names = {"operation": tr("Operation"), "timestep": tr("Timestep"), "update": tr("Update")}
        self.level = SegmentedControl([names[level] for level in LEVELS], tr("Level"), self)
        for index in range(len(LEVELS)):
            self.level.segment(index).setToolTip(tip(commands.table["next_level"], tr("What one press of On means")))
        self.line = ElidedLabel("hint", self)
        self.line.setAccessibleName(tr("Notices"))
        self.scrubber = Scrubber(theme, self)
        self.scrubber.setToolTip(tr("Drag to any timestep of either pass (← →, with Shift by 10)"))
        self.update_label = label("", "strong", self)
        self.update_label.setAccessibleName(tr("Update on show"))
        self.update_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.speed = button("", "plain", self)
        self.speed.setToolTip(tip(commands.table["slower"]) + "\n" + tip(commands.table["faster"]))
        self.speed.clicked.connect(self._cycle_speed)
        self._lay_out()
        self.level.chosen.connect(self._choose_level)
        self.scrubber.moved.connect(self._seek)
        self.set_theme(theme)

    def _make_buttons(self) -> dict[str, QPushButton]:
        made = {}
        for name in BUTTONS:
            command = self._commands.table[name]
            made[name] = button("", "play" if name == "play" else "icon", self)
            made[name].setAccessibleName(command.about)
            made[name].setToolTip(tip(command))
            made[name].clicked.connect(getattr(self._commands, name))
        return made

    def _lay_out(self) -> None:
        cluster, buttons, right = QVBoxLayout(), QHBoxLayout(), QVBoxLayout()
        cluster.setSpacing(0)
        buttons.setSpacing(5)
        for name in BUTTONS:
            buttons.addWidget(self._buttons[name])
        buttons.addSpacing(9)
        buttons.addWidget(self.level)
        buttons.addStretch(1)
        cluster.addStretch(2)
        cluster.addLayout(buttons)
        cluster.addSpacing(2)
        cluster.addWidget(self.line)
        cluster.addStretch(1)
        right.setSpacing(0)
        right.addStretch(1)
        right.addWidget(self.update_label, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.speed, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)
        self._row.addLayout(cluster)
        self._row.addWidget(self.scrubber, 1)
        self._row.addLayout(right)
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        """The lower bar of small windows."""
        self._tight = tight
        self.scrubber.set_tight(tight)
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._row.setContentsMargins(fonts.scaled(19), 0, fonts.scaled(10), 0)
        self._row.setSpacing(fonts.scaled(24 if self._tight else 30))
        self.setFixedHeight(fonts.scaled(60 if self._tight else 72))
        self.line.setFixedHeight(fonts.scaled(16))
        self.level.setFixedWidth(fonts.scaled(236 if self._tight else 252))
        self.update_label.setMinimumWidth(fonts.scaled(104))
        self.update_label.setContentsMargins(0, 0, fonts.scaled(13), 0)
        for made in self._buttons.values():
            made.setIconSize(QSize(fonts.scaled(20), fonts.scaled(20)))
        self.scrubber.updateGeometry()
        self._draw_icons()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.scrubber.set_theme(theme)
        self._draw_icons()

    def _draw_icons(self) -> None:
        playing = self._shown is not None and self._shown[0]
        size = fonts.scaled(20)
        for name, made in self._buttons.items():
            drawn = "pause" if name == "play" and playing else name
            made.setIcon(icon(drawn, self._theme, size, on_ink=name == "play"))

    def draw(self, frame: Frame) -> None:
        """Show the frame."""
        self.scrubber.draw(frame)
        training = bool(frame.training and frame.training.running)
        walks = training if frame.level == "update" else frame.playing
        shown = (walks, training, frame.level)
        if shown != self._shown:
            self._shown = shown
            self._draw_icons()
            self._name_buttons(frame.level, walks)
            self.level.choose(LEVELS.index(frame.level))
        self.line.show_text(quiet_line(frame, self.tells_engine))
        update = frame.training.update if frame.training else 0
        self.update_label.setText(tr("Update {n}").format(n=count(update)))
        self.speed.setText(tr("Speed {speed:g}×").format(speed=frame.speed))
        self.speed.setAccessibleName(self.speed.text())

    def _name_buttons(self, level: str, walks: bool) -> None:
        words = {"operation": tr("operation"), "timestep": tr("timestep"), "update": tr("update")}
        table, word = self._commands.table, words[level]
        about = {
            "play": tr("Pause") if walks else tr("Play"),
            "back": tr("One {level} back").format(level=word),
            "on": tr("One {level} on").format(level=word),
        }
        if level == "update":
            about |= {
                "play": tr("Stop; what is trained is kept") if walks else tr("Train"),
                "first": tr("To update 0"),
                "last": tr("To the newest update"),
            }
        for name, made in self._buttons.items():
            text = about.get(name, table[name].about)
            made.setToolTip(tip(table[name], text))
            made.setAccessibleName(text)

    @Slot(int)
    def _choose_level(self, index: int) -> None:
        self._stage.set_level(LEVELS[index])

    @Slot(int)
    def _seek(self, place: int) -> None:
        self._stage.playback.pause()
        self._stage.seek_notch(place)

    @Slot()
    def _cycle_speed(self) -> None:
        playback = self._stage.playback
        playback.change_speed(1 if playback.speed < SPEEDS[-1] else -len(SPEEDS))


def quiet_line(frame: Frame, tells_engine: bool = True) -> str:
    """The one line under the buttons: what is computed, else a notice, else who computes."""
    if frame.busy:
        return frame.busy
    if frame.notice:
        return frame.notice
    engine = frame.engine
    if not tells_engine or engine.kernels or not engine.total or engine.done == engine.total:
        return ""
    text = tr("NumPy reference answers; compiling kernels, {n} of {total}: {name}")
    return text.format(n=engine.done + 1, total=engine.total, name=engine.name)
