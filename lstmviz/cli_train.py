"""``lstmviz train``: train networks on a task or on one's own data; keep weights and history, also after Ctrl-C.

Words used in this file
    key      of a setting or of the recipe, as in sweeps: ``gap``, ``learning_rate``, ``schedule.span``
"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

from lstmviz.words import tr

PLACE = "lstmviz train"
DEFAULT_UPDATES, MOST_UPDATES = 300, 1_000_000
INTERRUPTED = 130
SHORT = {  # keys whose option is not simply their last part
    "rnn.initialisation": "--init",
    "lstm.forget_bias": "--forget-bias",
    "fair_by": "--fair",
    "schedule.kind": "--schedule",
    "schedule.span": "--schedule-span",
    "schedule.factor": "--schedule-factor",
}


def add_parser(commands: Any) -> None:
    """Add ``train`` to the commands. Its options are those of the tables that check them."""
    train = commands.add_parser("train", help=tr("train networks on a task, or on your own data; Ctrl-C keeps all"))
    train.add_argument("-o", "--output", metavar="W.safetensors", help=tr("write the weights; a file for each network"))
    train.add_argument("--history", metavar="F", help=tr("write losses, norms and tests: F.csv or F.json; - is JSON"))
    train.add_argument("--updates", metavar="N", help=tr("1 to 1000000 (300)"))
    train.add_argument("--resume", metavar="W.safetensors", help=tr("go on from here, as -o wrote it"))
    train.add_argument("--data", metavar="F", help=tr("your own: F.csv to forecast a column of, or F.txt to learn"))
    train.add_argument("--column", metavar="NAME", help=tr("of the table: a name or a number from 1"))
    train.add_argument("--horizon", metavar="N", default="1", help=tr("rows ahead that are forecast, 1 to 1000 (1)"))
    train.add_argument("--until-solved", action="store_true", help=tr("stop once every network has solved the task"))
    train.late = add_tables
    train.set_defaults(run=run_train)


def add_tables(train: argparse.ArgumentParser) -> None:
    """Add an option for every setting, and for all of the recipe."""
    settings = train.add_argument_group(tr("networks and task"))
    for option, (key, allowed, default) in setting_options().items():
        _add(settings, option, key, allowed, default)
    recipe = train.add_argument_group(tr("training"))
    for option, (key, allowed, default) in recipe_options().items():
        _add(recipe, option, key, allowed, default)


def _add(group: Any, option: str, key: str, allowed: str, default: Any) -> None:
    if isinstance(default, bool):
        group.add_argument(option, dest=key, action="store_const", const="true", help=allowed)
        return
    shown = ",".join(default) if isinstance(default, tuple) else f"{default}"
    text = f"{allowed} ({shown})".replace("%", "%%")
    group.add_argument(option, dest=key, metavar=option.strip("-").upper(), help=text)


def option_of(key: str) -> str:
    """The option of one key: ``lstm.variant`` is ``--variant``."""
    return SHORT.get(key) or "--" + key.rpartition(".")[2].replace("_", "-")


def setting_options() -> dict[str, tuple[str, str, Any]]:
    """Option -> key, what it may be, and its default; the batch is the recipe's."""
    from lstmviz.lab.settings import FIELDS, Settings

    return {
        option_of(key): (key, field.allowed(), getattr(Settings(), field.name))
        for key, field in FIELDS.items()
        if key != "batch"
    }


def recipe_options() -> dict[str, tuple[str, str, Any]]:
    """As ``setting_options``, for the recipe."""
    from lstmviz.lab.dropout import MOST_DROPOUT
    from lstmviz.lab.recipe import CLIPPINGS, OPTIMISERS, SCHEDULES
    from lstmviz.lab.run_keys import RECIPE

    share = tr("{low:g} to {high:g}").format(low=0, high=MOST_DROPOUT)
    helps = {
        "learning_rate": tr("of an update, 0 to 1000"),
        "clip": tr("limit of the gradient, above 0"),
        "batch": tr("sequences of an update, 1 to 1024"),
        "test_every": tr("updates between two tests"),
        "optimiser": ", ".join(OPTIMISERS),
        "clip_by": ", ".join(CLIPPINGS),
        "weight_decay": tr("share of the weights taken off, times the learning rate"),
        "momentum": tr("of the optimiser momentum, 0 to 0.9999"),
        "schedule.kind": ", ".join(SCHEDULES),
        "schedule.span": tr("updates of a stair, or of the cosine"),
        "schedule.factor": tr("of a stair, or at the cosine's end, 0 to 1"),
        "schedule.warm_up": tr("updates over which the learning rate rises"),
        "dropout": tr("between layers") + ", " + share,
        "input_dropout": share,
        "window": tr("truncated backpropagation through time: timesteps, 0 for all"),
        "truncated": tr("the truncated gradient of 1997"),
        "early_stopping": tr("tests without a better one, 0 for never"),
        "sequences": tr("distinct training sequences, 0 for new ones at every update"),
    }
    return {option_of(key): (key, helps.get(key, ""), default) for key, default in RECIPE.items()}


