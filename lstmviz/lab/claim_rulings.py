"""How the runs of an experiment decide a claim; no verdict stands here, only what would lead to which.

Words used in this file
    solved     a row counts as solved when 4 of 5 of its seeds are
    condition  when a claim holds, or what it overlooks
    figure     the numbers that decided, in one line
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lstmviz.lab.papers.parts import Results
from lstmviz.words import count, decimal, number, power, tr

HOLDS, HOLDS_IF, FALSE = tr("Holds"), tr("Holds if …"), tr("False")
NOT_REPRODUCED, NOT_TESTED = tr("Not reproduced"), tr("Not tested yet")
VERDICTS = (HOLDS, HOLDS_IF, FALSE, NOT_REPRODUCED, NOT_TESTED)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an experiment says of a claim."""

    verdict: str  # one of VERDICTS
    condition: str
    figure: str


Decide = Callable[[Results], Ruling]


def is_solved(results: Results, row: str) -> bool:
    """Whether at least 4 of 5 seeds of a row were solved."""
    return results.at_least(row, 4, 5)


def split(results: Results, rows: Sequence[str]) -> tuple[list[str], list[str]]:
    """Rows that were solved, and those that were not."""
    solved = [row for row in rows if is_solved(results, row)]
    return solved, [row for row in rows if row not in solved]


def counts(results: Results, rows: Sequence[str]) -> str:
    """``LSTM, chrono 5 of 5; RNN 0 of 5``."""
    line = tr("{row} {solved} of {seeds}")
    return "; ".join(line.format(row=row, solved=results.solved(row), seeds=results.seeds(row)) for row in rows)


def medians(results: Results, rows: Sequence[str], figure: str, written: Callable[[float], str]) -> str:
    """The median of one figure for each row."""
    return "; ".join(f"{row} {written(results.median(row, figure))}" for row in rows)


def listed(rows: Sequence[str]) -> str:
    """Rows in words; ``nothing`` when there are none."""
    return "; ".join(rows) or tr("nothing")


# ---------------------------------------------------------------- claims about what is solved


def can(rows: Sequence[str], what: str = "") -> Decide:
    """The claim says that these rows are solved; ``what`` stands before the figures."""

    def decide(results: Results) -> Ruling:
        solved, others = split(results, rows)
        figure = what + counts(results, rows)
        if not others:
            return Ruling(HOLDS, "", figure)
        if not solved:
            return Ruling(NOT_REPRODUCED, tr("not solved within the budget"), figure)
        condition = tr("solved: {solved}; not solved: {others}")
        return Ruling(HOLDS_IF, condition.format(solved=listed(solved), others=listed(others)), figure)

    return decide


def cannot(rows: Sequence[str], what: str = "") -> Decide:
    """The claim says that none of these rows is solved; one that half of its seeds solve refutes it.

    ``what`` stands before the figures.
    """

    def decide(results: Results) -> Ruling:
        figure = what + counts(results, rows)
        against = [row for row in rows if results.at_least(row, 1, 2)]
        others = [row for row in rows if row not in against]
        if against:
            condition = tr("so it is with {others}, and not with {against}")
            told = condition.format(others=listed(others), against=listed(against))
            return Ruling(FALSE, told if others else "", figure)
        lucky = [row for row in rows if results.solved(row)]
        if lucky:
            return Ruling(
                HOLDS_IF, tr("most seeds are meant: {rows} is solved by some").format(rows=listed(lucky)), figure
            )
        return Ruling(HOLDS, tr("within the budget"), figure)

    return decide


def only(these: Sequence[str], others: Sequence[str]) -> Decide:
    """The claim says that these rows are solved and the others are not."""

    def decide(results: Results) -> Ruling:
        solved, failed = split(results, these)
        too, _ = split(results, others)
        figure = counts(results, [*these, *others])
        if not solved:
            return Ruling(FALSE, tr("none of them is solved within the budget"), figure)
        if not failed and not too:
            return Ruling(HOLDS, "", figure)
        parts = [tr("with {solved}").format(solved=listed(solved))]
        parts += [tr("not {failed}").format(failed=listed(failed))] if failed else []
        parts += [tr("and not beside {too}, which solves it too").format(too=listed(too))] if too else []
        return Ruling(HOLDS_IF, ", ".join(parts), figure)

    return decide


