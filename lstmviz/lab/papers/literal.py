"""The experiments of Hochreiter & Schmidhuber (1997) with the network, the training and the tasks of that paper.

Figures are those of its tables 1 to 9, set-ups those of its tables 10 and 11; see ``hochreiter_1997``.
"""

from typing import Any

from lstmviz.lab.papers.hochreiter_1997 import SETUPS, Setup1997, run_1997
from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.words import count, tr

PAPER = "Hochreiter & Schmidhuber (1997), Long Short-Term Memory, "
SAME = tr(
    "Network with its number of weights, starting ranges and biases, squashing functions, truncated gradient, one "
    "update after each sequence, learning rate, task and criterion."
)
DIFFERS = tr("Other random numbers; the paper says nothing on theirs.")
FROM_STREAM = tr(
    " The sequences that decide when to stop are the latest ones of the training, not a set that was drawn before."
)


def run_row(setup: Setup1997, seed: int) -> dict[str, Any]:
    """One trial; of a module's top level, so that it travels to processes."""
    return run_1997(setup, seed)


def rows(*names: str) -> tuple[Row, ...]:
    """Set-ups by name, as rows."""
    return tuple(Row(name, run_row, SETUPS[name]) for name in names)


def solves(row: str, solved: int, of: int, essential: bool = True) -> Expectation:
    """At least so many of so many seeds are solved."""
    words = tr("{row}: at least {solved} of {of} solved").format(row=row, solved=solved, of=of)
    return Expectation(words, lambda results: results.at_least(row, solved, of), essential)


def mean_within(row: str, figure: str, low: float, high: float, essential: bool = True) -> Expectation:
    """The mean of a figure lies in a range."""
    words = tr("{row}: {figure} {low} to {high} in the mean")
    words = words.format(row=row, figure=FIGURES.get(figure, figure), low=count(round(low)), high=count(round(high)))
    return Expectation(words, lambda results: low <= results.mean(row, figure) <= high, essential)


def few_wrong(row: str, most: int) -> Expectation:
    """After each solved trial few of the 2560 test sequences are wrong."""

    def holds(results: Results) -> bool:
        solved = [run.figures["wrong"] for run in results.of(row) if run.solved]
        return bool(solved) and max(solved) <= most

    words = tr("{row}: at most {most} of 2560 test sequences wrong after each solved trial").format(row=row, most=most)
    return Expectation(words, holds, essential=False)


def reached(row: str, milestone: str, by: int) -> Expectation:
    """A milestone is reached by every seed in time."""
    words = tr("{row}: {milestone} within {by} sequences in every trial")
    words = words.format(row=row, milestone=milestone, by=count(by))
    return Expectation(words, lambda results: results.every(row, milestone, lambda value: value <= by))


FIGURES = {"solved_at": tr("solved after"), "ST1": tr("ST1 after")}

