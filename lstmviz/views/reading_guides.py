"""The reading guide of every picture: what am I looking at, what should I notice. One place for each, used everywhere.

Tool tips, the help (F1) and the descriptions for screen readers are made from this table and nothing else.

Words used in this file
    guide    two or three short sentences on one picture
"""

from __future__ import annotations

from dataclasses import dataclass

from lstmviz.views.plain import plain
from lstmviz.words import tr


@dataclass(frozen=True, slots=True)
class Guide:
    """How one picture is read."""

    title: str  # as F1 heads it
    what: str  # what am I looking at
    notice: str  # what should I notice

    def words(self) -> str:
        """The guide as one text."""
        return f"{self.what} {self.notice}"

    def markup(self) -> str:
        """The guide as a tool tip: two paragraphs, since Qt breaks lines only where there is markup."""
        return f"<p>{plain(self.what)}</p><p>{plain(self.notice)}</p>"


def guides() -> dict[str, Guide]:
    """All guides, by lab and picture."""
    return {**_race(), **_cell(), **_learn(), **_inspect(), **_map(), **_claims()}


def _race() -> dict[str, Guide]:
    return {
        "race.gap": Guide(
            tr("Gap"),
            tr("How many timesteps lie between what must be remembered and the question."),
            tr("Drag it: everything below is computed again at once. See which network loses its gradient first."),
        ),
        "race.headline": Guide(
            tr("Share"),
            tr("How much of the gradient at the last timestep is left at t = 1, for each network."),
            tr("Near 1 the loss still reaches the cue; 0.001 means that training hardly hears of it."),
        ),
        "race.input": Guide(
            tr("Input"),
            tr("What all networks read, one column a timestep. Filled: what to remember; outlined: the question."),
            tr("The columns go down through every picture, so one timestep can be followed from input to gradient."),
        ),
        "race.lane": Guide(
            tr("Lane of a network"),
            tr(
                "Above, its hidden states, one row a unit, painted as it reads. Below, the gradient at each timestep, "
                "painted from the loss back."
            ),
            tr(
                "Follow the lower row from right to left: it pales where the loss no longer reaches. An empty tile is "
                "smaller than float64 could add."
            ),
        ),
        "race.plot": Guide(
            tr("Gradient at each timestep"),
            tr("The size of the gradient at every timestep, all networks on one log axis. The answer is at the right."),
            tr(
                "A straight fall is one factor for every timestep: that is a vanishing gradient. Compare the slopes, "
                "and see which curve enters the hatched band, where float64 loses it."
            ),
        ),
        "race.loss": Guide(
            tr("Loss"),
            tr("The loss at each update; all networks learn from the same batches. Dashed: an answer without looking."),
            tr("A curve on the dashed line has found nothing in the input yet. Look when each one leaves it."),
        ),
    }


def _cell() -> dict[str, Guide]:
    return {
        "cell.diagram": Guide(
            tr("The cell"),
            tr(
                "One unit at one timestep, drawn as in the papers: numbers on the wires are the network's own, gates "
                "are valves between 0 and 1."
            ),
            tr("Walk it by operations. See how little touches the upper wire, the cell state: f keeps, i lets in."),
        ),
        "cell.backward": Guide(
            tr("The cell, backward"),
            tr(
                "The same wires, read from right to left: each carries how much the loss would change with what it "
                "carried forward. The colour is the size."
            ),
            tr("Compare what leaves along the cell state with what leaves through the gates; together they are all."),
        ),
        "cell.operations": Guide(
            tr("Operations"),
            tr("What the cell does at this timestep, in its order; the dark one is done last."),
            tr("Press M for the level Operation, then L and J: one operation on or back, across timesteps and passes."),
        ),
        "cell.strip": Guide(
            tr("All units"),
            tr("One tile for each unit of the network at this timestep; the outlined one is drawn above."),
            tr("Choose one whose value is far from 0, and compare it with one that stays near 0."),
        ),
        "cell.states": Guide(
            tr("Over time"),
            tr("Gates and states of this unit at every timestep. Dashed: the run before what you changed by hand."),
            tr("A level state is remembered: see the forget gate near 1 there, and the input gate before it."),
        ),
        "cell.gradients": Guide(
            tr("Gradients over time"),
            tr("How much the loss would change with this unit's states at each timestep, on a log axis."),
            tr("Where the curve of c is level, the loss reaches back along the cell state undiminished."),
        ),
    }


