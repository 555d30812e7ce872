"""Which rows of the Claims lab are shown, and the buttons under them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from lstmviz.stage.claims_desk import LONG, ClaimsDesk
from lstmviz.stage.claims_frame import CLAIM, PUBLISHED, ClaimsPart
from lstmviz.stage.claims_rows import duration
from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard
from lstmviz.views.controls import button, label, rule
from lstmviz.views.keys import tip
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

WITHIN = (0.0, 10.0, 60.0, 180.0)  # seconds


def claims_desk(stage: Stage) -> ClaimsDesk:
    """The desk of the Claims lab."""
    desk = stage.labs.desk("claims")
    assert isinstance(desk, ClaimsDesk)
    return desk


class ClaimsFilterGroup(Group):
    """Kinds, verdicts, topic, time; and whether verdicts wait for a vote."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Rows that are shown"))
        self._desk = claims_desk(stage)
        self.votes = self._box(tr("Vote before the verdict"), tr("A claim's verdict is shown after your vote"))
        self.kinds = {
            PUBLISHED: self._box(tr("Published results"), tr("Experiments from papers, run again")),
            CLAIM: self._box(tr("Popular claims"), tr("What is often said, and what decides it")),
        }
        self.verdicts: dict[str, QCheckBox] = {}
        self.topic, self.within = QComboBox(self), QComboBox(self)
        self.topic.setAccessibleName(tr("Topic"))
        self.within.setAccessibleName(tr("Runs in less than"))
        names = [tr("any time"), *(duration(seconds) for seconds in WITHIN[1:])]
        self.within.addItems(names)
        self._guard = WheelGuard(self)
        for choice in (self.topic, self.within):
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(10)
            self._guard.guard(choice)
        self._verdict_title = label(tr("Verdict"), "secondary", self)
        self.rows.setSpacing(3)
        self.rows.addWidget(self.votes)
        self.rows.addSpacing(6)
        self.rows.addWidget(label(tr("Show"), "secondary", self))
        for box in self.kinds.values():
            self.rows.addWidget(box)
        self.rows.addSpacing(6)
        self.rows.addWidget(self._verdict_title)
        self._verdict_row = self.rows.count()
        self.rows.addSpacing(6)
        self.rows.addWidget(label(tr("Topic"), "secondary", self))
        self.rows.addWidget(self.topic)
        self.rows.addWidget(label(tr("Runs in less than"), "secondary", self))
        self.rows.addWidget(self.within)
        self.rows.addSpacing(6)
        self.rows.addWidget(rule(self))
        self.rows.addWidget(label(tr("How a verdict is made"), "strong", self))
        about = label(
            tr(
                "Each row names its criterion and budget. The verdict comes from runs on this computer, or from those "
                "that come with the program, marked shipped. Nothing is decided by one seed. Rows that failed stay."
            ),
            "hint",
            self,
        )
        about.setWordWrap(True)
        self.rows.addWidget(about)
        self.topic.activated.connect(self._choose_topic)
        self.within.activated.connect(self._choose_within)

    def _box(self, text: str, about: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setAccessibleName(text)
        box.setToolTip(about)
        box.clicked.connect(self._send)
        return box

    @Slot()
    def _send(self) -> None:
        self._desk.set_filter(
            kinds=frozenset(kind for kind, box in self.kinds.items() if box.isChecked()),
            hidden=frozenset(verdict for verdict, box in self.verdicts.items() if not box.isChecked()),
            votes_first=self.votes.isChecked(),
        )

    @Slot(int)
    def _choose_topic(self, index: int) -> None:
        self._desk.set_filter(topic=self.topic.itemText(index) if index else "")

    @Slot(int)
    def _choose_within(self, index: int) -> None:
        self._desk.set_filter(within=WITHIN[index])

    def draw(self, frame: Frame) -> None:
        """Show the filter."""
        part = frame.part
        if not isinstance(part, ClaimsPart) or part.state == "loading":
            return
        if not self.verdicts:
            self._fill(part)
        shown = part.filter
        self.votes.setChecked(shown.votes_first)
        for kind, box in self.kinds.items():
            box.setChecked(kind in shown.kinds)
        for verdict, box in self.verdicts.items():
            box.setChecked(verdict not in shown.hidden)
        with QSignalBlocker(self.topic), QSignalBlocker(self.within):
            self.topic.setCurrentIndex(self.topic.findText(shown.topic) if shown.topic else 0)
            self.within.setCurrentIndex(WITHIN.index(shown.within))

    def _fill(self, part: ClaimsPart) -> None:
        """Verdicts and topics are known once the table was read."""
        for number, verdict in enumerate(part.verdicts):
            box = self._box(verdict, tr("Rows with this verdict"))
            self.verdicts[verdict] = box
            self.rows.insertWidget(self._verdict_row + number, box)
        self.topic.addItems([tr("All topics"), *part.topics])


class ClaimsFoot(Group):
    """Run all shown, and save the table."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self._desk = claims_desk(stage)
        self._sure = ""  # what was asked about: the rows that one more press will run
        self.run = button(tr("Run all shown"), "primary", self)
        self.run.setAccessibleName(tr("Run all shown"))
        self.save = button(tr("Save table as CSV"), "", self)
        self.save.setAccessibleName(tr("Save table as CSV"))
        self.save.setToolTip(tip(commands.table["export"], tr("The rows shown, for a spreadsheet")))
        self.rows.setSpacing(8)
        self.rows.addWidget(self.run)
        self.rows.addWidget(self.save)
        self.run.clicked.connect(self._run)
        self.save.clicked.connect(commands.export)

    @Slot()
    def _run(self) -> None:
        part = self.stage.frame.part
        if not isinstance(part, ClaimsPart):
            return
        if part.running:
            self._desk.cancel()
            return
        keys = [row.key for row in part.rows]
        if part.seconds > LONG and self._sure != " ".join(keys):
            self._sure = " ".join(keys)
            text = tr("{n} rows take about {time}: press again to run them")
            self.stage.notify(text.format(n=count(len(keys)), time=duration(part.seconds)))
            return
        self._sure = ""
        self._desk.run(keys)

    def draw(self, frame: Frame) -> None:
        """Say what pressing does."""
        part = frame.part
        if not isinstance(part, ClaimsPart):
            return
        text = tr("Cancel all") if part.running else tr("Run all shown")
        if text != self.run.text():
            self.run.setText(text)
            self.run.setAccessibleName(text)
        about = tr("{n} rows, about {time}")
        self.run.setToolTip(about.format(n=count(len(part.rows)), time=duration(part.seconds)))
        self.run.setEnabled(bool(part.rows))
        self.save.setEnabled(bool(part.rows))
