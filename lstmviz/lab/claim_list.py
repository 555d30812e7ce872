"""The claims: what is said, which rows of which experiment decide it, and what they would have to show.

To add one, call ``claim`` once more below; its ruling comes from ``claim_rulings`` and holds no verdict.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lstmviz.lab.claim_checks import FORGET, LATCH, LINEAR, OUTPUT_GATE, SHARES, SIZES, SOURCES
from lstmviz.lab.claim_rulings import (
    NOT_TESTED,
    Bound,
    Decide,
    Ruling,
    as_well,
    better_and_good,
    can,
    cannot,
    compared,
    every,
    lower,
    more_even,
    only,
    percent,
    refuted_by,
    remedy,
    same_kind,
    share_text,
    with_care,
)
from lstmviz.lab.claim_trainings import FORECAST, LARGER, LASTING, RATES, ROBUST, TUNING
from lstmviz.lab.papers.beyond import BOTH, DROPPED, FINAL, ONE, STOPPED, at_length
from lstmviz.lab.papers.gates import FORGETS, KEEPS, LATE
from lstmviz.lab.papers.gates import NAMES as WITHOUT
from lstmviz.lab.papers.gradients import BIASES, GAINS
from lstmviz.lab.papers.gradients import LSTM as BY_BIAS
from lstmviz.lab.papers.gradients import RNN as BY_GAIN
from lstmviz.lab.papers.gradients import figure as start
from lstmviz.lab.papers.guessing import ROWS as GUESSES
from lstmviz.lab.papers.languages import BEST, GRU_ROW
from lstmviz.lab.papers.parts import Experiment, Finding
from lstmviz.words import count, tr

MEMORY, GRADIENT, INSIDE = tr("memory"), tr("gradient"), tr("inside the cell")
TRAINING, COST, USE = tr("training"), tr("cost"), tr("use")
TOPICS = (MEMORY, GRADIENT, INSIDE, TRAINING, COST, USE)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that is said of LSTMs.

    Parameters
    ----------
    number : int
        From 1, as on the command line.
    words : str
        The claim.
    topic : str
        One of ``TOPICS``.
    experiment : str
        A key of ``EXPERIMENTS`` or of ``CHECKS``.
    rows : tuple of str
        Rows of the experiment that the ruling reads.
    ruling : callable
        What the runs of these rows say.
    """

    number: int
    words: str
    topic: str
    experiment: str
    rows: tuple[str, ...]
    ruling: Decide

    def decide(self, finding: Finding | None) -> Ruling:
        """The verdict, its condition, and the figures that decided; "Not tested yet" when a row has no runs."""
        if finding is None or any(finding.results.seeds(row) == 0 for row in self.rows):
            return Ruling(NOT_TESTED, "", "")
        return self.ruling(finding.results)


LSTMS = ("LSTM, bias 0", "LSTM, bias 1", "LSTM, bias 2", "LSTM, bias 3", "LSTM, bias 5", "LSTM, chrono")
SHARE = tr("share of the gradient that reaches t = 1: ")
ERROR = tr("squared error, as a share of that of “same as now”: ")
RNNS = ("RNN", "RNN, orthogonal", "IRNN")


def _rates() -> tuple[str, ...]:
    return tuple(row.name for row in TUNING.rows)


def _shares(rows: Sequence[str], holds: Callable[[float], bool]) -> list[Bound]:
    return [Bound(row, "share", holds, written=share_text) for row in rows]


def all_claims() -> tuple[Claim, ...]:
    """The claims, in order."""
    found: list[Claim] = []

    def claim(words: str, topic: str, experiment: Experiment | str, rows: Sequence[str], ruling: Decide) -> None:
        name = experiment if isinstance(experiment, str) else experiment.name
        found.append(Claim(len(found) + 1, words, topic, name, tuple(rows), ruling))

    _memory(claim)
    _gradients(claim)
    _inside(claim)
    _training(claim)
    _cost_and_use(claim)
    return tuple(found)


Add = Callable[[str, str, Experiment | str, Sequence[str], Decide], None]