def remedy(cure: str, without: str, other: str) -> Decide:
    """The claim says that ``cure`` solves what ``without`` does not, so that ``other`` is not what is missing."""

    def decide(results: Results) -> Ruling:
        figure = counts(results, (cure, without, other))
        if is_solved(results, without):
            return Ruling(NOT_REPRODUCED, tr("nothing had to be mended: {row} is solved").format(row=without), figure)
        if is_solved(results, cure):
            return Ruling(HOLDS, "", figure)
        if is_solved(results, other):
            return Ruling(FALSE, tr("what helps is {other}").format(other=other), figure)
        return Ruling(NOT_REPRODUCED, tr("nothing that was tried helps"), figure)

    return decide


def as_well(these: Sequence[str], others: Sequence[str]) -> Decide:
    """The claim says that these rows do about as well as the others: solved wherever those are."""

    def decide(results: Results) -> Ruling:
        figure = counts(results, [*these, *others])
        best, good = split(results, others)[0], split(results, these)[0]
        if not best and not good:
            return Ruling(NOT_REPRODUCED, tr("neither is solved within the budget"), figure)
        if len(good) == len(these):
            return Ruling(HOLDS, "", figure)
        if good:
            return Ruling(HOLDS_IF, tr("with {good}").format(good=listed(good)), figure)
        return Ruling(FALSE, "", figure)

    return decide


def same_kind(these: Sequence[str], others: Sequence[str]) -> Decide:
    """The claim explains success by what all of ``these`` rows have and the ``others`` lack."""

    def decide(results: Results) -> Ruling:
        solved, failed = split(results, these)
        figure = counts(results, [*these, *others])
        if solved and failed:
            return Ruling(FALSE, tr("{failed} has it too, and fails").format(failed=listed(failed)), figure)
        if not solved:
            return Ruling(NOT_REPRODUCED, tr("none is solved within the budget"), figure)
        too, _ = split(results, others)
        if too:
            return Ruling(FALSE, tr("{too} is solved without it").format(too=listed(too)), figure)
        return Ruling(HOLDS, "", figure)

    return decide


