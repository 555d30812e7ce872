"""The audience's picture: what is written where, what each tile says, and that a sweep repaints what changed."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp
from lstmviz.stage.lesson_frame import PredictFrame
from lstmviz.stage.stage import Stage
from lstmviz.views.lecture.audience import AudiencePicture
from lstmviz.views.lecture.geometry import HEIGHT, MARGIN, spread
from lstmviz.views.lecture.held import held_bars
from lstmviz.views.lecture.labels import LEAST
from lstmviz.views.theme import PROJECTOR

SIZES = [(1920, 1080), (1280, 720), (1024, 768), (3440, 1440)]
CELLS = [("rnn",), ("rnn", "lstm"), ("rnn", "lstm", "gru")]


@pytest.fixture
def stage():
    made = Stage(Settings(gap=50), engine="reference")
    yield made
    made.close()


@pytest.fixture
def widget(qtbot):
    made = AudiencePicture()
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    return made


def show(stage, **settings):
    if settings:
        stage.change(settings)
    stage.tick(0.0)
    return stage.frame


def at(stage, place):
    stage.playback.seek(place)
    stage.tick(0.0)
    return stage.frame


def image_of(widget):
    made = QImage(widget.size(), QImage.Format.Format_RGB32)
    widget.render(made)
    return made


def pixels(image):
    copy = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(copy.constBits(), np.uint8).reshape(copy.height(), copy.bytesPerLine())
    return rows[:, : 3 * copy.width()].reshape(copy.height(), copy.width(), 3).astype(int)


def colour_share(image, colour, box):
    """Share of the pixels in ``box`` that have exactly this colour."""
    part = pixels(image)[int(box.top()) : int(box.bottom()), int(box.left()) : int(box.right())]
    return float(np.mean(np.all(part == QColor(colour).getRgb()[:3], axis=2)))


def tile(widget, lane, t):
    """The inside of a tile, in pixels of a widget 1080 high."""
    place = widget.picture.place
    chain = place.chain(lane)
    return QRectF(place.left(t) + 3, chain.top() + 6, place.tile - 8, chain.height() - 12)


# -- what is written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("gap", [2, 5, 50, 200])
def test_no_label_is_small_leaves_the_safe_margin_or_covers_another(stage, widget, size, cells, gap):
    show(stage, cells=cells, gap=gap)
    widget.resize(*size)
    for place in (0, gap + 1, gap + 1 + (gap + 1) // 2, 2 * (gap + 1)):
        widget.draw(at(stage, place))
        picture = widget.picture
        safe = QRectF(MARGIN - 1, 48, picture.place.width - 2 * MARGIN + 2, HEIGHT - 2 * 48 + 20)
        for label in picture.labels():
            assert label.px >= LEAST
            assert safe.contains(label.rect()), (label.text.text, label.rect())
        for one, other in combinations(picture.labels(), 2):
            assert not one.rect().intersects(other.rect()), (one.text.text, other.text.text)


@pytest.mark.parametrize("cells", CELLS)
def test_at_most_twelve_labels_stand_in_a_picture_besides_the_axes(stage, widget, cells):
    widget.draw(show(stage, cells=cells))
    kinds = [label.kind for label in widget.picture.labels()]
    assert len([kind for kind in kinds if kind not in ("tick", "timestep")]) <= 12


def test_the_values_on_the_picture_are_those_of_the_engine(stage, widget):
    frame = show(stage)
    widget.draw(frame)
    said = [label.text.text for label in widget.picture.labels() if label.kind == "value"]
    for lane, text in zip(frame.lanes, said, strict=True):
        shown = 10 ** lane.log10_h[0]
        spoken = float(text.replace(" × 10^", "e").replace("−", "-"))
        assert spoken == pytest.approx(shown, rel=0.5 if "×" in text else 0.05)


def test_values_follow_the_playhead_and_stand_left_of_it_inside_the_plot(stage, widget):
    widget.draw(at(stage, 51 + 15))
    picture = widget.picture
    t = stage.frame.position.t
    for label in picture.labels():
        if label.kind == "value":
            assert picture.place.plot.left() < label.rect().left()
            assert label.rect().right() < picture.place.x(t) - 20


@pytest.mark.parametrize("log10", [-math.inf, math.nan, math.inf, -1204.1])
def test_a_value_that_float64_cannot_hold_is_said_and_drawn_inside_the_picture(stage, widget, log10):
    frame = show(stage)
    strange = frame.lanes[0].log10_h.copy()
    strange[0] = log10
    lanes = (replace(frame.lanes[0], log10_h=strange), *frame.lanes[1:])
    widget.draw(replace(frame, lanes=lanes))
    expected = {-math.inf: "0", math.inf: "∞"}.get(log10, "not a number" if math.isnan(log10) else "8 × 10^−1205")
    values = [label for label in widget.picture.labels() if label.kind == "value"]
    assert values[0].text.text == expected
    assert all(label.rect().left() >= MARGIN and label.rect().bottom() < 1010 for label in values)
    assert not image_of(widget).isNull()


def test_a_number_that_is_not_finite_is_located_under_the_plot(stage, widget):
    frame = show(stage)
    lanes = (replace(frame.lanes[0], not_finite="NaN first at t=17 in the hidden state"), *frame.lanes[1:])
    widget.draw(replace(frame, lanes=lanes))
    caption = next(label for label in widget.picture.labels() if label.kind == "caption")
    assert caption.text.text == "RNN: NaN first at t=17 in the hidden state"


@pytest.mark.parametrize("place", [20, 80])
def test_a_narrow_picture_says_what_it_shows_in_fewer_words_and_cuts_none(stage, widget, place):
    widget.resize(1000, 900)
    widget.draw(at(stage, place))
    caption = next(label for label in widget.picture.labels() if label.kind == "caption")
    assert caption.text.text in ("hidden state", "gradient")


def test_the_room_is_told_which_layer_it_sees(stage, widget):
    stage.change({"layers": 2})
    widget.draw(at(stage, 51 + 15))
    caption = next(label for label in widget.picture.labels() if label.kind == "caption")
    assert caption.text.text == "gradient, layer 2 of 2"


def test_the_room_is_told_what_is_held_and_sees_where(stage, widget):
    stage.intervene(Clamp("lstm", "f", 20, 30, (0.1,)))
    widget.draw(show(stage))
    place, words = widget.picture.place, lambda: {one.kind: one.text.text for one in widget.picture.labels()}
    assert words()["caption"] == "gradient; LSTM f = 0.10"
    (bar,) = held_bars(stage.frame, place)
    assert (bar.left(), bar.right()) == (place.left(20), place.left(30) + place.tile)
    assert place.chain(0).bottom() < bar.top() < bar.bottom() < place.chain(1).top()
    assert colour_share(image_of(widget), PROJECTOR.clamp, bar.adjusted(3, 3, -3, -3)) > 0.9
    stage.intervene(Clamp("rnn", "h", 5, 9, (0.5,)))
    widget.draw(show(stage))
    assert words()["caption"] == "gradient; 2 interventions"
    stage.switch_intervention(0, False)
    stage.switch_intervention(1, False)
    widget.draw(show(stage))
    assert words()["caption"] == "gradient reaching each timestep" and not held_bars(stage.frame, place)
    assert colour_share(image_of(widget), PROJECTOR.clamp, bar.adjusted(3, 3, -3, -3)) == 0.0


# -- tiles and curves --------------------------------------------------------------------------------------------


def test_a_tile_has_the_ramps_colour_of_its_gradient(stage, widget):
    frame = show(stage)
    widget.draw(frame)
    image = image_of(widget)
    for lane in (0, 1):
        for t in (2, 26, 50):
            share = (frame.lanes[lane].log10_h[t - 1] - frame.axis.band) / (0.5 - frame.axis.band)
            colour = QColor(*map(int, PROJECTOR.ramp_gradient[round(255 * share)]))
            assert colour_share(image, colour, tile(widget, lane, t)) == 1.0


def test_tiles_below_float64_are_empty(stage, widget):
    frame = show(stage, gap=200)
    widget.draw(frame)
    image = image_of(widget)
    below = [t for t in range(2, 201) if frame.lanes[0].log10_h[t - 1] < frame.axis.band - 1]
    assert len(below) > 50
    chain = widget.picture.place.chain(0)
    box = chain.adjusted(10, 6, 0, -6)
    box.setRight(widget.picture.place.left(below[-1]) - 2)
    ground, between = (colour_share(image, colour, box) for colour in (PROJECTOR.panel, PROJECTOR.hairline))
    assert ground > 0.5
    assert ground + between == pytest.approx(1.0)


def test_timesteps_not_reached_are_empty_and_have_no_curve(stage, widget):
    widget.draw(at(stage, 51 + 20))
    t = stage.frame.painted_gradient
    image, place = image_of(widget), widget.picture.place
    assert colour_share(image, PROJECTOR.panel, tile(widget, 0, t - 5)) == 1.0
    unreached = QRectF(place.plot.left(), place.plot.top(), place.x(t) - 60 - place.plot.left(), place.plot.height())
    values = [label.ground_rect() for label in widget.picture.labels() if label.kind == "value"]
    left_of_values = unreached.adjusted(0, 0, min(box.left() for box in values) - unreached.right(), 0)
    between = place.marked()[-2] - 5  # a timestep without a mark: what has its hue there is the curve
    column = QRectF(place.x(between) - 4, place.plot.top(), 8, place.plot.height())
    for cell in ("rnn", "lstm"):
        assert colour_share(image, PROJECTOR.network(cell).hue, left_of_values) == 0.0
        assert colour_share(image, PROJECTOR.network(cell).hue, column) > 0.005


def test_a_broken_curve_has_a_gap_and_an_exact_zero_lies_on_the_floor_of_the_axis(stage, widget):
    frame = show(stage, cells=("rnn",))
    broken = np.full(51, -5.0)
    broken[10:20], broken[30:40] = math.nan, -math.inf
    widget.draw(replace(frame, lanes=(replace(frame.lanes[0], log10_h=broken),)))
    image, place = image_of(widget), widget.picture.place
    hue = PROJECTOR.rnn

    def strip(first, last):
        return QRectF(place.x(first), place.plot.top() + 5, place.x(last) - place.x(first), place.plot.height() - 10)

    assert colour_share(image, hue, strip(11.5, 19.5)) == 0.0
    assert colour_share(image, hue, strip(22, 29)) > 0.0
    assert colour_share(image, hue, strip(32, 39)) == 0.0 or place.y(-math.inf) == place.plot.bottom()
    floor = QRectF(place.x(32), place.plot.bottom() - 4, place.x(39) - place.x(32), 4)
    assert colour_share(image, hue, floor) > 0.0


def test_a_sequence_of_thousands_of_timesteps_is_painted(stage, widget):
    frame = show(stage, cells=("rnn",))
    long = replace(frame.lanes[0], h=np.zeros((16, 3000)), log10_h=np.linspace(-100, 0, 3000))
    widget.draw(replace(frame, timesteps=3000, lanes=(long,), axis=replace(frame.axis, floor=-160)))
    assert widget.picture.place.timesteps == 3000
    assert colour_share(image_of(widget), PROJECTOR.rnn, widget.picture.place.plot) > 0.0


# -- a page that asks --------------------------------------------------------------------------------------------


def predicted(frame, committed):
    points = tuple((1 + k * 50 / 6, -12.0 + 2 * k) for k in range(7))
    ask = PredictFrame("curve", (), "rnn", points, 0, (), None, "", "", True, committed, False, ())
    return replace(frame, lesson=Lesson(ask))


class Lesson:
    """The parts of a lesson's frame that the picture reads."""

    highlight = ""

    def __init__(self, predict):
        self.predict = predict


