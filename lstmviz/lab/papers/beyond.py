"""What a trained network does elsewhere: at longer gaps, after few examples, and with both directions to read in."""

from dataclasses import dataclass, replace
from typing import Any

from lstmviz.lab.batches import unseen_batch
from lstmviz.lab.examiner import examined
from lstmviz.lab.network import LSTM
from lstmviz.lab.papers.modern import FRESH, TRAINING, stays
from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.lab.readout import new_readout
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.stack import Stack
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.training import Training
from lstmviz.words import tr


@dataclass(frozen=True, slots=True)
class Course:
    """One network, trained for so many updates, solved or not."""

    cell: str
    settings: Settings
    recipe: Recipe
    updates: int
    both: bool = False  # directions


def trained(course: Course, seed: int) -> Training:
    """The training when it is over: early stopping may end it before its budget."""
    settings = replace(course.settings, seed=seed, cells=(course.cell,))
    networks = None
    if course.both:
        task, options = TASKS[settings.task], {"forget_bias": settings.forget_bias, "dtype": settings.dtype}
        stack = Stack.of(LSTM, task.inputs, settings.hidden, layers=1, bidirectional=True, seed=seed, **options)
        networks = [(stack, new_readout(task.outputs, stack.width, seed, settings.dtype))]
    training = Training(settings, course.recipe, networks=networks)  # type: ignore[arg-type]
    while training.update < course.updates and not training.stopped:
        training.advance()
    return training


# ---------------------------------------------------------------- longer gaps

LENGTHS = (50, 100, 200, 500, 1000)


def run_longer(course: Course, seed: int) -> dict[str, Any]:
    """Accuracy at lengths that were never trained on; of a module's top level, so that it travels."""
    training = trained(course, seed)
    found: dict[str, Any] = {}
    for timesteps in LENGTHS:
        batch = unseen_batch(replace(training.settings, gap=timesteps - 1), 500)
        score = examined(training.runners[0], batch, training.task, training.update, "kernels").score
        found[at_length(timesteps)] = score
    return {"solved": found[at_length(LENGTHS[-1])] >= 0.98} | found


def at_length(timesteps: int) -> str:
    """The name of a figure."""
    return tr("accuracy at T = {t}").format(t=timesteps)


def _longer(name: str, cell: str, **changes: Any) -> Row:
    settings = Settings(task="recall", gap=49, hidden=16, dtype="float32", **changes)
    return Row(name, run_longer, Course(cell, settings, Recipe(learning_rate=3e-3, test_every=600), 600))


LONGER = Experiment(
    name="longer-gaps",
    title=tr("Trained over 50 timesteps, tested over 1000"),
    source=tr("Own experiment; Tallec & Ollivier (2018): the chrono start"),
    setup=tr("First-token recall, 16 units, learning rate 0.003; ") + TRAINING,
    same=tr("The start of the biases."),
    differs=tr("All else. ") + FRESH,
    criterion=tr("98 % of 500 unseen sequences of 1000 timesteps right"),
    budget=tr("600 updates with T = 50, solved or not"),
    paper=tr("None."),
    seeds=3,
    cost=tr("40 s"),
    headline="LSTM, chrono",
    rows=(
        _longer("LSTM, chrono", "lstm", forget_bias="chrono"),
        _longer(tr("LSTM, bias 3"), "lstm", forget_bias=3.0),
        _longer("GRU, chrono", "gru", forget_bias="chrono"),
        _longer(tr("RNN, orthogonal"), "rnn", initialisation="orthogonal"),
        _longer("IRNN", "rnn", initialisation="identity"),
    ),
    expected=(stays(("LSTM, chrono",), at_length(1000), low=0.98),),
)

# ---------------------------------------------------------------- few examples

EXAMPLES = 60
FINAL, STOPPED, DROPPED = tr("all updates"), tr("early stopping"), tr("input dropout 0.2")


def run_examples(course: Course, seed: int) -> dict[str, Any]:
    """Loss on unseen sequences at the end; of a module's top level, so that it travels."""
    training = trained(course, seed)
    found = training.examine()[0]
    return {"solved": found.solved, "test_loss": found.loss, "accuracy": found.score, "updates": training.update}


def _examples(name: str, **changes: Any) -> Row:
    settings = Settings(task="order", gap=39, hidden=24, forget_bias="chrono", dtype="float32")
    recipe = Recipe(learning_rate=5e-3, test_every=10, sequences=EXAMPLES, **changes)
    return Row(name, run_examples, Course("lstm", settings, recipe, 800))


def _lower(row: str) -> Expectation:
    def holds(results: Results) -> bool:
        return results.mean(row, "test_loss") < results.mean(FINAL, "test_loss")

    return Expectation(tr("{row}: a lower mean test loss than {final}").format(row=row, final=FINAL), holds)


FEW = Experiment(
    name="few-examples",
    title=tr("Sixty training sequences"),
    source=tr("Own experiment; Prechelt (1998): early stopping; Zaremba, Sutskever & Vinyals (2014): dropout"),
    setup=tr("Temporal order, T = 40, LSTM of 24 units, chrono start, learning rate 0.005; ") + TRAINING,
    same=tr("What early stopping and dropout do."),
    differs=tr("Task and sizes are our own; early stopping waits for 15 tests, made every 10 updates."),
    criterion=tr("99.5 % of 500 unseen sequences right; compared is the loss on them"),
    budget=tr("800 updates on batches from the same 60 sequences"),
    paper=tr("None."),
    seeds=4,
    cost=tr("40 s"),
    headline=STOPPED,
    rows=(_examples(FINAL), _examples(STOPPED, early_stopping=15), _examples(DROPPED, input_dropout=0.2)),
    expected=(_lower(STOPPED), replace(_lower(DROPPED), essential=False)),
)

# ---------------------------------------------------------------- both directions

BOTH, ONE = tr("both directions"), tr("one direction")


def run_sides(course: Course, seed: int) -> dict[str, Any]:
    """Share of right labels when training is over; of a module's top level, so that it travels."""
    training = trained(course, seed)
    found = training.examine()[0]
    return {"solved": found.solved, "score": found.score, "test_loss": found.loss}


def _sides(name: str, both: bool) -> Row:
    settings = Settings(task="sides", gap=29, hidden=16, forget_bias=1.0, dtype="float32")
    recipe = Recipe(learning_rate=1e-2, test_every=50)
    return Row(name, run_sides, Course("lstm", settings, recipe, 400, both))


SIDES = Experiment(
    name="both-sides",
    title=tr("Labels that need both directions"),
    source=tr("Graves & Schmidhuber (2005): bidirectional LSTMs label better; the task is our own"),
    setup=tr("LSTM of 16 units a direction, bias 1; label = bit 3 before + bit 3 after; learning rate 0.01; ")
    + TRAINING,
    same=tr("One network that reads to the right, one that reads both ways."),
    differs=tr("A task of which the best answer is known, not speech. ") + FRESH,
    criterion=tr("99.5 % of the labels of 500 unseen sequences of 30 bits right"),
    budget=tr("400 updates, solved or not"),
    paper=tr("Framewise speech labels: both directions better than one. Here one direction can know about half"),
    seeds=3,
    cost=tr("20 s"),
    headline=BOTH,
    rows=(_sides(BOTH, True), _sides(ONE, False)),
    expected=(stays((BOTH,), "score", low=0.98), stays((ONE,), "score", high=0.6)),
)