def _memory(claim: Add) -> None:
    claim(
        tr("An LSTM learns dependencies over long gaps that a vanilla RNN does not learn."),
        MEMORY, "recall-100", (*LSTMS, *RNNS), only(LSTMS, RNNS),
    )  # fmt: skip
    claim(tr("An LSTM cannot bridge gaps of 100 timesteps or more."), MEMORY, "recall-100", LSTMS, cannot(LSTMS))
    claim(
        tr("How many timesteps an LSTM reaches back is about the number of its units."),
        MEMORY, "1997-6a", ("6a",), cannot(("6a",), tr("4 cells, sequences of 100 to 110 timesteps: ")),
    )  # fmt: skip
    chrono = "LSTM, chrono"
    claim(
        tr("What lies more than a few timesteps back is gone completely."),
        MEMORY, "longer-gaps", (chrono,),
        refuted_by([
            Bound(chrono, at_length(t), lambda value: value >= 0.9, at_length(t), percent) for t in (200, 1000)
        ]),
    )  # fmt: skip
    larger, small, three, _ = (row.name for row in LARGER.rows)
    claim(
        tr("When a gap is too long for an LSTM, more units are the remedy."),
        MEMORY, LARGER, (larger, small, three), remedy(larger, small, three),
    )  # fmt: skip
    strong, weak = (row.name for row in LATCH.rows)
    claim(
        tr("In a vanilla RNN, what it has read always fades."),
        MEMORY, LATCH, (strong, weak),
        every(
            [Bound(row, "state", lambda value: value < 0.01) for row in (weak, strong)],
            tr("left of the state after 1000 timesteps: "),
        ),
    )  # fmt: skip
    guesses = tuple(row.name for row in GUESSES)
    claim(
        tr("A vanilla RNN can in principle hold information over any gap."), MEMORY, "guessing", guesses, can(guesses)
    )


def _gradients(claim: Add) -> None:
    claim(
        tr("The gradient of a vanilla RNN vanishes over a long sequence."),
        GRADIENT, "gradient-share", (BY_GAIN,),
        every([
            Bound(BY_GAIN, start("rnn", gain), lambda value: value < -1, start("rnn", gain), share_text)
            for gain in GAINS
        ], SHARE),
    )  # fmt: skip
    shares = tuple(row.name for row in SHARES.rows)
    lstms = tuple(row for row in shares if row.startswith("LSTM"))
    claim(
        tr("The gradient of an LSTM does not vanish."),
        GRADIENT, SHARES, lstms, every(_shares(lstms, lambda value: value > -2), SHARE),
    )  # fmt: skip
    starts = [start("lstm", gain, bias) for gain in (1.0, 3.0) for bias in BIASES]
    claim(
        tr("The gradient of an LSTM cannot explode."),
        GRADIENT, "gradient-share", (BY_BIAS,),
        refuted_by([Bound(BY_BIAS, name, lambda value: value > 0.3, name, share_text) for name in starts], SHARE),
    )  # fmt: skip
    claim(
        tr("With the usual start, an LSTM keeps its gradient more even over the timesteps than a vanilla RNN."),
        GRADIENT, SHARES, ("RNN", "LSTM, bias 0", "LSTM, bias 1"), more_even(("LSTM, bias 0", "LSTM, bias 1"), "RNN"),
    )  # fmt: skip
    claim(
        tr("The gradient survives in an LSTM because of its activation functions."),
        GRADIENT, "recall-100", (*LSTMS, *RNNS), same_kind(LSTMS, RNNS),
    )  # fmt: skip


def _inside(claim: Add) -> None:
    near_one, _, near_zero = (row.name for row in FORGET.rows)
    claim(
        tr("The larger the value of the forget gate, the more is forgotten."),
        INSIDE, FORGET, (near_one, near_zero),
        compared((near_one, near_zero), "left", lambda one, zero: one < zero, tr("left after 20 timesteps: ")),
    )  # fmt: skip
    given, whole = (row.name for row in LINEAR.rows)
    claim(
        tr("The cell state is carried along linearly."),
        INSIDE, LINEAR, (given, whole),
        every(
            [Bound(row, "departure", lambda value: value < 1e-9) for row in (given, whole)],
            tr("departure from a line: "),
        ),
    )  # fmt: skip
    now, before = (row.name for row in SOURCES.rows)
    claim(
        tr("The cell state holds something of this timestep and of those before."),
        INSIDE, SOURCES, (now, before),
        every(
            [Bound(row, "moved", lambda value: value > 1e-3) for row in (now, before)],
            tr("a change of the input moves it by: "),
        ),
    )  # fmt: skip
    whole_gate = OUTPUT_GATE.rows[0].name
    claim(
        tr("The output gate only decides what the next layer gets to see."),
        INSIDE, OUTPUT_GATE, (whole_gate,),
        refuted_by([Bound(whole_gate, "next", lambda value: value > 1e-6, tr("the next cell state moves by"))]),
    )  # fmt: skip
    claim(
        tr("Without a forget gate, an LSTM does not work."),
        INSIDE, "1997-6a", ("6a",), cannot(("6a",), tr("the network of 1997, which has none: ")),
    )  # fmt: skip
    gates, squashing = tuple(WITHOUT[name] for name in ("nig", "nfg", "nog")), (WITHOUT["niaf"], WITHOUT["noaf"])
    claim(tr("An LSTM needs each of its three gates."), INSIDE, "gates", gates, cannot(gates))
    claim(
        tr("An LSTM needs both of its tanhs to learn what is not linear."),
        INSIDE,
        "gates",
        squashing,
        cannot(squashing),
    )
    claim(
        tr("Without a forget gate, the cell state grows without end on a stream that is never reset."),
        INSIDE, "stream", (KEEPS, FORGETS),
        compared((KEEPS, FORGETS), LATE, lambda without, gate: without > 10 * gate, tr("|c| after 7500 symbols: ")),
    )  # fmt: skip
    claim(
        tr("A GRU does about as well as an LSTM, with fewer weights."),
        INSIDE, "adding", ("GRU, bias 0", "GRU, chrono", "LSTM, bias 1", "LSTM, chrono"),
        as_well(("GRU, bias 0", "GRU, chrono"), ("LSTM, bias 1", "LSTM, chrono")),
    )  # fmt: skip
    claim(
        tr("Whatever an LSTM learns, a GRU learns too."),
        INSIDE, "counting", (BEST, GRU_ROW),
        compared((GRU_ROW, BEST), "largest", lambda gru, lstm: gru > lstm - 4, tr("counts up to: ")),
    )  # fmt: skip


