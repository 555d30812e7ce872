"""A lecture with one screen: keys, black, leaving and coming back, and an end that leaves nothing behind."""

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from lstmviz.lab.settings import Settings
from lstmviz.stage.lesson import first_lesson
from lstmviz.stage.playback import Position
from lstmviz.stage.preview import page_frame
from lstmviz.stage.stage import Stage
from lstmviz.views import lecture
from lstmviz.views.lecture.keys import verb_of
from lstmviz.views.lecture.presenter import PresenterWindow
from lstmviz.views.lecture.words import clock_text, status_text

ASKS = 2  # the page of the lesson that asks for a drawn prediction, from 0


@pytest.fixture
def stage():
    made = Stage(Settings(gap=6), engine="reference")
    yield made
    made.close()


@pytest.fixture
def desk(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    yield made
    lecture.leave()


@pytest.fixture
def lesson(stage):
    stage.lesson.open(first_lesson())
    stage.tick(0.0)
    return stage.lesson


def press(show, key, modifier=Qt.KeyboardModifier.NoModifier):
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, modifier)
    show.audience.keyPressEvent(event)
    show._stage.tick(0.0)


def page(stage):
    return stage.frame.lesson.page


K = Qt.Key


def test_the_picture_shows_the_frame_of_the_stage_itself(stage, desk):
    show = lecture.start(desk, stage)
    stage.change({"gap": 20})
    stage.tick(0.0)
    assert show.audience.picture.frame is stage.frame


def test_page_keys_turn_pages_and_the_stage_becomes_what_the_page_says(stage, desk, lesson):
    show = lecture.start(desk, stage)
    press(show, K.Key_PageDown)
    assert page(stage) == 1
    press(show, K.Key_PageDown)
    assert (page(stage), stage.settings.gap) == (ASKS, 50)
    press(show, K.Key_PageUp)
    assert (page(stage), stage.settings.gap) == (1, 5)


def test_next_reveals_what_the_page_asks_about_before_it_turns_it(stage, desk, lesson):
    show = lecture.start(desk, stage)
    stage.lesson.go(ASKS)
    stage.tick(0.0)
    assert stage.frame.lesson.hides_gradient
    assert [label for label in show.audience.picture.picture.labels() if label.kind == "value"] == []
    press(show, K.Key_PageDown)
    assert page(stage) == ASKS
    assert not stage.frame.lesson.hides_gradient
    for _ in range(400):
        stage.tick(0.05)
    assert len([label for label in show.audience.picture.picture.labels() if label.kind == "value"]) == 2
    press(show, K.Key_PageDown)
    assert page(stage) == ASKS + 1


def test_s_skips_a_prediction_and_does_nothing_elsewhere(stage, desk, lesson):
    show = lecture.start(desk, stage)
    press(show, K.Key_S)
    assert page(stage) == 0
    stage.lesson.go(ASKS)
    stage.tick(0.0)
    press(show, K.Key_S)
    assert stage.frame.lesson.predict.skipped


@pytest.mark.parametrize("key", [K.Key_B, K.Key_Period])
def test_blank_is_black_and_the_key_that_returns_does_nothing_else(stage, desk, lesson, key):
    show = lecture.start(desk, stage)
    press(show, key)
    image = show.audience.grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 37) for y in range(0, image.height(), 41)]
    assert {image.pixelColor(x, y).name() for x, y in points} == {"#000000"}
    press(show, K.Key_PageDown)
    assert (stage.lecture.state.blank, page(stage)) == (False, 0)
    press(show, key)
    press(show, K.Key_Shift)
    assert stage.lecture.state.blank
    press(show, K.Key_X)
    assert not stage.lecture.state.blank


def test_esc_leaves_from_black_too_and_f5_comes_back_to_the_same_page(stage, desk, lesson):
    show = lecture.start(desk, stage)
    press(show, K.Key_PageDown)
    press(show, K.Key_B)
    press(show, K.Key_Escape)
    assert lecture.current() is None
    assert not stage.lecture.state.running
    stage.lesson.go(4)
    stage.tick(0.0)
    lecture.start(desk, stage)
    assert page(stage) == 1
    assert not stage.lecture.state.blank


def test_esc_keeps_the_stage_of_a_what_if_and_f5_shows_it_again(stage, desk, lesson):
    show = lecture.start(desk, stage)
    stage.lesson.go(ASKS + 1)
    press(show, K.Key_1)
    gain = stage.settings.gain
    assert gain == 0.5
    press(show, K.Key_Escape)
    assert stage.settings.gain == gain
    lecture.start(desk, stage)
    assert (page(stage), stage.settings.gain) == (ASKS + 1, gain)


