"""``lstmviz compare`` and ``lstmviz trace``: the main job and one run, without a window."""

import argparse
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lstmviz.cli_hands import add_options, interventions_of, with_hands
from lstmviz.words import tr

OPTIONS = {  # option -> key of lab.settings.FIELDS
    "--task": "task",
    "--gap": "gap",
    "--cells": "cells",
    "--hidden": "hidden",
    "--init": "rnn.initialisation",
    "--forget-bias": "lstm.forget_bias",
    "--gain": "gain",
    "--fair": "fair_by",
    "--seed": "seed",
    "--batch": "batch",
    "--dtype": "dtype",
    "--variant": "lstm.variant",
    "--reset": "gru.reset",
    "--layers": "layers",
    "--bidirectional": "bidirectional",
}
MOST_UPDATES = 5000


def add_parsers(commands: Any) -> None:
    """Add ``compare`` and ``trace`` to the commands."""
    compare = commands.add_parser("compare", help=tr("run the networks on one sequence and compare their gradients"))
    helps = {
        "--task": tr("recall, adding or order (recall)"),
        "--gap": tr("timesteps between cue and query, 2 to 9999 (50)"),
        "--cells": tr("networks, separated by commas: rnn,lstm,gru (rnn,lstm)"),
        "--hidden": tr("units of the LSTM, 1 to 512 (16)"),
        "--init": tr("the RNN's start: uniform, orthogonal or identity (uniform)"),
        "--forget-bias": tr("bias of the gates that keep, LSTM f and GRU z: -2 to 10, or chrono (3)"),
        "--gain": tr("factor on all recurrent weights, 0 to 3 (1)"),
        "--fair": tr("give all networks the same number of units, or of parameters (units)"),
        "--seed": tr("draw of weights and sequence, 0 to 9999 (0)"),
        "--batch": tr("sequences, 1 to 1024; norms are then geometric means over them (1)"),
        "--dtype": tr("float64 or float32 (float64)"),
        "--variant": tr("of the LSTM: nfg, nig, nog, cifg, niaf, noaf, peephole or fgr (vanilla)"),
        "--reset": tr("of the GRU's reset gate: after the product, as in PyTorch, or before it (after)"),
        "--layers": tr("layers of every network, 1 to 4; shown is the top one (1)"),
    }
    for option, text in helps.items():
        compare.add_argument(option, help=text, metavar=option.strip("-").upper())
    also = tr("every layer also reads backward; shown is the forward direction")
    compare.add_argument("--bidirectional", action="store_const", const="true", help=also)
    add_options(compare)
    compare.add_argument("--updates", default="0", help=tr("train by this many updates first, 0 to 5000 (0)"))
    compare.add_argument("--json", metavar="F", help=tr("write the comparison as JSON; - is standard output"))
    compare.add_argument("--csv", metavar="F", help=tr("write log10 of the norms, a line per timestep"))
    compare.add_argument("--npz", metavar="F", help=tr("write all arrays of all networks"))
    compare.add_argument("--figure", metavar="F", help=tr("draw the gradients: F.png, F.svg or F.gif"))
    compare.set_defaults(run=run_compare)
    trace = commands.add_parser("trace", help=tr("run one network from a file on one input, and write everything"))
    trace.add_argument("weights", help=tr(".safetensors or .npz with PyTorch's names"))
    trace.add_argument("input", help=tr(".csv (a line per timestep) or .npy (T, I) or (T, B, I)"))
    trace.add_argument(
        "-o", "--output", required=True, metavar="OUT.npz", help=tr("where to write; - is standard output")
    )
    trace.add_argument("--loss", default="last", choices=("last", "all"), help=tr("timesteps whose h counts (last)"))
    trace.add_argument(
        "--loss-weight",
        metavar="F.npy",
        help=tr("weights (T, B, H or 2H) of the sum of h; ones when left out"),
    )
    trace.add_argument("--activation", choices=("tanh", "relu"), help=tr("of an RNN (what the file says, else tanh)"))
    trace.add_argument("--variant", metavar="NAME", help=tr("of an LSTM (what the file says or shows, else vanilla)"))
    trace.add_argument(
        "--reset", metavar="WHERE", help=tr("of a GRU: after or before (what the file says, else after)")
    )
    trace.add_argument("--layers", metavar="N", help=tr("refuse a file with another number of layers, 1 to 4"))
    trace.add_argument("--bidirectional", action="store_true", help=tr("refuse a file with one direction only"))
    trace.set_defaults(run=run_trace)


