"""A lecture on two simulated screens, in a process of its own: Qt reads the screens once, when it starts."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.gui

CHECKOUT = Path(__file__).parents[2]
SCREENS = {
    "screens": [
        {"name": "laptop", "x": 0, "y": 0, "width": 1440, "height": 900},
        {"name": "projector", "x": 1440, "y": 0, "width": 1920, "height": 1080},
    ]
}
BEGIN = """
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(["lecture"])
    from lstmviz.stage.lesson import first_lesson
    from lstmviz.stage.stage import Stage
    from lstmviz.views import lecture

    K = Qt.Key
    stage = Stage(engine="reference")
    desk = QWidget()
    desk.show()

    def key(window, key):
        QTest.keyClick(window, key)
        stage.tick(0.0)
        app.processEvents()

    def windows(show):
        return show.audience, show.presenter
"""
END = """
    lecture.leave()
    desk.close()
    stage.close()
    print("done")
"""


def run(tmp_path, body, screens=SCREENS):
    """Run the body with these screens; whatever it prints to standard error fails the test."""
    for screen in screens["screens"]:
        screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": screen.get("dpr", 1)}
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"synchronousWindowSystemEvents": True, "windowFrameMargins": False, **screens}))
    code = "\n".join(textwrap.dedent(part) for part in (BEGIN, body, END))
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "ignore", "-c", code],
        env=os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={file}", "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    errors = [line for line in done.stderr.splitlines() if "This plugin does not support" not in line]
    assert (done.returncode, errors) == (0, []), done.stderr
    assert done.stdout.endswith("done\n")


def test_the_audience_is_on_the_second_screen_and_both_windows_show_one_stage(tmp_path):
    run(
        tmp_path,
        """
        stage.lesson.open(first_lesson())
        show = lecture.start(desk, stage)
        app.processEvents()
        audience, presenter = windows(show)
        assert audience.screen().name() == "projector" and audience.isFullScreen()
        assert audience.geometry() == audience.screen().geometry()
        assert presenter.screen().name() == "laptop" and presenter.isVisible()
        assert audience.picture.frame is presenter.mirror.frame is stage.frame

        for window, pages in ((presenter, (1, 2)), (audience, (2, 3))):  # page 3 of 7 asks first
            for expected in pages:
                key(window, K.Key_PageDown)
                assert stage.frame.lesson.page == expected, (window, stage.frame.lesson.page)
                assert audience.picture.frame is presenter.mirror.frame is stage.frame
        key(audience, K.Key_PageUp)
        assert stage.frame.lesson.page == 2

        key(presenter, K.Key_B)
        assert stage.lecture.state.blank
        picture = audience.grab().toImage()
        points = [(x, y) for x in range(0, 1920, 91) for y in range(0, 1080, 83)]
        assert {picture.pixelColor(x, y).name() for x, y in points} == {"#000000"}
        key(audience, K.Key_Space)
        assert not stage.lecture.state.blank and not stage.playback.playing
        assert audience.grab().toImage().pixelColor(5, 5).name() == "#ffffff"

        key(audience, K.Key_Escape)
        assert lecture.current() is None and desk.isVisible()
        before = stage.situation()
        show = lecture.start(desk, stage)
        assert stage.frame.lesson.page == 2 and stage.situation() == before
        """,
    )


def test_f6_swaps_the_screens_and_the_next_lecture_remembers_it(tmp_path):
    run(
        tmp_path,
        """
        show = lecture.start(desk, stage)
        app.processEvents()
        key(show.presenter, K.Key_F6)
        assert show.audience.screen().name() == "laptop" and show.presenter.screen().name() == "projector"
        assert show.presenter._screen.text() == "screen 1, 1440 × 900"
        key(show.presenter, K.Key_Escape)
        show = lecture.start(desk, stage)
        app.processEvents()
        assert show.audience.screen().name() == "laptop" and show.presenter.screen().name() == "projector"
        """,
    )


def test_the_mirror_has_the_shape_of_the_projector(tmp_path):
    screens = {
        "screens": [
            {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 720},
            {"name": "projector", "x": 1280, "y": 0, "width": 1024, "height": 768, "dpr": 2},
        ]
    }
    run(
        tmp_path,
        """
        show = lecture.start(desk, stage)
        for _ in range(5):
            app.processEvents()
        mirror = show.presenter.mirror
        assert abs(mirror.width() / mirror.height() - 4 / 3) < 0.01
        assert show.presenter._screen.text() == "screen 2, 2048 × 1536"
        """,
        screens,
    )


def test_on_a_fine_screen_the_picture_is_painted_with_all_its_pixels(tmp_path, monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    run(
        tmp_path,
        """
        show = lecture.start(desk, stage)
        app.processEvents()
        grabbed = show.audience.grab().toImage()
        assert (grabbed.width(), grabbed.height()) == (3840, 2160)
        assert show.audience.picture._ground.width() == 3840
        """,
        {"screens": [{"name": "projector", "x": 0, "y": 0, "width": 3840, "height": 2160}]},
    )


def test_a_lecture_goes_on_with_one_screen_when_the_projector_is_unplugged(tmp_path):
    run(
        tmp_path,
        """
        import lstmviz.views.lecture.show as module
        from lstmviz.views.lecture.screens import Screens

        stage.lesson.open(first_lesson())
        show = lecture.start(desk, stage)
        app.processEvents()
        two, first = module.screens, app.primaryScreen()
        module.screens = lambda swapped: Screens(first, None)
        app.screenRemoved.emit(app.screens()[1])
        app.processEvents()
        assert show.audience.screen() is first and show.audience.isFullScreen()
        assert not show.presenter.isVisible()
        key(show.audience, K.Key_PageDown)
        module.screens = two
        app.screenAdded.emit(app.screens()[1])
        app.processEvents()
        assert show.audience.screen().name() == "projector"
        assert show.presenter.isVisible() and show.presenter.mirror.frame is stage.frame
        """,
    )
