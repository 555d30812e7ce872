"""What hands hold and change on the stage: the list of interventions, and its verbs.

Words used in this file
    ghost   the run without interventions, drawn behind the one with them
    drag    changes about the same thing in a row: one undo entry
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lstmviz.files import BadInput
from lstmviz.lab.effects import Effect as Effect
from lstmviz.lab.intervention_checks import checked, well_formed
from lstmviz.lab.interventions import (
    GATES,
    MOST,
    MOST_NUMBERS,
    Clamp,
    Intervention,
    holdable,
    numbers_in,
    place,
)
from lstmviz.lab.settings import Settings
from lstmviz.stage.labs import LabDesks
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Situation

HALF_OPEN = 0.5


@dataclass(frozen=True, slots=True)
class Hands:
    """What is held and changed, and whether the run without it is drawn too."""

    interventions: tuple[Intervention, ...] = ()
    ghost: bool = True


NO_HANDS = Hands()


class InterventionVerbs:
    """What windows may say about interventions; ``Stage`` inherits it."""

    hands: Hands
    settings: Settings
    labs: LabDesks

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What is held and changed, in the order in which it was made; of two at one place the later one counts."""
        return self.hands.interventions

    def situation(self) -> Situation:
        """What undo, lessons and sessions restore."""
        raise NotImplementedError

    def take_hands(self, hands: Hands, about: str) -> None:
        """Show the run with these interventions; one undo entry, shared by changes about the same thing."""
        raise NotImplementedError

    def notify(self, text: str) -> None:
        """Show one line for a few seconds."""
        raise NotImplementedError

    def intervene(self, one: Intervention, about: str = "") -> None:
        """Hold or change something; it stands last in the list, and replaces what was at the same place.

        Parameters
        ----------
        one : Intervention
        about : str
            Changes about the same thing in a row share one undo entry.

        Raises
        ------
        BadInput
            If it does not fit the settings, or there are too many; nothing has changed then.
        """
        checked(one, self.settings, tr("window"))
        self._set(_added(self.interventions, one), about)

    def change_intervention(self, index: int, one: Intervention, about: str = "") -> None:
        """Put another intervention into the place of one in the list; what lies outside the settings is kept.

        Raises
        ------
        BadInput
            If it is not well formed, or holds too many numbers; nothing has changed then.
        """
        well_formed(one, tr("window"))
        if 0 <= index < len(self.interventions):
            self._set(_within(self._with(index, one)), about)

    def remove_intervention(self, index: int) -> None:
        """Take one out of the list."""
        if 0 <= index < len(self.interventions):
            self._set(self._with(index), "")

    def switch_intervention(self, index: int, on: bool) -> None:
        """Let one act or not; it stays in the list."""
        if 0 <= index < len(self.interventions):
            self._set(self._with(index, replace(self.interventions[index], on=on)), "")

    def clear_interventions(self) -> None:
        """Take all out of the list."""
        self._set((), "")

    def set_ghost(self, on: bool) -> None:
        """Draw the run without interventions too, or not."""
        if on != self.hands.ghost:
            self.take_hands(replace(self.hands, ghost=on), "")

    def be_the_lstm(self) -> None:
        """Put all gates of the selected gated network into the learner's hands, half open, timestep by timestep.

        Of an LSTM i, f and o, of a GRU r and z; of all units, over the whole sequence. One undo entry. Where there is
        none, or no room for more, one line says so.
        """
        cells = self.settings.cells
        gated = [cell for cell in (self.labs.picked.network, "lstm", "gru") if cell in cells and GATES[cell]]
        if not gated:
            self.notify(tr("There is no network with gates; show an LSTM or a GRU"))
            return
        cell, last, found = gated[0], self.settings.timesteps(), self.interventions
        try:
            for gate in GATES[cell]:
                if gate in holdable(cell, self.settings.variant):
                    found = _added(found, Clamp(cell, gate, 1, last, (HALF_OPEN,) * last))
        except BadInput as error:
            self.notify(str(error))
            return
        self.take_hands(Hands(found, ghost=True), "")

    def _with(self, index: int, *ones: Intervention) -> tuple[Intervention, ...]:
        """The list with others, or none, in the place of one."""
        return *self.interventions[:index], *ones, *self.interventions[index + 1 :]

    def _set(self, interventions: tuple[Intervention, ...], about: str) -> None:
        if interventions != self.interventions:
            self.take_hands(replace(self.hands, interventions=interventions), about)


def _added(interventions: tuple[Intervention, ...], one: Intervention) -> tuple[Intervention, ...]:
    kept = tuple(other for other in interventions if place(other) != place(one))
    if len(kept) >= MOST:
        wrong = tr("there are {count} already").format(count=len(kept))
        raise BadInput(tr("window"), tr("interventions"), wrong, tr("at most {most}").format(most=MOST))
    return _within((*kept, one))


def _within(interventions: tuple[Intervention, ...]) -> tuple[Intervention, ...]:
    """The same, if a session can hold them."""
    if (numbers := numbers_in(interventions)) > MOST_NUMBERS:
        wrong = tr("they name {count} numbers").format(count=numbers)
        raise BadInput(tr("window"), tr("interventions"), wrong, tr("at most {most}").format(most=MOST_NUMBERS))
    return interventions