def _learn() -> dict[str, Guide]:
    return {
        "learn.loss": Guide(
            tr("Loss"),
            tr(
                "One loss for each update and network, pale; the thick line is a mean of 15. Dashed: an answer "
                "without looking."
            ),
            tr("A curve on the dashed line has found nothing in the input yet. Look when each one leaves it."),
        ),
        "learn.heat": Guide(
            tr("Gradient as training goes on"),
            tr(
                "How large the gradient is at each timestep, t = T on top, and each update, to the right; in the "
                "colours of the Race."
            ),
            tr(
                "Does the colour reach down to t = 1 before the loss falls? Once a task is solved all pales, since "
                "there is hardly any loss left."
            ),
        ),
        "learn.ramp": Guide(
            tr("Colours"),
            tr("One colour scale for all networks and updates: the size of the gradient, as powers of ten."),
            tr("It never follows a network's own largest value, so two colours can always be compared."),
        ),
        "learn.bet": Guide(
            tr("Your bet"),
            tr("Which network will solve the task within the budget? Say so before the first update."),
            tr("What you expected is kept beside what happened."),
        ),
        "learn.seeds": Guide(
            tr("Seeds"),
            tr("One dot for each seed: filled when that training solved the task within the budget."),
            tr("One seed is an example. Compare n of N, and the share that each start had at update 0."),
        ),
        "learn.lengths": Guide(
            tr("Other gaps"),
            tr("The trained networks at gaps that they were never trained on; the line marks the gap of training."),
            tr("A rule holds to the right of the line. What was only fitted to one length falls off."),
        ),
    }


def _inspect() -> dict[str, Guide]:
    rows = tr("One row a unit, one column a timestep; all panels share the crosshair.")
    return {
        "inspect.strip": Guide(
            tr("The text"),
            tr("What the network reads, each timestep in the colour of one unit's value."),
            tr("Look for a unit that turns at one kind of letter and holds in between. Drag to find its like."),
        ),
        "inspect.gate": Guide(
            tr("A gate"),
            tr("How far one gate is open, from 0 to 1, for all units.") + " " + rows,
            tr("A row that stays open keeps, lets in or shows all the time. A column that turns reacts to one input."),
        ),
        "inspect.state": Guide(
            tr("A state or candidate"),
            tr("Values of all units on both sides of 0: the colour is the sign, its strength the size.") + " " + rows,
            tr("Colour that stays for many timesteps is what this network remembers."),
        ),
        "inspect.gradient": Guide(
            tr("A gradient"),
            tr("How much the loss would change with each unit at each timestep, on a log scale.") + " " + rows,
            tr("Rows that keep their strength to the left are the ways on which the loss reaches back."),
        ),
    }


def _map() -> dict[str, Guide]:
    return {
        "map.triangle": Guide(
            tr("Map of a network"),
            tr(
                "Each tile is a pair of timesteps: how much of a small change of the state at k, the column, is left "
                "at t, the row."
            ),
            tr("Go down a column and see the change travel on. Blank tiles are pairs that the network cannot connect."),
        ),
        "map.ramp": Guide(
            tr("Colours"),
            tr("One colour scale for all maps, as powers of ten."),
            tr("Below its end a pair is left blank: added to 1 it would change no digit of float64."),
        ),
        "map.disk": Guide(
            tr("Eigenvalues"),
            tr("The eigenvalues of one timestep's Jacobian, on the plane of complex numbers; the circle has radius 1."),
            tr("Inside the circle a change shrinks, outside it grows. A forget gate near 1 puts many on its rim."),
        ),
        "map.singular": Guide(
            tr("Singular values"),
            tr("By how much the way from k to t stretches or shrinks a small change, direction by direction."),
            tr("Thick is the largest. Lines that fall are directions that are forgotten; what stays near 1 is kept."),
        ),
        "map.lyapunov": Guide(
            tr("Lyapunov exponents"),
            tr("The mean logarithm per timestep by which small changes grow or shrink, over the first t timesteps."),
            tr("Under 0 changes fade, over 0 they grow. Wait until a curve settles before reading its number."),
        ),
        "map.paths": Guide(
            tr("Paths of the gradient"),
            tr("On which ways the gradient came back to each timestep: the bands are shares and add up to 1."),
            tr("Shares under 0 or over 1 mean that ways cancel. In an LSTM look how much came along the cell state."),
        ),
    }


def _claims() -> dict[str, Guide]:
    return {
        "claims.table": Guide(
            tr("Claims"),
            tr(
                "A row for each claim or published result: your vote, then the verdict, its condition, the figures and "
                "one dot a seed."
            ),
            tr("Read the condition and n of N before the verdict: most hold for one start, one task, one budget."),
        ),
    }
