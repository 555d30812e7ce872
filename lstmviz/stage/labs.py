"""The labs: which one is open, what is selected in all of them, and the part of the frame that the open one needs.

A new lab is a name in ``lab_names.EXISTING``. If it draws more than the frame has for all labs, it has a desk here, and
what the desk's ``part`` returns is ``frame.part`` while the lab is open; it is not worked out while it is not.

Words used in this file
    desk        a part of the stage with verbs of its own, made when its lab is first opened
    part        what the open lab draws beyond the rest of the frame: one frozen value
    selection   network, unit and timestep that the learner looks at, the same in every lab; its timestep is the
                playhead's
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lstmviz.lab.settings import Settings, units
from lstmviz.stage.frame import Frame, Selection
from lstmviz.stage.jobs import Result
from lstmviz.stage.lab_names import EXISTING, LABS
from lstmviz.stage.playback import Pass, Playback, Position, place_of

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

OWN_LEVEL = {
    "learn": "update"
}  # a lab that walks at another level than the one before takes it along, and gives it back


class LabDesk(Protocol):
    """What a lab keeps on the stage."""

    @property
    def working(self) -> bool:
        """Whether a thread still works on what the lab draws; a picture for a file waits for it."""

    def part(self, shown: Frame) -> object:
        """What the lab draws beside ``shown``; the same object until something changes."""

    def take(self, result: Result) -> None:
        """Take what a job posted whose kind begins with the lab's name."""


def _learn_desk(stage: Stage) -> LabDesk:
    from lstmviz.stage.learn_desk import LearnDesk

    return LearnDesk(stage)


def _map_desk(stage: Stage) -> LabDesk:
    from lstmviz.stage.map_desk import MapDesk  # brings the analysis along, which no other lab needs

    return MapDesk(stage)


def _inspect_desk(stage: Stage) -> LabDesk:
    from lstmviz.stage.inspect_desk import InspectDesk

    return InspectDesk(stage)


def _cell_desk(stage: Stage) -> LabDesk:
    from lstmviz.stage.cell_desk import CellDesk

    return CellDesk(stage)


def _claims_desk(stage: Stage) -> LabDesk:
    from lstmviz.stage.claims_desk import ClaimsDesk

    return ClaimsDesk(stage)


# of labs that draw more than the frame has for all
DESKS: dict[str, Callable[[Stage], LabDesk]] = {
    "cell": _cell_desk,
    "learn": _learn_desk,
    "inspect": _inspect_desk,
    "map": _map_desk,
    "claims": _claims_desk,
}


@dataclass(frozen=True, slots=True)
class Picked:
    """Network and unit as picked; they may not exist under other settings."""

    network: str = "lstm"
    unit: int = 0

    def selection(self, settings: Settings, t: int) -> Selection:
        """What is selected: the nearest network and unit that there are, at the playhead's timestep."""
        cells = settings.cells
        network = self.network if self.network in cells or not cells else cells[0]
        last = units(settings, network) - 1
        return Selection(network, max(0, min(self.unit, last)), t)


FIRST = Picked()


class LabDesks:
    """Which lab is open, what is selected, and the desks of the labs opened so far."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.lab = LABS[0]
        self.picked = FIRST
        self._desks: dict[str, LabDesk] = {}
        self._level_before: str | None = None

    def desk(self, lab: str) -> LabDesk | None:
        """The desk of a lab, made on first use; None where a lab needs none."""
        if lab in DESKS and lab not in self._desks:
            self._desks[lab] = DESKS[lab](self._stage)
        return self._desks.get(lab)

    def opened(self, lab: str) -> LabDesk | None:
        """The desk of a lab that was opened before; None else."""
        return self._desks.get(lab)

    def open(self, lab: str, playback: Playback) -> None:
        """Show another lab; settings, playhead and selection stay as they are."""
        if lab not in EXISTING or lab == self.lab:
            return
        self.lab = lab
        level = OWN_LEVEL.get(lab)
        if level is not None:
            self._level_before = self._level_before or playback.level
        else:
            level, self._level_before = self._level_before, None
        if level is not None and level != playback.level:
            playback.pause()
            playback.level = level

    def restore(self, lab: str, picked: Picked) -> None:
        """Show a lab and a selection as they were; the level is restored by whoever restores the situation."""
        if lab != self.lab:
            self._level_before = None
        self.lab, self.picked = lab, picked

    def select(self, network: str | None, unit: int | None) -> None:
        """Look at another network or unit."""
        self.picked = Picked(
            self.picked.network if network is None else network, self.picked.unit if unit is None else unit
        )

    def part(self, shown: Frame) -> object:
        """What the open lab draws beside ``shown``."""
        desk = self.desk(self.lab)
        return None if desk is None else desk.part(shown)

    @property
    def working(self) -> bool:
        """Whether a thread still works on what the open lab draws."""
        desk = self._desks.get(self.lab)
        return desk is not None and desk.working

    def take(self, result: Result) -> None:
        """Hand a result to the lab whose name its kind begins with."""
        desk = self._desks.get(result.kind.partition(" ")[0])
        if desk is not None:
            desk.take(result)


def place_in_pass(t: int, playback: Playback) -> int:
    """The place of timestep ``t`` in the pass that the playhead stands in; the loss counts as forward."""
    stretch: Pass = "backward" if playback.position.stretch == "backward" else "forward"
    return place_of(Position(stretch, t), playback.timesteps)
