"""What makes a training again: implementation, recipes and counts; no weights."""

from dataclasses import dataclass

from lstmviz.lab.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Trained:
    """A training, as a recipe for doing it again."""

    engine: str  # "kernels" or "reference"
    recipes: tuple[tuple[int, Recipe], ...]  # from which update on; the first from 0
    trained: int  # updates in all
    update: int  # the one on show