def _training(claim: Add) -> None:
    lasting = tuple(row.name for row in LASTING.rows if row.name.startswith("LSTM"))
    claim(
        tr("Training an LSTM on long sequences is stable: what it has learned stays."),
        TRAINING, LASTING, lasting,
        every(
            [Bound(row, "lowest", lambda value: value >= 0.9, written=percent) for row in lasting],
            tr("lowest score once solved: "),
        ),
    )  # fmt: skip
    claim(
        tr("An LSTM works only with a learning rate that was chosen with care."),
        TRAINING, TUNING, _rates(), with_care(_rates(), RATES),
    )  # fmt: skip
    claim(
        tr("An LSTM cannot learn online, one sequence at a time."),
        TRAINING, "1997-6a", ("6a",), cannot(("6a",), tr("one update after each sequence: ")),
    )  # fmt: skip
    noisy = ("3b, N = 1", "3b, N = 3")
    claim(
        tr("Noise on the signal keeps an LSTM from learning."),
        TRAINING,
        "1997-3b",
        noisy,
        cannot(noisy, tr("noise of variance 0.2: ")),
    )
    claim(tr("An LSTM cannot learn a product, since that is not linear."), TRAINING, "1997-5", ("5",), cannot(("5",)))
    claim(
        tr("An LSTM needs thousands of labelled sequences."),
        TRAINING, "few-examples", (FINAL, STOPPED, DROPPED),
        refuted_by([
            Bound(row, "accuracy", lambda value: value >= 0.9, tr("{row}, 60 sequences:").format(row=row), percent)
            for row in (FINAL, STOPPED, DROPPED)
        ]),
    )  # fmt: skip
    claim(
        tr("Early stopping and dropout help against overfitting."),
        TRAINING, "few-examples", (FINAL, STOPPED, DROPPED),
        lower((STOPPED, DROPPED), FINAL, "test_loss", tr("mean test loss: ")),
    )  # fmt: skip


def _cost_and_use(claim: Add) -> None:
    short, long, rnn, _ = (row.name for row in SIZES.rows)
    claim(
        tr("For longer sequences, an LSTM needs more weights."),
        COST, SIZES, (short, long),
        compared((long, short), "weights", lambda long, short: long > short, tr("weights: "), _whole),
    )  # fmt: skip
    claim(
        tr("An LSTM has more to compute than a vanilla RNN of as many units."),
        COST, SIZES, (short, rnn),
        compared((short, rnn), "weights", lambda lstm, rnn: lstm > rnn, tr("weights: "), _whole),
    )  # fmt: skip
    ours, theirs = ROBUST.rows[0].name, ROBUST.rows[2].name
    claim(
        tr("LSTMs cope with noise and missing values better than vanilla RNNs."),
        USE, ROBUST, (ours, theirs), better_and_good(ours, theirs, ("missing", "noisy"), 0.95, 0.02),
    )  # fmt: skip
    walk, waves = (row.name for row in FORECAST.rows)
    claim(
        tr("An LSTM foresees series such as prices better than “same as now” does."),
        USE, FORECAST, (walk, waves),
        every([Bound(row, "error_share", lambda value: value < 0.95) for row in (walk, waves)], ERROR),
    )  # fmt: skip
    claim(
        tr("Reading in both directions labels better than reading in one."),
        USE, "both-sides", (BOTH, ONE),
        compared((BOTH, ONE), "score", lambda both, one: both > one + 0.02, tr("labels right: "), percent),
    )  # fmt: skip


def _whole(value: float) -> str:
    return count(round(value))
