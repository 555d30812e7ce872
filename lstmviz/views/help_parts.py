"""What the help explains on the screen: one sentence for each part of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstmviz.views.help_overlay import Part
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow


def help_parts(window: MainWindow) -> list[Part]:
    """The parts of ``window`` in reading order; those that are hidden are left out when the help opens."""
    column = window.column
    return [
        Part(column.task, tr("What must be remembered, and asked for after the gap.")),
        Part(column.networks, tr("Which networks read the same sequence, and how many numbers training may change.")),
        Part(column.fair, tr("The same number of units for each network, or of parameters.")),
        Part(column.forget_bias, tr("Start value of the forget gate, and how long a cell keeps half of its state.")),
        Part(column.initialisation, tr("How the RNN's recurrent weights start.")),
        Part(column.training, tr("Train all networks on the same batches, and compare their losses with chance.")),
        *window.labs.current.help_parts(),
        Part(window.lesson, tr("A lesson asks first, then shows.")),
        Part(window.transport.level, tr("What one press of On means.")),
        Part(window.transport.scrubber, tr("The whole computation: forward, the loss L, backward.")),
    ]