# ---------------------------------------------------------------- claims about figures


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure of a row, how it is written, and when it is as a claim says."""

    row: str
    figure: str
    holds: Callable[[float], bool]
    name: str = ""  # in words; the row's name when left out
    written: Callable[[float], str] = number

    def told(self, results: Results) -> str:
        """Name and median."""
        return f"{self.name or self.row} {self.written(results.median(self.row, self.figure))}"


def every(bounds: Sequence[Bound], what: str = "") -> Decide:
    """The claim says that all these figures are as their bounds want, at their medians.

    When only some are, it holds on that condition. ``what`` says before the figures what they are.
    """

    def decide(results: Results) -> Ruling:
        good = [bound for bound in bounds if bound.holds(results.median(bound.row, bound.figure))]
        figure = what + "; ".join(bound.told(results) for bound in bounds)
        if len(good) == len(bounds):
            return Ruling(HOLDS, "", figure)
        if not good:
            return Ruling(FALSE, "", figure)
        return Ruling(HOLDS_IF, tr("with {rows}").format(rows=listed([b.name or b.row for b in good])), figure)

    return decide


def refuted_by(bounds: Sequence[Bound], what: str = "") -> Decide:
    """The claim says that none of these figures is as its bound wants; one that is refutes it."""

    def decide(results: Results) -> Ruling:
        against = [bound for bound in bounds if bound.holds(results.median(bound.row, bound.figure))]
        figure = what + "; ".join(bound.told(results) for bound in bounds)
        if not against:
            return Ruling(HOLDS, "", figure)
        rest = [bound.name or bound.row for bound in bounds if bound not in against]
        return Ruling(FALSE, tr("true only of {rest}").format(rest=listed(rest)) if rest else "", figure)

    return decide


def compared(
    rows: tuple[str, str],
    figure: str,
    holds: Callable[[float, float], bool],
    what: str,
    written: Callable[[float], str] = number,
) -> Decide:
    """The claim says something of one figure in two rows; false otherwise. ``what`` says what the figure is."""

    def decide(results: Results) -> Ruling:
        one, other = (results.median(row, figure) for row in rows)
        return Ruling(HOLDS if holds(one, other) else FALSE, "", what + medians(results, rows, figure, written))

    return decide


def lower(rows: Sequence[str], than: str, figure: str, what: str) -> Decide:
    """The claim says that the mean of a figure is lower in these rows than in another; ``what`` names the figure."""

    def decide(results: Results) -> Ruling:
        means = {row: results.mean(row, figure) for row in (*rows, than)}
        good = [row for row in rows if means[row] < means[than]]
        told = what + "; ".join(f"{row} {decimal(mean, 3)}" for row, mean in means.items())
        if len(good) == len(rows):
            return Ruling(HOLDS, "", told)
        return Ruling(HOLDS_IF, tr("with {rows}").format(rows=listed(good)), told) if good else Ruling(FALSE, "", told)

    return decide


def better_and_good(row: str, than: str, figures: Sequence[str], least: float, margin: float) -> Decide:
    """The claim says that a row does well in all these figures, and better than another row."""

    def decide(results: Results) -> Ruling:
        pairs = {name: (results.median(row, name), results.median(than, name)) for name in figures}
        good = [name for name, (ours, theirs) in pairs.items() if ours >= least and ours >= theirs + margin]
        told = "; ".join(
            tr("{name}: {row} {ours}, {than} {theirs}").format(
                name=name, row=row, than=than, ours=decimal(ours, 2), theirs=decimal(theirs, 2)
            )
            for name, (ours, theirs) in pairs.items()
        )
        if len(good) == len(figures):
            return Ruling(HOLDS, "", told)
        if good:
            return Ruling(HOLDS_IF, tr("the input is {names}").format(names=listed(good)), told)
        fine = [name for name, (ours, _) in pairs.items() if ours >= least]
        said = tr("it copes with {fine}, and so does {than}").format(fine=listed(fine), than=than) if fine else ""
        return Ruling(FALSE, said, told)

    return decide


def share_text(log10: float) -> str:
    """A share that is known by its decimal logarithm."""
    return power(log10)


def percent(value: float) -> str:
    """A share between 0 and 1 as a percentage."""
    return tr("{value} %").format(value=decimal(100 * value, 1))


def more_even(rows: Sequence[str], than: str) -> Decide:
    """The claim says that the gradient's range is smaller by a power of ten in these rows than in another."""

    def decide(results: Results) -> Ruling:
        limit = results.median(than, "range") - 1  # a power of ten
        bounds = [Bound(row, "range", lambda value: value < limit, written=_powers) for row in rows]
        found = every(bounds, tr("range of the gradient over the timesteps: "))(results)
        other = Bound(than, "range", bool, written=_powers).told(results)
        return Ruling(found.verdict, found.condition, f"{found.figure}; {other}")

    return decide


def _powers(value: float) -> str:
    return tr("{n} powers of ten").format(n=decimal(value, 1))


def with_care(rows: Sequence[str], rates: Sequence[float]) -> Decide:
    """The claim says that few of these rates do: false when all do, on a condition when some that are near do."""

    def decide(results: Results) -> Ruling:
        ruling = can(rows)(results)
        good = [rate for rate, row in zip(rates, rows, strict=True) if results.at_least(row, 4, 5)]
        if len(good) == len(rows):
            return Ruling(FALSE, "", ruling.figure)
        if len(good) <= 1:
            verdict = HOLDS if good else NOT_REPRODUCED
            return Ruling(verdict, "" if good else ruling.condition, ruling.figure)
        told = tr("care means a factor of {n}: from {low} to {high} all will do")
        span = told.format(n=count(round(good[-1] / good[0])), low=number(good[0]), high=number(good[-1]))
        return Ruling(HOLDS_IF, span, ruling.figure)

    return decide