def settings_of(arguments: argparse.Namespace) -> Any:
    """The settings that the options name, checked."""
    from lstmviz.lab.settings import Settings, with_changes

    settings = Settings()
    for option, key in OPTIONS.items():
        value = getattr(arguments, option.strip("-").replace("-", "_"))
        if value is not None:
            settings = replace_checked(settings, option, key, value)
    # Once more as a whole: a gap may be right by itself and still too small for the task.
    return with_changes(settings, {}, "lstmviz compare")


def replace_checked(settings: Any, option: str, key: str, value: str) -> Any:
    """``settings`` with one option taken in; an error names the option as it was typed."""
    from lstmviz.files import BadInput
    from lstmviz.lab.settings import FIELDS, value_of

    try:
        checked = value_of(FIELDS[key], value, "lstmviz compare")
    except BadInput as error:
        raise BadInput("lstmviz compare", option, error.wrong, error.allowed) from None
    return replace(settings, **{FIELDS[key].name: checked})


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare, print the table, write what was asked for."""
    settings, updates = settings_of(arguments), whole("--updates", arguments.updates, 0, MOST_UPDATES)
    interventions = interventions_of(arguments, settings)
    writers = [(path, writer_for(kind, path)) for kind, path in asked_for(arguments)]
    check_targets([path for path, _ in writers])
    comparison, told = with_hands(trained(settings, updates) if updates else started(settings), interventions)
    wrote = [path for path, writer in writers if deliver(path, writer(comparison))]
    to_read = sys.stderr if any(path == "-" for path, _ in writers) else sys.stdout
    print("\n".join([summary(comparison), *told]), file=to_read)
    for path in wrote:
        print(wrote_line(path), file=to_read)
    return 0


def check_targets(written: list[str], read: Sequence[str] = ()) -> None:
    """Refuse places that cannot be written, or that hold another file of the command, before any work."""
    from lstmviz.files import check_target

    paths = [path for path in written if path != "-"]
    for index, path in enumerate(paths):
        check_target(path, [*read, *paths[:index]])


def wrote_line(path: str) -> str:
    """That a file was written; one line, whatever its name."""
    from lstmviz.files.error_line import shown_name

    return tr("wrote {path}").format(path=shown_name(path))


def started(settings: Any) -> Any:
    """The untrained comparison, on compiled kernels."""
    from lstmviz.lab.comparison import compare

    return compare(settings, engine="kernels")


def trained(settings: Any, updates: int) -> Any:
    """The comparison after training, with a progress bar on standard error."""
    from tqdm import tqdm

    from lstmviz.lab.training import Training

    training = Training(settings, engine="kernels")
    bar = tqdm(range(updates), desc=tr("training"), unit=tr(" updates"), file=sys.stderr, disable=None, leave=False)
    for _ in bar:
        progress = training.advance()
        losses = ", ".join(f"{name} {loss[-1]:.3f}" for name, loss in zip(progress.names, progress.losses, strict=True))
        bar.set_postfix_str(losses, refresh=False)
    return training.comparison()


def summary(comparison: Any) -> str:
    """Table, conditions and sentence, as a person reads them in a terminal."""
    from lstmviz.lab.figure import caption_of

    header, rows = comparison.table()
    if not rows:
        return tr("No network to compare.")
    bad = [f"{racer.name}: {bad}" for racer in comparison.racers if (bad := racer.recorded.first_bad())]
    parts = [
        caption_of(comparison.settings, comparison.update, len(comparison.interventions)),
        "",
        text_table(header, rows),
        "",
    ]
    return "\n".join([*parts, *bad, comparison.sentence()])


def text_table(header: list[str], rows: list[list[str]]) -> str:
    """Columns lined up by the width that a terminal gives them; the first to the left, numbers to the right."""
    widths = [max(_cells(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = []
    for row in [header, *rows]:
        pads = [" " * (width - _cells(text)) for width, text in zip(widths, row, strict=True)]
        parts = [row[0] + pads[0]] + [pad + text for pad, text in zip(pads[1:], row[1:], strict=True)]
        lines.append("  ".join(parts).rstrip())
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def _cells(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def asked_for(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Kind and path of each file to write; at most one of them may be standard output."""
    from lstmviz.files import BadInput

    found = [
        (kind, path) for kind in ("json", "csv", "npz", "figure") if (path := getattr(arguments, kind)) is not None
    ]
    if sum(path == "-" for _, path in found) > 1:
        raise BadInput("lstmviz compare", "-", tr("standard output was asked for twice"), tr("one file at most"))
    return found


