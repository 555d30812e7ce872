"""The Cell lab as the stage knows it: which numbers are on the wires, and everything that is drawn of one unit.

Words used in this file
    racer    one network of the comparison on show; the one that is selected is drawn
    shown    the frame, without what a lab draws beside it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lstmviz.lab.comparison import Racer
from lstmviz.lab.formulas import form_of
from lstmviz.lab.trace import Trace
from lstmviz.stage.cell_check import Checks
from lstmviz.stage.cell_curves import curves, held_spans
from lstmviz.stage.cell_frame import NO_NUMBERS, CellPart, Shows
from lstmviz.stage.cell_lines import Reading, operation_lines
from lstmviz.stage.cell_numbers import Unit
from lstmviz.stage.cell_operations import drawn_racer, groups
from lstmviz.stage.cell_reached import reached
from lstmviz.stage.cell_split import way_split, why
from lstmviz.stage.frame import Frame
from lstmviz.stage.jobs import Result
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

WAYS = ("along", "through")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was set on the desk."""

    shows: Shows | None = None  # None: by the pass of the playhead
    paths: frozenset[str] = frozenset(WAYS)
    checking: bool = False


class CellDesk:
    """Keeps what the Cell lab shows, and what it was asked for.

    Parameters
    ----------
    stage : Stage
        Whose selection and playhead are shared with the other labs.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.asked = Asked()
        self._checks = Checks(stage.jobs)
        self._key: tuple[object, ...] = ()
        self._part: CellPart | None = None

    # -- verbs -------------------------------------------------------------------------------------------------

    def set_shows(self, shows: Shows | None) -> None:
        """Values or gradients on the wires; None for those of the playhead's pass."""
        self.asked = replace(self.asked, shows=shows)

    def toggle_shows(self) -> None:
        """The other of the two."""
        self.choose_shows("values" if self._part is not None and self._part.shows == "gradients" else "gradients")

    def choose_shows(self, shows: Shows) -> None:
        """As ``set_shows``; what the pass of the playhead shows anyway is no choice, and goes with the pass again."""
        usual = self._part is not None and shows == ("values" if self._part.forward else "gradients")
        self.set_shows(None if usual else shows)

    def set_path(self, way: str, drawn: bool) -> None:
        """Draw or hide a way of the gradient: "along" the state or "through" the gates."""
        paths = self.asked.paths | {way} if drawn else self.asked.paths - {way}
        self.asked = replace(self.asked, paths=paths & frozenset(WAYS))

    def set_check(self, checking: bool) -> None:
        """Compare the gradient with a numerical derivative."""
        self.asked = replace(self.asked, checking=checking)

    def take(self, result: Result) -> None:
        """Take the derivative that a thread has worked out."""
        self._checks.take(result)

    @property
    def working(self) -> bool:
        """Whether a derivative is being worked out."""
        return self._checks.working

    # -- frame -------------------------------------------------------------------------------------------------

    def part(self, shown: Frame) -> CellPart | None:
        """What the Cell lab draws; the same object until something changes; None while no network is shown."""
        racer = drawn_racer(shown.comparison, shown.selection.network)
        if racer is None:
            return None
        ghost = _ghost(shown, racer)
        unit, t = min(shown.selection.unit, racer.network.hidden - 1), shown.selection.timestep
        forward = shown.position.stretch != "backward"
        hidden = shown.lesson is not None and shown.lesson.hides_gradient
        shows: Shows = "values" if hidden else self.asked.shows or ("values" if forward else "gradients")
        key = (racer.trace, ghost, unit, t, shows, hidden, self.asked)
        if key != self._key:
            self._key = key
            self._part = self._resolved(shown, racer, ghost, unit, t, shows, hidden)
        assert self._part is not None
        walking = shown.level == "operation" and bool(shown.operations) and forward == (shows == "values")
        current = shown.operation - 1 if walking else len(self._part.operations) - 1
        check = self._checks.of(racer, self._part) if self.asked.checking else None
        self._part = self._at(self._part, forward, current, walking)
        if self._part.check is not check:
            self._part = replace(self._part, check=check)
        spread = self._stage.playback.spread if walking else 1.0
        if self._part.spread != spread:
            self._part = replace(self._part, spread=spread)
        return self._part

    def _at(self, part: CellPart, forward: bool, current: int, walking: bool) -> CellPart:
        """The part with the operation that is on show."""
        if (part.forward, part.current, part.walking) != (forward, current, walking):
            direction = "forward" if part.shows == "values" else "backward"
            known = part.values if part.shows == "values" else part.gradients
            done = reached(part.cell, part.form, direction, current, known)
            part = replace(part, forward=forward, current=current, walking=walking, reached=done)
        return part

    @np.errstate(over="ignore", under="ignore", invalid="ignore")  # what is no number is shown as such
    def _resolved(
        self, shown: Frame, racer: Racer, ghost: Trace | None, unit: int, t: int, shows: Shows, hidden: bool
    ) -> CellPart:
        trace, network = racer.trace, racer.network
        at = Unit(trace, unit, t)
        values = at.values()
        gradients = {} if hidden else at.gradients(values)
        cell, form = network.cell, form_of(network)
        direction = "forward" if shows == "values" else "backward"
        walk = groups(cell, form, direction)
        known = {**values, **gradients}
        upper = 0 if racer.whole is None else racer.whole.network.depth - 1
        reading = Reading(at, known, at.with_peepholes(known), at.equations, _read(shown, t, upper), upper > 0)
        return CellPart(
            cell=cell,
            form=form,
            title=network.full_title,
            unit=unit,
            units=network.hidden,
            t=t,
            timesteps=trace.timesteps,
            shows=shows,
            forward=shown.position.stretch != "backward",
            operations=tuple(operation_lines(reading, group, number) for number, group in enumerate(walk, start=1)),
            current=-1,
            values=values,
            gradients=gradients,
            was=NO_NUMBERS if ghost is None else _all_numbers(Unit(ghost, unit, t), hidden),
            reached=frozenset(),
            strip=_strip(trace, t, shows),
            strip_name="h" if shows == "values" else "d_c" if cell == "lstm" else "d_h",
            curves=curves(trace, ghost, unit, hidden),
            held=held_spans(trace, unit),
            split=None if hidden else way_split(at, gradients, values),
            split_why=why(at),
            check=None,
            checking=self.asked.checking,
            paths=self.asked.paths,
            read=reading.read,
            walking=False,
        )


def _ghost(shown: Frame, racer: Racer) -> Trace | None:
    """The same network in the run without interventions."""
    found = None if shown.ghost is None else shown.ghost.racer(racer.network.cell)
    return None if found is None or found.trace.timesteps != racer.trace.timesteps else found.trace


def _all_numbers(unit: Unit, hidden: bool) -> dict[str, float]:
    values = unit.values()
    return values if hidden else {**values, **unit.gradients(values)}


def _read(shown: Frame, t: int, upper: int) -> str:
    """What the cell reads: a letter in quotes, a number, or what the layer below says."""
    if upper:
        return tr("layer {n}").format(n=upper)
    read = shown.symbols[t - 1] if t <= len(shown.symbols) else ""
    return tr("“{letter}”").format(letter=read) if read.isalpha() else read


def _strip(trace: Trace, t: int, shows: Shows) -> np.ndarray:
    source = trace.tape.h if shows == "values" else getattr(trace.gradients, "c", trace.gradients.h)
    strip = np.array(source[t, 0], dtype=np.float64)
    strip.flags.writeable = False
    return strip