def test_a_drawn_prediction_is_shown_to_the_room_once_it_is_committed(stage, widget):
    frame = show(stage)
    place = None
    shares = []
    for committed in (False, True):
        widget.draw(predicted(frame, committed))
        place = widget.picture.place
        box = QRectF(place.x(20), place.y(-9), place.x(40) - place.x(20), place.y(-12) - place.y(-9))
        shares.append(colour_share(image_of(widget), PROJECTOR.prediction, box))
    assert shares[0] == 0.0
    line = QRectF(place.x(14), place.y(-8), place.x(22) - place.x(14), place.y(-11) - place.y(-8))
    assert colour_share(image_of(widget), PROJECTOR.prediction, line) > 0.001


# -- training ----------------------------------------------------------------------------------------------------


def test_at_level_update_the_room_sees_losses_and_the_chance_line(stage, widget):
    stage.change({"gap": 5, "hidden": 4})
    stage.set_level("update")
    stage.train(3)
    while stage.desk.running:
        stage.tick(0.01)
    stage.tick(0.0)
    widget.draw(stage.frame)
    texts = {label.kind: label.text.text for label in widget.picture.labels()}
    assert texts["chance"] == "chance"
    assert "3" in [label.text.text for label in widget.picture.labels()]
    assert colour_share(image_of(widget), PROJECTOR.chance, widget.picture.plot) > 0.0
    assert all(label.px >= LEAST for label in widget.picture.labels())