def run_train(arguments: argparse.Namespace) -> int:
    """Train, print the table, write what was asked for."""
    from lstmviz.cli_compare import check_targets, text_table, whole
    from lstmviz.files import BadInput
    from lstmviz.lab.history import joined, load_trained, network_path, result_table
    from lstmviz.lab.training import Training

    updates = whole("--updates", arguments.updates or str(DEFAULT_UPDATES), 1, MOST_UPDATES, PLACE)
    write_history = history_writer(arguments.history)
    settings, recipe = settings_of(arguments), recipe_of(arguments)
    cells = settings.cells
    if recipe.truncated and cells != ("lstm",):
        raise BadInput(PLACE, "--truncated", tr("only an LSTM has a cell state"), tr("together with --cells lstm"))
    targets = {} if arguments.output is None else weight_files(arguments.output, cells)
    read = [path for path in (arguments.data,) if path is not None]
    check_targets([*targets.values(), *([] if arguments.history is None else [arguments.history])], read)
    resumed = None
    if arguments.resume is not None:
        resumed = joined([load_trained(network_path(arguments.resume, c, cells), settings, c, recipe) for c in cells])
    training = Training(settings, recipe, resumed=resumed)
    interrupted = trained(training, updates, arguments.until_solved)
    if not training.trained:
        print(tr("stopped before the first update"), file=sys.stderr)
        return INTERRUPTED
    to_read = sys.stderr if arguments.history == "-" else sys.stdout
    print(caption(training), text_table(*result_table(training)), sep="\n\n", file=to_read)
    write(training, targets, arguments.history, write_history, to_read)
    return INTERRUPTED if interrupted else 0


def settings_of(arguments: argparse.Namespace) -> Any:
    """The settings that the options name, checked; own data is the task then."""
    from lstmviz.files import BadInput
    from lstmviz.lab.settings import FIELDS, Settings, fitting, value_of

    changes: dict[str, Any] = {}
    for option, (key, _, _) in setting_options().items():
        text = getattr(arguments, key)
        if text is None:
            continue
        try:
            changes[FIELDS[key].name] = value_of(FIELDS[key], text, PLACE)
        except BadInput as error:
            raise BadInput(PLACE, option, error.wrong, error.allowed) from None
    if arguments.data is not None:
        changes["task"] = own_task(arguments)
    elif arguments.column is not None or arguments.horizon != "1":
        option = "--horizon" if arguments.column is None else "--column"
        raise BadInput(PLACE, option, tr("there is no table"), tr("together with --data F.csv"))
    settings = replace(Settings(), **changes)
    if not settings.cells:
        raise BadInput(PLACE, "--cells", tr("there is no network to train"), FIELDS["cells"].allowed())
    return fitting(settings, PLACE)


def own_task(arguments: argparse.Namespace) -> str:
    """The name of the task that the user's own data is."""
    from lstmviz.cli_compare import whole
    from lstmviz.files import BadInput
    from lstmviz.lab.data import LONGEST_HORIZON, adopt, is_text, open_data

    if arguments.task is not None:
        raise BadInput(PLACE, "--task", tr("own data is the task"), tr("--task or --data, not both"))
    horizon = whole("--horizon", arguments.horizon, 1, LONGEST_HORIZON, PLACE)
    if is_text(arguments.data) and (arguments.column is not None or horizon != 1):
        option = "--horizon" if arguments.column is None else "--column"
        raise BadInput(PLACE, option, tr("a text has no columns and no rows"), tr("together with --data F.csv"))
    return adopt(open_data(arguments.data, arguments.column, horizon))