def test_a_first_lecture_begins_at_the_first_page_and_shift_f5_at_the_open_one(stage, desk, lesson):
    stage.lesson.go(3)
    stage.tick(0.0)
    lecture.start(desk, stage, from_page=True)
    assert page(stage) == 3
    lecture.leave()
    stage.lecture.restart_clock()
    other = Stage(Settings(gap=6), engine="reference")
    other.lesson.open(first_lesson(), 3)
    lecture.start(desk, other)
    assert page(other) == 0
    lecture.leave()
    other.close()


def test_a_second_start_keeps_the_lecture_that_runs(stage, desk):
    assert lecture.start(desk, stage) is lecture.start(desk, stage)


def test_number_keys_show_prepared_states_and_0_the_pages_own(stage, desk, lesson):
    show = lecture.start(desk, stage)
    stage.lesson.go(ASKS + 1)
    own = stage.settings
    press(show, K.Key_1, Qt.KeyboardModifier.KeypadModifier)
    assert stage.settings.gain == 0.5
    press(show, K.Key_9)
    assert stage.settings.gain == 0.5
    press(show, K.Key_0)
    assert stage.settings == own


def test_space_plays_and_j_and_l_walk_one_timestep(stage, desk):
    show = lecture.start(desk, stage)
    place = stage.playback.place
    press(show, K.Key_J)
    assert stage.playback.place == place - 1
    press(show, K.Key_L)
    assert stage.playback.place == place
    press(show, K.Key_Space)
    assert stage.playback.playing


def test_arrows_turn_pages_only_when_the_clicker_sends_them(stage, desk, lesson):
    show = lecture.start(desk, stage)
    press(show, K.Key_Right)
    assert page(stage) == 0
    stage.lecture.use_arrows(True)
    press(show, K.Key_Right)
    assert page(stage) == 1
    press(show, K.Key_Left)
    assert page(stage) == 0


def test_a_clicker_held_down_turns_one_page(stage):
    held = QKeyEvent(QKeyEvent.Type.KeyPress, K.Key_PageDown, Qt.KeyboardModifier.NoModifier, "", True)
    assert verb_of(held, arrows=False) == ""
    walking = QKeyEvent(QKeyEvent.Type.KeyPress, K.Key_L, Qt.KeyboardModifier.NoModifier, "l", True)
    assert verb_of(walking, arrows=False) == "on"


def test_keys_with_control_are_left_to_the_system(stage):
    for key in (K.Key_B, K.Key_PageDown, K.Key_1):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier)
        assert verb_of(event, arrows=True) == ""


def test_with_one_screen_there_is_no_presenters_window_and_f7_shows_a_strip_of_notes(stage, desk, lesson):
    show = lecture.start(desk, stage)
    assert show.audience.isFullScreen()
    assert not show.presenter.isVisible()
    assert not show.audience.strip.isVisible()
    press(show, K.Key_F7)
    assert show.audience.strip.isVisible()
    assert "Point at each thing" in show.audience.strip.notes.plain_text()
    press(show, K.Key_F7)
    assert not show.audience.strip.isVisible()


def test_the_lecture_ends_with_the_desk(stage, desk):
    lecture.start(desk, stage)
    desk.close()
    assert lecture.current() is None


def test_closing_a_window_of_the_lecture_leaves_it(stage, desk):
    show = lecture.start(desk, stage)
    show.audience.close()
    assert lecture.current() is None
    assert not stage.lecture.state.running


def test_a_lecture_started_and_left_leaves_nothing_in_memory_and_hears_nothing(stage, desk, lesson):
    gone = []
    for _ in range(3):
        show = lecture.start(desk, stage)
        gone += [weakref.ref(show), weakref.ref(show.audience), weakref.ref(show.presenter)]
        lecture.leave()
        del show
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [reference() for reference in gone] == [None] * len(gone)
    assert len(stage.frame_changed) == 0
    assert len(stage.lecture.changed) == 0


def test_the_next_pages_picture_is_what_that_page_will_show(stage, lesson):
    stage.lesson.go(2)
    stage.tick(0.0)
    before = stage.situation()
    promised = page_frame(stage, 3)
    assert stage.situation() == before
    stage.lesson.go(3)
    stage.tick(0.0)
    assert (promised.settings, promised.position) == (stage.frame.settings, stage.frame.position)
    for one, other in zip(promised.lanes, stage.frame.lanes, strict=True):
        assert one.log10_h.tolist() == other.log10_h.tolist()


def test_the_next_pages_picture_does_not_tell_what_that_page_asks(stage, lesson):
    promised = page_frame(stage, ASKS)
    assert promised.painted_gradient == promised.settings.timesteps() + 1
    assert page_frame(stage, 99) is None


# -- the presenter's window --------------------------------------------------------------------------------------


@pytest.fixture
def presenter(qtbot):
    made = PresenterWindow()
    qtbot.addWidget(made)
    return made


