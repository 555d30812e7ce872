"""Dropout: seeded masks on the inputs and between layers. A mask holds 0 or 1 / (1 - p), so that the mean stays.

Words used in this file
    T, B    timesteps, sequences
    p       share of the numbers that are dropped
    width   numbers that a layer hands on at each timestep: H, or 2H if it runs in both directions

References
----------
Srivastava et al. (2014): dropout. Zaremba, Sutskever & Vinyals (2014): between the layers of a recurrent network only,
never along time. Gal & Ghahramani (2016): one mask for the whole sequence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.arguments import check_range, check_word

Array = NDArray[np.floating]
DROPOUT_EACH = ("timestep", "sequence")
MOST_DROPOUT = 0.9


@dataclass(frozen=True, eq=False, slots=True)
class Masks:
    """The masks of one forward pass; read-only.

    Attributes
    ----------
    inputs : float (T, B, I) or None
        Multiplies x.
    between : tuple of float (T, B, width)
        Multiplies what one layer hands to the next: one mask fewer than layers, or none at all.
    """

    inputs: Array | None = None
    between: tuple[Array, ...] = ()

    def __post_init__(self) -> None:
        for mask in (*self.between, *(() if self.inputs is None else (self.inputs,))):
            mask.flags.writeable = False


def draw_masks(
    rng: np.random.Generator,
    shape: tuple[int, int, int],
    layer_widths: tuple[int, ...],
    *,
    dropout: float = 0.0,
    input_dropout: float = 0.0,
    each: str = "timestep",
) -> Masks | None:
    """Masks for one forward pass; equal generators give equal masks, in float64 and float32 alike.

    Parameters
    ----------
    rng : Generator
        Source of chance; masks of the inputs are drawn first, then from the lowest layer up.
    shape : tuple of int
        (T, B, I) of the input.
    layer_widths : tuple of int
        ``layer_widths`` of the network; nothing is dropped behind the last layer.
    dropout, input_dropout : float
        p between layers and of the inputs, 0 to 0.9.
    each : str
        "timestep" draws anew at each timestep, as PyTorch does; "sequence" keeps one draw for a whole sequence.

    Returns
    -------
    Masks or None
        None when nothing is dropped: no number is drawn then.

    Raises
    ------
    BadInput
        If an argument lies outside its range.
    """
    check_range("draw_masks", "dropout", dropout, 0, MOST_DROPOUT)
    check_range("draw_masks", "input_dropout", input_dropout, 0, MOST_DROPOUT)
    check_word("draw_masks", "each", each, DROPOUT_EACH)
    timesteps, sequences, inputs = shape

    def draw(width: int, share: float) -> Array:
        drawn = rng.random((timesteps if each == "timestep" else 1, sequences, width)) >= share
        return np.array(np.broadcast_to(drawn / (1.0 - share), (timesteps, sequences, width)))

    masked_inputs = draw(inputs, input_dropout) if input_dropout else None
    between = tuple(draw(width, dropout) for width in layer_widths[:-1]) if dropout else ()
    return Masks(masked_inputs, between) if masked_inputs is not None or between else None
