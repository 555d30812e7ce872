"""Every lab at 1920 x 1080: playing at its fastest, and its numbers dragged.

What a lab computes in threads behind the picture is not counted; the picture of it, when it arrives, is.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.window import Never, settle

GOAL = 30.0  # frames a second
SIZE = (1920, 1080)
PICTURES = 100


def frames(report: Any) -> None:
    """Each lab, played and dragged."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from lstmviz.app import Program, application
    from lstmviz.lab.readiness import compile_kernels
    from lstmviz.stage.playback import SPEEDS

    compile_kernels(lambda *_: None, Never())
    app = application()
    program = Program(app)
    stage, window = program.stage, program.window
    window.show()
    window.resize(*SIZE)
    stage.playback.speed = SPEEDS[-1]
    for lab, what, changes, drag in _cases(stage):
        stage.reset()
        stage.change(changes)
        stage.open_lab(lab)
        stage.tick(0.0)
        stage.set_level("timestep")
        _finish(app, stage)
        stage.seek(0)
        settle(app, stage)
        stage.toggle_play()
        _line(report, f"{lab}, {what}, playing", [_drawn(app, stage, 1 / 60) for _ in range(PICTURES)])
        stage.playback.pause()
        times = []
        for move in range(PICTURES):
            drag(move)
            times.append(_drawn(app, stage, 1 / 60))
        _line(report, f"{lab}, {what}, dragging", times)
    program.close()


def _cases(stage: Any) -> Iterator[tuple[str, str, dict[str, Any], Callable[[int], None]]]:
    def bias(move: int) -> None:
        stage.change({"lstm.forget_bias": 1.0 + abs(move % 40 - 20) / 10}, about="bias")

    three = {"cells": ("rnn", "lstm", "gru")}
    for lab in ("race", "cell", "inspect", "map"):
        yield lab, "T=51 H=16", {"gap": 50}, bias
        yield lab, "T=201 H=32, three networks", {"gap": 200, "hidden": 32, **three}, bias

    def look(move: int) -> None:
        stage.select(unit=move % 128, timestep=1 + 9 * move)

    yield "inspect", "T=1000 H=128, crosshair", {"gap": 999, "hidden": 128}, look


def _finish(app: Any, stage: Any) -> None:
    settle(app, stage)
    while stage.race.busy or stage.labs.working:
        _drawn(app, stage, 0.0)
        time.sleep(0.01)  # else the threads that are waited for get no turn


def _drawn(app: Any, stage: Any, dt: float) -> float:
    """Seconds that the window's own thread works for one tick, with all painting that it leads to."""
    start = time.thread_time()
    stage.tick(dt)
    app.processEvents()
    return time.thread_time() - start


def _line(report: Any, what: str, times: list[float]) -> None:
    spent = sorted(times)[int(0.95 * len(times))]
    report.line(
        "P12", what, (f"{1e3 * statistics.median(times):.2f} ms at the median", "-"), 1 / spent, GOAL, "frames/s"
    )