def test_the_presenter_reads_page_notes_question_and_what_follows(stage, lesson, presenter):
    stage.lesson.go(ASKS)
    stage.tick(0.0)
    presenter.draw(stage.frame)
    assert presenter._page.text() == "page 3 of 7"
    notes = presenter.notes.plain_text()
    assert "Ask: Draw on the plot" in notes
    assert "Let three people say a number" in notes
    assert "How far does the gradient reach?" in notes
    assert presenter.next.text() == "Reveal"
    assert presenter._next_title.text() == "A product and its bound"
    assert presenter.status.text() == "Timestep 51, forward pass"


def test_notes_grow_with_the_size_the_presenter_chose(stage, lesson, presenter):
    presenter.resize(1440, 900)
    presenter.show()
    heights = []
    for _ in range(2):
        presenter.set_state(stage.lecture.state)
        presenter.draw(stage.frame)
        heights.append(presenter.notes.widget().sizeHint().height())
        for _ in range(8):
            stage.lecture.larger_notes()
    assert heights[1] > 1.3 * heights[0]


def test_the_clock_says_time_elapsed_and_planned(stage, lesson, presenter):
    stage.lecture.start()
    stage.tick(760.0)
    presenter.set_state(stage.lecture.state)
    assert presenter.clock.text() == "12:40"
    assert presenter._planned.text() == "elapsed\nof 12:00"
    assert clock_text(3761) == "1:02:41"


def test_a_lesson_may_not_smuggle_markup_into_the_presenters_window(stage, presenter, lesson):
    from dataclasses import replace

    hostile = "<img src='file:///etc/hostname'> <b>bold</b>"
    frame = replace(
        stage.frame, lesson=replace(stage.frame.lesson, title=hostile, next_title=hostile, page_title=hostile)
    )
    presenter.draw(frame)
    assert presenter._title.text() == hostile
    assert presenter._next_title.text() == hostile
    assert hostile in presenter.notes.plain_text()


def test_buttons_do_what_their_keys_do_and_leave_the_keyboard_where_it_is(stage, presenter, lesson, qtbot):
    said = []
    presenter.acted.connect(said.append)
    presenter.draw(stage.frame)
    presenter.show()
    for name in ("Previous", "Blank", "Play / pause", "Swap screens", "Leave lecture"):
        button = next(b for b in presenter.findChildren(type(presenter.next)) if b.text() == name and b.isVisible())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert not button.hasFocus()
    what_if = presenter.what_if_grid.itemAt(1).widget()
    qtbot.mouseClick(what_if, Qt.MouseButton.LeftButton)
    assert said == ["previous", "black", "play", "swap", "leave", "what_if_2"]


def test_every_control_of_the_presenter_has_a_name(stage, presenter, lesson):
    presenter.draw(stage.frame)
    for widget in presenter.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isHidden():
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


@pytest.mark.parametrize("size", [(1120, 640), (1280, 720), (1440, 900), (1920, 1080)])
def test_nothing_in_the_presenters_window_is_cut_off(stage, presenter, lesson, size, qtbot):
    stage.lesson.go(3)
    stage.tick(0.0)
    presenter.draw(stage.frame)
    presenter.resize(*size)
    presenter.show()
    qtbot.wait(1)
    window = presenter.rect()
    for widget in presenter.findChildren(type(presenter.next)):
        if widget.isVisible():
            corner = widget.mapTo(presenter, widget.rect().bottomRight())
            assert window.contains(corner), widget.text()
            assert widget.width() >= widget.minimumSizeHint().width()


def test_without_a_lesson_the_presenter_has_the_mirror_the_clock_and_the_keys(stage, presenter):
    presenter.draw(stage.frame)
    presenter.show()
    assert presenter.mirror.isVisible()
    assert presenter.clock.isVisible()
    assert not presenter.notes.isVisible()
    walk = [b.text() for b in presenter._walking.findChildren(type(presenter.next))]
    assert walk == ["Next", "Previous", "Play / pause", "One timestep back", "One timestep on"]


def test_turning_pages_for_a_whole_lecture_adds_nothing_to_the_windows(stage, desk, lesson):
    show = lecture.start(desk, stage)
    show.presenter.show()
    counts = []
    for _ in range(3):
        for number in range(7):
            stage.lesson.go(number)
            stage.tick(0.02)
            press(show, K.Key_1)
            press(show, K.Key_B)
            press(show, K.Key_B)
        stage.lesson.go(0)
        stage.tick(0.02)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        counts.append([len(window.findChildren(QObject)) for window in (show.audience, show.presenter)])
    assert counts[0] == counts[1] == counts[2]


def test_the_presenter_is_told_the_operation_too(stage):
    stage.go_to(Position("backward", 3))
    stage.tick(0.0)
    assert status_text(stage.frame) == "Timestep 3, backward pass"
    stage.go_to_operation(2, backward=True)
    stage.tick(0.0)
    assert status_text(stage.frame) == "Timestep 3, backward pass, operation 2 of 10: Unsquash"
    stage.loss()
    stage.tick(0.0)
    assert status_text(stage.frame) == "The loss, at timestep 7"