LITERAL: tuple[Experiment, ...] = (
    Experiment(
        name="1997-6a",
        title=tr("Temporal order of two symbols, literally"),
        source=PAPER + "section 5.6, experiment 6a",
        setup=tr(
            "2 blocks of 2 cells, 156 weights; learning rate 0.5; biases of the input gates −2, −4; weights within 0.1"
        ),
        same=SAME,
        differs=DIFFERS,
        criterion=tr("mean error of the last 2000 sequences below 0.1 and all their outputs within 0.3"),
        budget=tr("60 000 sequences"),
        paper=tr("20 of 20 trials, 31 390 sequences in the mean; 1 of 2560 test sequences wrong"),
        seeds=20,
        cost=tr("10 s"),
        headline="6a",
        rows=rows("6a"),
        expected=(solves("6a", 17, 20), mean_within("6a", "solved_at", 15_000, 32_000), few_wrong("6a", 3)),
    ),
    Experiment(
        name="1997-6b",
        title=tr("Temporal order of three symbols, literally"),
        source=PAPER + "section 5.6, experiment 6b",
        setup=tr("3 blocks of 2 cells, 308 weights; learning rate 0.1; biases of the input gates −2, −4, −6"),
        same=SAME,
        differs=DIFFERS,
        criterion=tr("as 6a"),
        budget=tr("800 000 sequences"),
        paper=tr("10 of 10 trials, 571 100 sequences in the mean; 2 of 2560 test sequences wrong"),
        seeds=3,
        cost=tr("40 s"),
        headline="6b",
        rows=rows("6b"),
        expected=(solves("6b", 2, 3), mean_within("6b", "solved_at", 200_000, 600_000), few_wrong("6b", 3)),
    ),
    Experiment(
        name="1997-3a",
        title=tr("Signal and noise on one line, literally"),
        source=PAPER + "section 5.3, experiment 3a",
        setup=tr("3 blocks of 1 cell, 102 weights; learning rate 1; gate biases −1, −3, −5 (in) and −2, −4, −6 (out)"),
        same=SAME,
        differs=DIFFERS + FROM_STREAM,
        criterion=tr("all of 256 sequences within 0.2 (ST1), and their mean error below 0.01 (ST2)"),
        budget=tr("400 000 sequences"),
        paper=tr("10 of 10 trials; N = 1: ST1 after 58 370, ST2 after 64 330; N = 3: 27 380 and 39 850 sequences"),
        seeds=20,
        cost=tr("60 s"),
        headline="3a, N = 1",
        rows=rows("3a, N = 1", "3a, N = 3"),
        expected=(
            solves("3a, N = 1", 17, 20),
            solves("3a, N = 3", 17, 20),
            mean_within("3a, N = 1", "ST1", 58_370 / 2, 58_370 * 2),
            mean_within("3a, N = 3", "ST1", 27_380 / 2, 27_380 * 2),
        ),
    ),
    Experiment(
        name="1997-3b",
        title=tr("Noise on the signal too, literally"),
        source=PAPER + "section 5.3, experiment 3b",
        setup=tr("as 1997-3a; the informative numbers carry noise of variance 0.2"),
        same=SAME,
        differs=DIFFERS + FROM_STREAM,
        criterion=tr("fewer than 6 of 256 sequences off by 0.2 (ST1), and a mean error below 0.04 (ST2)"),
        budget=tr("400 000 sequences"),
        paper=tr("10 of 10 trials; N = 1: ST1 after 74 950, ST2 after 78 430; N = 3: 41 740 and 43 250 sequences"),
        seeds=10,
        cost=tr("60 s"),
        headline="3b, N = 1",
        rows=rows("3b, N = 1", "3b, N = 3"),
        expected=(
            solves("3b, N = 1", 17, 20),
            solves("3b, N = 3", 17, 20),
            mean_within("3b, N = 1", "ST1", 0, 74_950 * 2),
            mean_within("3b, N = 3", "ST1", 0, 41_740 * 2),
            mean_within("3b, N = 1", "ST1", 74_950 / 2, 74_950 * 2, essential=False),
            mean_within("3b, N = 3", "ST1", 41_740 / 2, 41_740 * 2, essential=False),
        ),
    ),
    Experiment(
        name="1997-4",
        title=tr("Adding, literally"),
        source=PAPER + "section 5.4, experiment 4, T = 100",
        setup=tr("2 blocks of 2 cells, 93 weights; learning rate 0.5; biases of the input gates −3, −6"),
        same=SAME,
        differs=DIFFERS
        + tr(" A first pair that is drawn keeps its marker and has the number 0; the paper can be read otherwise."),
        criterion=tr("mean error of the last 2000 sequences below 0.01 and all of them within 0.04"),
        budget=tr("200 000 sequences"),
        paper=tr("10 of 10 trials, 74 000 sequences in the mean; 1 of 2560 test sequences wrong"),
        seeds=10,
        cost=tr("60 s"),
        headline="4, T = 100",
        rows=rows("4, T = 100"),
        expected=(
            reached("4, T = 100", "mean error below 0.01", 120_000),
            solves("4, T = 100", 17, 20, essential=False),
        ),
    ),
    Experiment(
        name="1997-4-long",
        title=tr("Adding over 500 timesteps, literally"),
        source=PAPER + "section 5.4, experiment 4, T = 500",
        setup=tr("as 1997-4"),
        same=SAME,
        differs=DIFFERS,
        criterion=tr("as 1997-4"),
        budget=tr("220 000 sequences"),
        paper=tr("10 of 10 trials, 209 000 sequences in the mean; none of 2560 test sequences wrong"),
        seeds=3,
        cost=tr("70 s"),
        headline="4, T = 500",
        rows=rows("4, T = 500"),
        expected=(
            reached("4, T = 500", "mean error below 0.01", 220_000),
            solves("4, T = 500", 17, 20, essential=False),
        ),
    ),
    Experiment(
        name="1997-5",
        title=tr("Multiplication, literally"),
        source=PAPER + "section 5.5, experiment 5",
        setup=tr("2 blocks of 2 cells, 93 weights; learning rate 0.1; all weights and biases within 0.1"),
        same=SAME,
        differs=DIFFERS + tr(" Only the first of the paper's two criteria is asked."),
        criterion=tr("fewer than 140 of the last 2000 sequences off by 0.04"),
        budget=tr("1 300 000 sequences"),
        paper=tr("10 of 10 trials, 482 000 sequences in the mean; 139 of 2560 test sequences wrong"),
        seeds=3,
        cost=tr("2 min"),
        headline="5",
        rows=rows("5"),
        expected=(solves("5", 3, 4), mean_within("5", "solved_at", 482_000 / 2, 482_000 * 2)),
    ),
    Experiment(
        name="1997-2c",
        title=tr("Long lags among many distractors, literally"),
        source=PAPER + "section 5.2, experiment 2c",
        setup=tr("2 blocks of 1 cell, 364 and 664 weights, no biases; learning rate 0.01; weights within 0.2"),
        same=SAME,
        differs=DIFFERS + tr(" The 10 000 sequences are tried once 1000 training sequences in a row were right."),
        criterion=tr("both outputs within 0.2 for 10 000 fresh sequences in a row"),
        budget=tr("300 000 sequences"),
        paper=tr("20 of 20 trials; 30 000 sequences in the mean for p = q = 50, and 31 000 for 100"),
        seeds=6,
        cost=tr("60 s"),
        headline="2c, p = q = 50",
        rows=rows("2c, p = q = 50", "2c, p = q = 100"),
        expected=(
            solves("2c, p = q = 50", 17, 20),
            mean_within("2c, p = q = 50", "solved_at", 15_000, 60_000),
            solves("2c, p = q = 100", 17, 20),
        ),
    ),
    Experiment(
        name="1997-1",
        title=tr("Embedded Reber grammar, literally"),
        source=PAPER + "section 5.1, experiment 1",
        setup=tr("3 blocks of 2 cells (276 weights) or 4 of 1 (264); only gates have biases, out −1, −2, −3, −4"),
        same=SAME,
        differs=DIFFERS
        + tr(" The sets are tried every 100 strings. Rows named so update at each timestep, as the paper may be read."),
        criterion=tr("all symbols of 256 training and 256 other strings foreseen"),
        budget=tr("60 000 strings"),
        paper=tr("30 of 30 trials with 3 blocks and learning rate 0.5, 8 440 strings in the mean; others in table 1"),
        seeds=6,
        cost=tr("50 s"),
        headline="1, 3 blocks, rate 0.5",
        rows=rows(
            "1, 3 blocks, rate 0.5",
            "1, 3 blocks, rate 0.1",
            "1, 4 blocks, rate 0.5",
            "1, 3 blocks, rate 0.2, each timestep",
            "1, 3 blocks, rate 0.5, each timestep",
        ),
        expected=(
            solves("1, 3 blocks, rate 0.5", 17, 20),
            mean_within("1, 3 blocks, rate 0.5", "solved_at", 8_440 / 2, 8_440 * 2),
        ),
    ),
)
