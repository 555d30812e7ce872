"""The command line: ``lstmviz`` and its commands, such as ``compare``, ``train``, ``lesson`` and ``doctor``.

One bad value gives one line on standard error and exit code 2; nothing is written then.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from lstmviz import __version__
from lstmviz.words import tr

# Files are written through atomic_save, which tells these itself: what is left is standard output.
OUTPUT_FULL = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line in the house form.

    ``late`` adds options that only this command needs to know, and whose tables take a while to load.
    """

    late: Callable[[argparse.ArgumentParser], None] | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; options that come late come now."""
        add, self.late = self.late, None
        if add is not None:
            add(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with an option, in one line, and stop with code 2."""
        from lstmviz.files import BadInput

        argument, _, what = message.removeprefix("argument ").partition(": ")
        place, wrong = (argument, what) if what and message.startswith("argument ") else (tr("options"), message)
        print(BadInput(self.prog, place, wrong, tr("{prog} --help").format(prog=self.prog)), file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process when left out.

    Returns
    -------
    int
        0 done, 1 something is missing on this machine, 2 bad input.
    """
    # Before NumPy is imported: OpenBLAS's own threads make the many small products of a recurrent network up to six
    # times slower than one thread does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return _run(argv)
    except KeyboardInterrupt:
        print(tr("stopped"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader (head, less) has gone: that is its right
        _give_up_output()
        return 0


def _run(argv: Sequence[str] | None) -> int:
    from lstmviz.files import BadInput
    from lstmviz.files.save import reason

    _quiet_pipes()
    arguments = parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a full disk can still be told
        return code
    except BadInput as error:
        print(error, file=sys.stderr)
    except OSError as error:
        if error.errno not in OUTPUT_FULL:
            raise
        _give_up_output()
        allowed = tr("where there is room, or into a pipe")
        print(BadInput(tr("standard output"), tr("cannot be written"), reason(error), allowed), file=sys.stderr)
    return 2


def _give_up_output() -> None:
    """Let what is left in standard output go nowhere: Python would complain again while shutting down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    from lstmviz import cli_claim, cli_compare, cli_experiment, cli_lesson, cli_sweep, cli_train, cli_window

    top = Parser(prog="lstmviz", description=tr("See why gradients vanish in an RNN and survive in an LSTM."))
    top.add_argument("--version", action="version", version=f"lstmviz {__version__}")
    top.set_defaults(run=cli_window.run_window)
    commands = top.add_subparsers(title=tr("commands"), metavar=tr("COMMAND"), parser_class=Parser)
    cli_compare.add_parsers(commands)
    cli_window.add_parsers(commands)
    cli_lesson.add_parser(commands)
    cli_train.add_parser(commands)
    cli_sweep.add_parsers(commands)
    cli_experiment.add_parser(commands)
    cli_claim.add_parser(commands)
    return top


def _quiet_pipes() -> None:
    """Print UTF-8 wherever it goes; a console that cannot show a sign shows a question mark."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    if hasattr(signal, "SIGTERM") and os.name != "nt":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def home_of_outputs() -> Path:
    """Where the main job writes when it was not told: this folder if it can be written, else the temporary one."""
    import tempfile

    here = Path.cwd()
    return here if os.access(here, os.W_OK) else Path(tempfile.gettempdir())