# -- repainting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "cells"), [(50, ("rnn", "lstm")), (90, ("rnn", "lstm", "gru"))])
def test_a_sweep_repaints_just_what_changed_and_ends_like_a_fresh_picture(stage, widget, qtbot, gap, cells):
    show(stage, gap=gap, cells=cells)
    widget.resize(640, 360)
    widget.draw(at(stage, 0))
    widget.show()
    qtbot.waitExposed(widget)
    for place in (*range(0, gap, 7), gap + 1, *range(gap + 2, 2 * gap + 3, 5), 2 * gap + 2, gap + 20, 3):
        widget.draw(at(stage, place))
        qtbot.wait(1)
        on_screen = widget.screen().grabWindow(widget.winId()).toImage()
        difference = np.abs(pixels(on_screen) - pixels(image_of(widget))).max(axis=2)
        # smoothing may differ in the last bits along a cut; a stale tile or number would differ in hundreds
        assert np.count_nonzero(difference > 40) <= 6, place


def test_a_sweep_repaints_a_small_part_of_the_picture(stage, widget, qtbot):
    widget.draw(at(stage, 51))
    widget.show()
    qtbot.waitExposed(widget)
    areas = []
    paint = AudiencePicture.paintEvent

    class Watched(AudiencePicture):
        def paintEvent(self, event):
            areas.append(sum(rect.width() * rect.height() for rect in event.region()))
            paint(self, event)

    watched = Watched()
    qtbot.addWidget(watched)
    watched.resize(1920, 1080)
    watched.draw(stage.frame)
    watched.show()
    qtbot.waitExposed(watched)
    areas.clear()
    watched.draw(at(stage, 51 + 10))
    qtbot.wait(1)
    areas.clear()
    watched.draw(at(stage, 51 + 11))
    qtbot.wait(1)
    assert 0 < sum(areas) < 0.25 * 1920 * 1080


def test_the_same_frame_again_repaints_nothing_but_what_may_move(stage, widget):
    frame = show(stage)
    widget.draw(frame)
    picture = widget.picture
    widget.draw(frame)
    assert widget.picture is picture


# -- helper ------------------------------------------------------------------------------------------------------


def test_labels_that_would_overlap_are_spread_evenly_in_their_order():
    assert spread([100.0, 100.0], 70, 0, 1000) == [65.0, 135.0]
    assert spread([300.0, 100.0], 70, 0, 1000) == [300.0, 100.0]
    assert spread([10.0, 20.0, 30.0], 70, 0, 1000) == [35.0, 105.0, 175.0]
    assert spread([990.0, 985.0], 70, 0, 1000) == [965.0, 895.0]
