"""The page ``docs/experiments.md``, written from the experiments and the records that come with the program."""

from collections.abc import Iterator
from typing import Any

from lstmviz.lab.experiment import EXPERIMENTS
from lstmviz.lab.papers.parts import Experiment
from lstmviz.lab.papers.records import kept_record
from lstmviz.words import count, decimal

HEAD = """# Published experiments, run again

This page is written by `scripts/keep_experiment.py` from the records under `lstmviz/lab/papers/results`: change those,
or the experiments, not the page. `lstmviz experiment list`, `show NAME` and `run NAME` do the same in a terminal.

How to read it:

* A figure is always *n of N seeds*, with criterion and budget. "0 of 5" means: not within this budget, from this start.
* A row names the bias of the gate that keeps (the LSTM's forget gate, the GRU's update gate) and the start of the RNN.
* What was expected stands below each table, and whether it came out. An experiment is *reproduced* when all of it did,
  *reproduced with a condition* when all that is essential did, and else *not reproduced yet*. Such rows stay here.
* The same seed gives the same run on the same machine with the same version. Other processors and versions round
  otherwise in the last digit; then a seed can be solved some tests sooner or later, or just miss its budget.
* Times are processor time of all runs together. They were measured on a machine that had other work, too.
"""

TRAPS = """## Traps in the paper of 1997

Whoever runs its experiments again meets these. They are slips of the kind that happens to everybody, and good
exercises.

* **Two functions with each other's range.** The caption of table 10 gives h the range −2 to 2 and g −1 to 1; the text
  says, everywhere, h −1 to 1 and g −2 to 2. With the text's ranges adding ends with 0.5 % wrong sequences, with the
  caption's with 2.2 %.
* **A mean squared error that cannot be one.** Table 8 gives 0.0223 and 0.0139 for multiplication. If 95 % of all
  errors are below 0.04, the mean of their squares is around 0.002 at most; runs that stop there have about 0.0006, and
  0.018 as the mean *absolute* error. So that is what the table holds. To "beat" it with a mean squared error compares
  unlike things. The "average training error below 0.01" of adding must be absolute for the same reason.
* **A sum that is off by one.** Sequences of experiment 2c have q + 4 symbols and then as many more as a coin with heads
  of 0.9 allows: 9 in the mean, so q + 13. The paper says q + 14.
* **A factor of two.** Appendix A.1 defines the error as a sum of squares, without a half, and the update as its slope
  times the learning rate; the formulas that follow have no 2. Here, as in the formulas, there is none. It is as if the
  learning rate were defined for half of the error.
* **The first pair of adding.** "Set to zero" may mean the number that the network reads or the one that counts, and the
  pair's marker may be 1 or −1. Read as: the number becomes 0, the marker is 1. With a marker of −1 training ends with
  2.9 % wrong sequences instead of 0.5 %.
* **Delays.** In the appendix every layer sees the one below as it was at the timestep before; section 5 says that a
  timestep computes input, hidden and output units in this order. The second is what is run.
* **A stop rule with two halves.** The mean error falls below its limit long before 2000 sequences in a row are right,
  and the second half depends on single bad luck. So milestones are kept: the mean error, and 5 %, 1 % and 3 of 2000
  wrong.

## What the open rows show

* **Adding stays wrong at the ends of its range.** After 150 000 sequences 380 of 60 000 fresh ones are wrong (seeds 0
  to 2), and every single one of them has a target within 0.1 of 0 or 1, where 4 % of all targets lie: a logistic output
  has hardly any slope there, so nothing pulls the last hundredths right. With half a percent wrong, 2000 in a row are
  never all right. The half of the criterion that is about the mean error is met when the paper says.
* **Drift stops experiment 2c.** Its network has no bias that could shut an input gate. What the gates feed back is the
  same at every timestep and adds up: for q = 100 an untrained network (seed 0) ends a sequence with an internal state
  of 14, where the slope of h is 10⁻⁶. No error gets in, and training begins when chance has brought the state back. For
  q = 50 that happens soon enough in most trials. The paper's even learning times up to q = 1000 stay unexplained.
* **Experiment 1 gets stuck.** Of the trials that were looked at and failed, some never bridge to the outer symbol, and
  some foresee it and confuse two places of the inner grammar for good. Updates at each timestep help: half of the
  trials with rate 0.2 succeed, after what the paper says for this rate and a little more.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "\n".join(_overview()), TRAPS.rstrip()]
    parts += ["\n".join(_section(experiment)) for experiment in EXPERIMENTS.values()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _overview() -> Iterator[str]:
    yield "## All of them\n"
    yield "| name | experiment | solved | verdict | processor time |"
    yield "| --- | --- | --- | --- | --- |"
    for name, experiment in EXPERIMENTS.items():
        kept = kept_record(name)
        link = f"[`{name}`](#{name})"
        if kept is None:
            yield f"| {link} | {experiment.title} | | not run yet | |"
        else:
            solved = f"{kept['solved']} of {kept['seeds']}"
            yield f"| {link} | {experiment.title} | {solved} | {kept['verdict']} | {_time(kept['processor_seconds'])} |"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _section(experiment: Experiment) -> Iterator[str]:
    yield f"## {experiment.name}\n"
    yield f"**{experiment.title}.** {experiment.source}\n"
    yield f"* Set-up: {experiment.setup}"
    yield f"* The same: {experiment.same}"
    yield f"* What differs: {experiment.differs}"
    yield f"* Solved: {experiment.criterion}; budget: {experiment.budget}"
    yield f"* Published: {experiment.paper}"
    kept = kept_record(experiment.name)
    if kept is None:
        yield "\nNot run yet."
        return
    yield ""
    yield from _table(kept["measured"], experiment.headline)
    yield ""
    for each in kept["expected"]:
        minor = "" if each["essential"] else " (not essential)"
        yield f"* {'As expected' if each['held'] else '**Not as expected**'}{minor}: {each['words']}"
    last = kept["first_seed"] + kept["seeds"] - 1
    seeds = f"seeds {kept['first_seed']} to {last}"
    yield f"\nVerdict: **{kept['verdict']}**. Version {kept['version']}, {seeds}, {kept['machine']}."


def _table(measured: dict[str, Any], headline: str) -> Iterator[str]:
    """One line a row: solved, the spread of when, and the medians of the other figures."""
    others = dict.fromkeys(
        name for found in measured.values() for name in found if name not in ("seeds", "solved", "solved_at", *SILENT)
    )
    yield "| " + " | ".join(["row", "solved", "solved after: median (lowest to highest)", *map(_words, others)]) + " |"
    yield "|" + " --- |" * (3 + len(others))
    for row, found in measured.items():
        name = f"**{row}**" if row == headline else row
        cells = [name, f"{found['solved']} of {found['seeds']}", _spread(found.get("solved_at"))]
        cells += [_number(found[other]["median"]) if other in found else "" for other in others]
        yield "| " + " | ".join(cells) + " |"


def _words(figure: str) -> str:
    return figure.replace("_", " ")


SILENT = ("sequences", "timesteps", "updates", "strings", "guesses", "loss")  # how much was trained; told by the rest


def _spread(found: dict[str, float] | None) -> str:
    if found is None:
        return ""
    return f"{_number(found['median'])} ({_number(found['lowest'])} to {_number(found['highest'])})"


def _number(value: float | None) -> str:
    if value is None:
        return "−∞"  # only logarithms of an exact zero cannot be said in JSON
    if abs(value) >= 100 or value == int(value):
        return count(round(value))
    return decimal(value, 2 if abs(value) >= 1 else 4)
