"""How the cells of a stack start, and which cells make a stack.

Words used in this file
    layer   a tuple of one cell, or of two: forward and reverse
    place   a cell's number: 0 and 1 for the lowest layer and its reverse, 2 and 3 for the next
"""

from itertools import chain
from typing import Any

import numpy as np

from lstmviz.files import BadInput, caps
from lstmviz.lab.initialisation import uniform
from lstmviz.lab.network import Network, streams
from lstmviz.words import tr


def new_cell(cell: type[Network], inputs: int, hidden: int, seed: int, place: int, options: dict[str, Any]) -> Network:
    """A fresh cell at one place of a stack, counted 0, 1 for the lowest layer and its reverse, 2, 3 for the next."""
    make: Any = cell
    if place > 0:  # another draw, as independent as that of another seed
        seed = int(np.random.SeedSequence([seed, place]).generate_state(1, np.uint64)[0] >> np.uint64(1))
    if inputs <= caps.INPUTS:
        made: Network = make(inputs, hidden, seed=seed, **options)
        return made
    narrow: Network = make(1, hidden, seed=seed, **options)  # wider than a network's own input may be
    into, _ = streams(seed, narrow.cell)
    weight_ih = uniform((len(narrow.parameters.weight_ih), inputs), hidden, into)
    return narrow.with_parameters(narrow.parameters._replace(weight_ih=weight_ih))


def check_fit(layers: tuple[tuple[Network, ...], ...]) -> None:
    """Refuse layers that are no stack, in one line."""
    cells = list(chain.from_iterable(layers))
    if not 1 <= len(layers) <= caps.LAYERS:
        wrong = tr("{n} layers are out of range").format(n=len(layers))
        raise BadInput("Stack", "layers", wrong, tr("1 to {most}").format(most=caps.LAYERS))
    if any(len(layer) not in (1, 2) or len(layer) != len(layers[0]) for layer in layers):
        wrong = tr("the layers run in different directions")
        raise BadInput("Stack", "layers", wrong, tr("one network, or a pair, in every layer"))
    alike = {(type(cell), cell.hidden, cell.dtype, *cell._options().items()) for cell in cells}
    if len(alike) > 1:
        raise BadInput("Stack", "layers", tr("the cells differ"), tr("one kind, one size, one number type"))
    for number, layer in enumerate(layers):
        needed = layer[0].inputs if number == 0 else cells[0].hidden * len(layers[0])
        for cell in layer:
            if cell.inputs != needed:
                place = tr("layer {n}").format(n=number + 1)
                wrong = tr("{inputs} inputs do not fit what it reads").format(inputs=cell.inputs)
                raise BadInput("Stack", place, wrong, tr("needs {inputs}").format(inputs=needed))
    if cells[0].inputs > caps.INPUTS:
        wrong = tr("inputs = {inputs} is too large").format(inputs=cells[0].inputs)
        raise BadInput("Stack", "layers", wrong, tr("1 to {most}").format(most=caps.INPUTS))
