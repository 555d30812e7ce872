"""Training resolved into what is drawn: pure functions from what is known to frozen frames.

Words used in this file
    over    the budget is spent, or every network has stopped early
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lstmviz.lab.gradient_flow import frozen
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.records import Progress
from lstmviz.lab.series import HeatMap
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.frame import TrainingFrame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learning import Learning

Array = NDArray[np.floating]
MEAN_OF = 15  # losses in a point of the smoothed curve
TITLES = {network.cell: network.title for network in (VanillaRNN, LSTM, GRU)}


def training_frame(
    progress: Progress, heat_maps: tuple[HeatMap, ...], cells: tuple[str, ...], chance: float
) -> TrainingFrame:
    """What is drawn of a training that stands still; the desk says whether it does.

    Parameters
    ----------
    progress, heat_maps
        What is known of it.
    cells : tuple of str
        The kinds of its networks.
    chance : float
        Loss of the best answer that does not look at the input.
    """
    return TrainingFrame(
        running=False,
        update=progress.update,
        trained=len(progress.learning_rates),
        goal=0,
        aim=0,
        names=progress.names,
        cells=cells,
        losses=progress.losses,
        chance=chance,
        solved_at=progress.solved_at,
        means=tuple(running_mean(losses) for losses in progress.losses),
        heat_maps=heat_maps,
        norms=progress.norms,
        clipped_norms=progress.clipped_norms,
        clipped=tuple(
            _clipped(before, after) for before, after in zip(progress.norms, progress.clipped_norms, strict=True)
        ),
        learning_rates=progress.learning_rates,
        tests=progress.examinations,
        log10_shares=progress.log10_shares,
        best_at=progress.best_at,
        stopped_at=progress.stopped_at,
    )


def learn_frame(
    settings: Settings, recipe: Recipe, budget: int, progress: Progress | None, over: bool, learning: Learning
) -> LearnFrame:
    """What the Learn lab draws around a training.

    Parameters
    ----------
    settings, recipe, budget
        As set.
    progress : Progress or None
        Of the training of these settings; None before the first update.
    over : bool
        Whether a network that has not solved its task by now has missed it.
    learning : Learning
        Bets, shares, seeds and other gaps.
    """
    task, cells = TASKS[settings.task], settings.cells
    solved_at = (None,) * len(cells) if progress is None else progress.solved_at
    bets = tuple(learning.bets.get(cell) for cell in cells)
    shares = tuple(map(learning.share, cells)) if progress is None else progress.log10_shares
    return LearnFrame(
        recipe=recipe,
        budget=budget,
        cells=cells,
        names=tuple(TITLES[cell] for cell in cells),
        log10_shares=shares,
        bets=bets,
        won=tuple(_won(bet, at, over and progress is not None) for bet, at in zip(bets, solved_at, strict=True)),
        can_bet=progress is None,
        criterion=task.criterion,
        score_name=task.score_name,
        seeds=learning.seeds,
        lengths=learning.lengths,
    )


def _won(bet: bool | None, solved_at: int | None, over: bool) -> bool | None:
    if bet is None or (solved_at is None and not over):
        return None
    return bet == (solved_at is not None)


def running_mean(losses: Array, updates: int = MEAN_OF) -> Array:
    """Each loss averaged with its neighbours, as many before it as after: a line that does not lag behind the losses.

    Parameters
    ----------
    losses : float (U,)
        One loss per update; a mean that holds NaN is NaN.
    updates : int
        How many are averaged, an odd number; fewer near both ends.

    Returns
    -------
    float (U,), read-only
    """
    half, count = updates // 2, len(losses)
    means = np.empty(count)
    if count >= updates:
        means[half : count - half] = sliding_window_view(losses, updates).mean(axis=1)
    ends = range(count) if count < updates else (*range(half), *range(count - half, count))
    for k in ends:
        near = min(k, count - 1 - k, half)
        means[k] = losses[k - near : k + near + 1].mean()
    return frozen(means)


def _clipped(before: Array, after: Array) -> NDArray[np.integer]:
    updates = np.flatnonzero(after < before) + 1
    updates.flags.writeable = False
    return updates