def writer_for(kind: str, path: str) -> Callable[[Any], bytes]:
    """How a comparison becomes the bytes of one kind of file; refused here, before any work, if it cannot."""
    from lstmviz.files import BadInput, csv_bytes, npz_bytes
    from lstmviz.lab import figure

    def curves(comparison: Any) -> tuple[Any, str]:
        caption = figure.caption_of(comparison.settings, comparison.update, len(comparison.interventions))
        return {racer.name: racer.trace.flow.log10_h for racer in comparison.racers}, caption

    if kind == "json":
        return lambda comparison: comparison.to_json().encode()
    if kind == "csv":
        return lambda comparison: csv_bytes(*comparison.rows())
    if kind == "npz":
        return lambda comparison: npz_bytes(comparison.arrays())
    drawers = {
        "png": lambda c: figure.gradient_png(*curves(c), scale=2.0),
        "svg": lambda c: figure.gradient_svg(*curves(c)),
        "gif": lambda c: figure.gradient_gif(*curves(c)),
    }
    ending = "png" if path == "-" else path.rpartition(".")[2].lower()
    if ending not in drawers:
        raise BadInput(path, "--figure", tr("unknown kind of picture"), ".png, .svg, .gif")
    return drawers[ending]


def deliver(path: str, data: bytes) -> bool:
    """Write to a file, whole or not at all, or for ``-`` to standard output; True when a file was written."""
    from lstmviz.files import BadInput, atomic_save

    if path == "-":
        if sys.stdout is None:  # it was closed before the start
            raise BadInput(path, "", tr("standard output is closed"), tr("a file's name"))
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return False
    atomic_save(path, data)
    return True


def whole(option: str, text: str, low: int, high: int, command: str = "lstmviz compare") -> int:
    """A whole number in a range, from an option."""
    from lstmviz.files import BadInput
    from lstmviz.files.error_line import shortened

    shown = shortened(text)
    try:
        value = int(text)
    except ValueError:  # also for more than 4300 digits
        wrong = tr("{value} is not a whole number").format(value=shown)
    else:
        if low <= value <= high:
            return value
        wrong = (tr("{value} is too small") if value < low else tr("{value} is too large")).format(value=shown)
    raise BadInput(command, option, wrong, tr("{low} to {high}").format(low=low, high=high))


def run_trace(arguments: argparse.Namespace) -> int:
    """Run one network from a file on one input; write all arrays under the names PyTorch uses."""
    from lstmviz.files import npz_bytes
    from lstmviz.lab.input_file import load_input, load_loss_weight
    from lstmviz.lab.trace import trace
    from lstmviz.lab.weights import biases_as_given, load_network

    read = [path for path in (arguments.weights, arguments.input, arguments.loss_weight) if path is not None]
    check_targets([arguments.output], read)
    form = {"activation": arguments.activation, "variant": arguments.variant, "reset": arguments.reset}
    network = load_network(arguments.weights, **form)
    check_build(network, arguments)
    x = load_input(arguments.input, network)
    shape = (x.shape[0], x.shape[1], network.width)
    weight = None if arguments.loss_weight is None else load_loss_weight(arguments.loss_weight, shape)
    found = trace(network, x, loss=arguments.loss, loss_weight=weight, engine="kernels")
    # The file's own two biases are written: inside, only their sum is known.
    arrays = found.arrays() | biases_as_given(arguments.weights)
    wrote = deliver(arguments.output, npz_bytes(arrays))
    print(_trace_line(found, arguments.output if wrote else "-"), file=sys.stdout if wrote else sys.stderr)
    return 0


def check_build(network: Any, arguments: argparse.Namespace) -> None:
    """Refuse a network with other layers or directions than the options name; without them the file decides."""
    from lstmviz.files import BadInput, caps
    from lstmviz.lab.stack import Stack

    depth = network.depth if isinstance(network, Stack) else 1
    both = isinstance(network, Stack) and network.bidirectional
    if arguments.layers is not None:
        asked = whole("--layers", arguments.layers, 1, caps.LAYERS, "lstmviz trace")
        if asked != depth:
            wrong = tr("{n} does not fit the file").format(n=asked)
            raise BadInput("lstmviz trace", "--layers", wrong, tr("needs {n}, or leave it out").format(n=depth))
    if arguments.bidirectional and not both:
        wrong = tr("the file holds one direction")
        raise BadInput("lstmviz trace", "--bidirectional", wrong, tr("leave it out"))


def _trace_line(found: Any, path: str) -> str:
    from lstmviz.lab.stack import Stack
    from lstmviz.words import number, power

    network = found.network
    line = tr("{name}, {units} units, {t} timesteps: loss {loss}, share of the gradient at t = 1 {share}")
    if isinstance(network, Stack):
        line += tr(" in the top layer")
    text = line.format(
        name=f"{network.title}, {network.build}" if isinstance(network, Stack) else network.full_title,
        units=network.hidden,
        t=found.timesteps,
        loss=number(found.loss, 6),
        share=power(found.flow.log10_share),
    )
    bad = found.first_bad()
    return "\n".join([text, *([bad] if bad else []), wrote_line(path)])
