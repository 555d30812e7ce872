"""The window, rows P11 and P12: from a command to a picture, frames a second, and a slider's way to the screen.

Qt draws into memory (the platform "offscreen"): the same raster engine as on a screen, without the screen.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

STARTS = 3
WARM, COLD = 1.5, 3.0  # s
SIZES = {(1280, 720): 60.0, (1920, 1080): 30.0}  # frames a second
SLIDER = 33.0  # ms
FRAMES, MOVES = 100, 200


def starts(report: Any) -> None:
    """P11: processes that open the window, with an empty folder for kernels and with a full one."""
    with tempfile.TemporaryDirectory() as kernels:
        cold = _start(kernels, until="picture")
        full = _start(kernels, until="kernels")
        warm = [_start(kernels, until="kernels") for _ in range(STARTS)]
    _told(report, "first start, to the first picture", cold["picture"], COLD)
    _told(report, "later start, to the first picture", _median(warm, "picture"), WARM)
    for what, found in (("first", full["kernels"]), ("later", _median(warm, "kernels"))):
        print(f"| | all kernels ready, {what} start | {found[0]:.2f} s on the clock | | {found[1]:.2f} s | | |")


def _told(report: Any, what: str, found: tuple[float, float], goal: float) -> None:
    wall, processor = found
    report.line("P11", what, (f"{wall:.2f} s on the clock", "-"), processor, goal, "s")


def _median(found: list[dict[str, tuple[float, float]]], mark: str) -> tuple[float, float]:
    walls, processors = zip(*(each[mark] for each in found), strict=True)
    return statistics.median(walls), statistics.median(processors)


def _start(kernels: str, until: str) -> dict[str, tuple[float, float]]:
    """Open the window in a process; seconds on the clock and of processor time to each mark, up to the last."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "NUMBA_CACHE_DIR": kernels}
    command = [sys.executable, "-m", "benchmarks.window", repr(time.time()), until]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return {mark: (wall, processor) for mark, wall, processor in json.loads(done.stdout.splitlines()[-1])}


def _open_and_measure(began: float, until: str) -> None:
    """What the process started above does."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from lstmviz.cli_window import app as imported
    from lstmviz.lab.readiness import kernels_ready

    marks: list[tuple[str, float, float]] = []

    def mark(name: str) -> None:
        marks.append((name, time.time() - began, time.process_time()))
        if name == until:
            app.quit()

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not marks:
                app.removeEventFilter(self)
                QTimer.singleShot(0, lambda: mark("picture"))  # after this painting
            return False

    def look() -> None:
        if kernels_ready():
            poll.stop()
            mark("kernels")

    app = imported().application()
    program, watch, poll = imported().Program(app), Watch(), QTimer()
    app.installEventFilter(watch)
    poll.timeout.connect(look)
    poll.start(10)
    program.open()
    app.exec()
    print(json.dumps(marks))
    sys.stdout.flush()
    os._exit(0)  # nothing is measured from here on, not even the thread that compiles


def frames(report: Any) -> None:
    """P12: the race playing at its fastest, every tick another picture; and the gap dragged to and fro."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from lstmviz.app import Program, application
    from lstmviz.lab.readiness import compile_kernels
    from lstmviz.stage.playback import SPEEDS

    compile_kernels(lambda *_: None, Never())
    app = application()
    program = Program(app)
    stage, window = program.stage, program.window
    window.show()
    for size, goal in SIZES.items():
        window.resize(*size)
        stage.change({"gap": 200})
        stage.playback.seek(0)
        stage.playback.speed = SPEEDS[-1]  # at this speed every tick moves the playhead
        settle(app, stage)
        stage.toggle_play()
        times = sorted(drawn(app, stage, 1 / 60) for _ in range(FRAMES))
        spent = times[int(0.95 * FRAMES)]
        stage.playback.pause()
        told = (f"{1e3 * times[FRAMES // 2]:.2f} ms at the median", "-")
        report.line("P12", f"race playing, 95 of 100, {size[0]} x {size[1]}", told, 1 / spent, goal, "frames/s")
    for size in SIZES:
        window.resize(*size)
        settle(app, stage)
        times = []
        for move in range(MOVES):
            stage.change({"gap": 20 + abs(move % 160 - 80)})
            times.append(drawn(app, stage, 0.0))
        slowest = sorted(times)[int(0.99 * MOVES)]
        told = (f"{1e3 * statistics.median(times):.2f} ms at the median", "-")
        report.line("P12", f"gap to picture, 99 of 100, {size[0]} x {size[1]}", told, 1e3 * slowest, SLIDER, "ms")
    program.close()


class Never:
    def is_set(self) -> bool:
        return False


def settle(app: Any, stage: Any) -> None:
    for _ in range(20):
        drawn(app, stage, 0.0)


def drawn(app: Any, stage: Any, dt: float) -> float:
    """Processor seconds of one tick, with all painting that it leads to."""
    start = time.process_time()
    stage.tick(dt)
    app.processEvents()
    return time.process_time() - start


if __name__ == "__main__":
    _open_and_measure(float(sys.argv[1]), sys.argv[2])
