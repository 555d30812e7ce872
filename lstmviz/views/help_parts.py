"""What the help explains on the screen: the parts of the window, and the keys that do something in the open lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstmviz.views.availability import not_here
from lstmviz.views.help_keys import Groups, grouped
from lstmviz.views.help_overlay import Part
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow


def told(window: MainWindow) -> tuple[list[Part], Groups]:
    """Parts and keys, as the help asks for them when it is opened."""
    return help_parts(window), working_keys(window)


def help_parts(window: MainWindow) -> list[Part]:
    """The parts of ``window``: pictures first, then controls; hidden ones are left out when the help opens."""
    column, transport = window.column, window.transport
    about = _groups()
    named = [(group, *about[type(group).__name__]) for group in column.in_sight() if type(group).__name__ in about]
    groups = [Part(group, text, title) for group, title, text in named]
    return [
        *window.labs.current.help_parts(),
        *groups,
        Part(window.lesson, tr("A lesson asks first, then shows. Your answers stay on this computer."), tr("Lesson")),
        Part(transport.level, tr("What one press of On or Back means; Play only presses On for you."), tr("Level")),
        Part(
            transport.scrubber,
            tr("The whole computation on one line: forward, the loss L, backward. Drag it, or walk with J and L."),
            tr("Playhead"),
        ),
    ]


def _groups() -> dict[str, tuple[str, str]]:
    """Title and sentence of the groups of the control column, by their class: those of a lab are imported with it."""
    return {
        "TaskGroup": (tr("Task"), tr("What must be remembered, and asked for after the gap.")),
        "GapGroup": (tr("Gap"), tr("Timesteps between what must be remembered and the question.")),
        "NetworksGroup": (
            tr("Networks"),
            tr("Which networks read the same sequence, and how many numbers training may change in each."),
        ),
        "FairGroup": (
            tr("Fair by"),
            tr("Give each network the same number of units, or of parameters."),
        ),
        "ForgetBiasGroup": (
            tr("Forget bias"),
            tr("Where the forget gate starts. Under it: what a cell then keeps at each timestep, and its half-life."),
        ),
        "InitialisationGroup": (
            tr("RNN initialisation"),
            tr("How the RNN's recurrent weights start. Choose orthogonal and look at the gradient again."),
        ),
        "GainGroup": (tr("Gain"), tr("Multiplies all recurrent weights. Over 1 the gradient can explode.")),
        "CellsGroup": (tr("Cells and layers"), tr("Which member of the LSTM's family is drawn, and how many layers.")),
        "NoiseGroup": (tr("Noise"), tr("Disturb the input: noise on every number, or timesteps left out.")),
        "TrainingGroup": (
            tr("Training"),
            tr("Train all networks on the same batches, and compare their losses with chance."),
        ),
        "RecipeGroup": (tr("Training"), tr("How networks are trained; the same for all of them.")),
        "LookGroup": (tr("Networks looked at"), tr("Whose gates and states are shown, and which network beside it.")),
        "ColourGroup": (tr("Colour the text by"), tr("The quantity and the unit whose value colours each letter.")),
        "ThresholdGroup": (
            tr("Threshold"),
            tr("Marks where the unit is beyond a value. Drag over the text to find places with the same units on."),
        ),
        "AlikeGroup": (
            tr("Units with the same pattern"),
            tr("Which units rise and fall with the selected one over this text."),
        ),
        "PairGroup": (tr("From and to"), tr("The pair of timesteps that is followed in all pictures of the Map.")),
        "MeasureGroup": (tr("What is measured"), tr("Which state, and which size of its Jacobian.")),
        "LowerGroup": (tr("Plot below"), tr("Singular values, Lyapunov exponents, or the paths of the gradient.")),
        "CellLookGroup": (tr("Cell on show"), tr("Whose cell, which unit, which timestep; and what the wires carry.")),
        "CellGradientGroup": (
            tr("Gradient by its ways"),
            tr("How much of it came along the cell state and how much through the gates; the two add up."),
        ),
        "InterventionsGroup": (
            tr("Interventions"),
            tr("What you hold or changed by hand. Each line can be switched off, and the run before stays as a ghost."),
        ),
        "ClaimsFilterGroup": (tr("Rows that are shown"), tr("Which claims are listed, and how long one may run.")),
    }


def working_keys(window: MainWindow) -> Groups:
    """The commands that the open lab has a use for, by group."""
    return grouped(command for name, command in window.commands.table.items() if not not_here(window, name))