def recipe_of(arguments: argparse.Namespace) -> Any:
    """The recipe that the options name, checked."""
    from lstmviz.files import BadInput
    from lstmviz.lab import run_keys

    values: dict[str, Any] = {}
    for option, (key, _, default) in recipe_options().items():
        text = getattr(arguments, key)
        if text is None:
            continue
        try:
            values[key] = run_keys.checked(key, typed(text, default, option), PLACE, option)
        except BadInput as error:
            raise BadInput(PLACE, option, error.wrong, error.allowed) from None
    return run_keys.recipe_of(values)


def typed(text: str, default: Any, option: str) -> Any:
    """The text of an option as the type of its default."""
    from lstmviz.files import BadInput
    from lstmviz.files.error_line import shortened

    kinds = {int: tr("a whole number"), float: tr("a number")}
    if isinstance(default, bool):
        return text == "true"
    if isinstance(default, str):
        return text
    try:
        return type(default)(text)
    except ValueError:  # also for more than 4300 digits
        wrong = tr("{value} is no number of this kind").format(value=shortened(text))
        raise BadInput(PLACE, option, wrong, kinds[type(default)]) from None


def trained(training: Any, updates: int, until_solved: bool) -> bool:
    """Train with a progress bar on standard error; whether Ctrl-C ended it."""
    from tqdm import tqdm

    with stopped_by_hand() as stop:
        bar = tqdm(total=updates, desc=tr("training"), unit=tr(" updates"), file=sys.stderr, disable=None, leave=False)
        with bar:
            while training.trained < updates and not stop.is_set() and not training.stopped:
                if until_solved and training.solved:
                    break
                progress = training.advance(stop)
                pairs = zip(progress.names, progress.losses, strict=True)
                bar.set_postfix_str(
                    ", ".join(f"{name} {loss[-1]:.3f}" for name, loss in pairs if len(loss)), refresh=False
                )
                bar.update(training.trained - bar.n)
        return stop.is_set()


@contextmanager
def stopped_by_hand() -> Iterator[Event]:
    """An event that the first Ctrl-C sets, so that no update is torn apart; a second one ends the program at once."""
    stop = Event()
    before = signal.getsignal(signal.SIGINT)

    def told(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, told)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def caption(training: Any) -> str:
    """What was trained, in one line."""
    settings, task = training.settings, training.task
    line = tr("{task}, gap {gap}, seed {seed}: {n} updates of {batch} sequences; solved means {criterion}")
    return line.format(
        task=task.title,
        gap=settings.gap,
        seed=settings.seed,
        n=training.trained,
        batch=training.recipe.batch,
        criterion=task.criterion,
    )


def weight_files(path: str, cells: tuple[str, ...]) -> dict[str, str]:
    """Cell -> the file that its weights go to."""
    from lstmviz.files import BadInput
    from lstmviz.lab.history import network_path

    if not path.lower().endswith(".safetensors"):
        raise BadInput(path, "--output", tr("unknown kind of file for weights"), ".safetensors")
    return {cell: network_path(path, cell, cells) for cell in cells}


def history_writer(path: str | None) -> Callable[[Any], bytes] | None:
    """How a training becomes the bytes of its history; refused here, before any work, if it cannot."""
    from lstmviz.files import BadInput, csv_bytes
    from lstmviz.lab.history import history_json, history_rows

    if path is None:
        return None
    ending = "json" if path == "-" else path.rpartition(".")[2].lower()
    if ending == "json":
        return lambda training: history_json(training).encode()
    if ending == "csv":
        return lambda training: csv_bytes(*history_rows(training))
    raise BadInput(path, "--history", tr("unknown kind of file for a history"), ".csv, .json")


def write(
    training: Any, targets: dict[str, str], path: str | None, writer: Callable[[Any], bytes] | None, to_read: Any
) -> None:
    """Write weights and history, and say so."""
    from lstmviz.cli_compare import deliver, wrote_line
    from lstmviz.lab.history import network_bytes

    runners = dict(zip(training.settings.cells, training.runners, strict=True))
    made = training.made_before + training.trained
    for cell, target in targets.items():
        deliver(target, network_bytes(runners[cell], training.recipe.optimiser, made))
        print(wrote_line(target), file=to_read)
    if path is not None and writer is not None and deliver(path, writer(training)):
        print(wrote_line(path), file=to_read)
