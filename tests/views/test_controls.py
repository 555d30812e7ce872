"""Icons, the style sheet and the small controls: complete, in ink and grey, and heard by the keyboard."""

import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSpinBox, QVBoxLayout, QWidget

from lstmviz.resources import resource
from lstmviz.views import fonts, icons, style_sheet
from lstmviz.views.controls import KeyButton, SegmentedControl, StateCard, TabButton, button, stepper
from lstmviz.views.focus_ring import FocusRing
from lstmviz.views.theme import DARK, LIGHT, PROJECTOR, THEMES

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_controls.py"
_spec = importlib.util.spec_from_file_location("make_controls", SCRIPT)
make_controls = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_controls)


@pytest.fixture
def dressed(qapp):
    style_sheet.apply(qapp, LIGHT)
    yield qapp
    qapp.setStyleSheet("")


def ink_share(image):
    spots = [image.pixelColor(x, y).alpha() > 127 for x in range(image.width()) for y in range(image.height())]
    return sum(spots) / len(spots)


# ---------------------------------------------------------------- icons


@pytest.mark.parametrize("name", icons.NAMES)
def test_every_icon_is_drawn_inside_its_square(qapp, name):
    box = icons.icon_path(name).boundingRect()
    assert box.left() >= 0
    assert box.top() >= 0
    assert box.right() <= icons.UNIT
    assert box.bottom() <= icons.UNIT
    assert 0.02 < ink_share(icons.icon(name, LIGHT, 24).pixmap(24, 24).toImage()) < 0.6


def test_first_and_back_mirror_last_and_on(qapp):
    for left, right in (("first", "last"), ("back", "on")):
        one, other = icons.icon_path(left).boundingRect(), icons.icon_path(right).boundingRect()
        assert one.left() == pytest.approx(icons.UNIT - other.right(), abs=0.01)


def test_an_icon_is_ink_and_on_a_primary_button_panel(qapp):
    for theme in (LIGHT, DARK):
        for on_ink, colour in ((False, theme.ink), (True, theme.panel)):
            image = icons.icon("play", theme, 24, on_ink=on_ink).pixmap(24, 24).toImage()
            assert image.pixelColor(12, 12).name().upper() == colour


def test_the_three_marks_cover_about_the_same_area(qapp):
    areas = []
    for shape in ("triangle", "square", "circle"):
        image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            icons.paint_mark(painter, shape, QPointF(30, 30), 30, LIGHT.rnn)
        areas.append(ink_share(image))
    assert max(areas) < 1.3 * min(areas)


def test_an_edge_leaves_the_mark_its_size(qapp):
    image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        icons.paint_mark(painter, "square", QPointF(30, 30), 20, LIGHT.lstm, LIGHT.ink)
    colours = [image.pixelColor(x, 30).name().upper() for x in range(60)]
    assert colours.count(LIGHT.lstm) >= 16


def test_an_unknown_icon_is_refused(qapp):
    with pytest.raises(KeyError):
        icons.icon_path("floppy")


def test_the_programs_icon_has_a_picture_of_its_own_at_16_pixels(qapp):
    made = icons.program_icon()
    assert {size.width() for size in made.availableSizes()} == set(icons.SIZES)
    small = icons.program_pixmap(16).toImage()
    tiles = [small.pixelColor(x, 11) for x in (4, 6, 9, 12)]
    assert [tile.lightness() for tile in tiles] == sorted(tile.lightness() for tile in tiles)
    assert icons.program_pixmap(64).toImage().pixelColor(32, 21).name().upper() == "#FFFFFF"
    assert icons.program_pixmap(64, dark=True).toImage().pixelColor(32, 21).name().upper() == "#14171B"


# ---------------------------------------------------------------- style sheet


@pytest.mark.parametrize("name", THEMES)
def test_the_pictures_of_the_style_sheet_are_what_the_script_makes(name):
    made = make_controls.pictures(THEMES[name])
    for file, source in made.items():
        assert resource("assets", "controls", name, file).read_text(encoding="utf-8") == source
    assert {file.name for file in resource("assets", "controls", name).iterdir()} == set(made)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_controls_are_ink_and_grey_at_every_size(theme, scale):
    sheet = style_sheet.style_sheet(theme, scale)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for colour in set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)):
        channels = bytes.fromhex(colour[1:])
        assert max(channels) - min(channels) <= 24, colour


def test_every_picture_the_sheet_names_is_shipped():
    for theme in THEMES.values():
        for file in re.findall(r'url\("lstmvizcontrols:([^"]+)"\)', style_sheet.style_sheet(theme)):
            assert resource("assets", "controls", *file.split("/")).is_file()


def test_qt_understands_the_sheet(dressed, qtbot):
    # conftest fails this test on "Could not parse application stylesheet"
    one = QPushButton("x")
    qtbot.addWidget(one)
    one.show()
    assert one.sizeHint().height() == 32


@pytest.mark.parametrize(("role", "height"), [("", 32), ("primary", 36), ("icon", 36), ("play", 36)])
def test_buttons_have_the_heights_of_the_design(dressed, qtbot, role, height):
    one = button("Go", role)
    qtbot.addWidget(one)
    assert one.sizeHint().height() == height


def test_heights_grow_with_the_text_size(qapp, qtbot):
    try:
        fonts.set_text_size(2.0)
        style_sheet.apply(qapp, LIGHT)
        one = button("Go")
        qtbot.addWidget(one)
        assert one.sizeHint().height() == 62
    finally:
        fonts.set_text_size(1.0)
        qapp.setStyleSheet("")


@pytest.mark.parametrize("theme", [LIGHT, DARK, PROJECTOR], ids=["light", "dark", "projector"])
def test_the_palette_gives_self_painting_widgets_their_ink_and_greys(qapp, theme):
    made, role = style_sheet.palette(theme), QPalette.ColorRole
    for each, colour in (
        (role.WindowText, theme.ink),
        (role.Base, theme.panel),
        (role.Window, theme.window),
        (role.AlternateBase, theme.sunk),
        (role.Midlight, theme.hairline),
        (role.Mid, theme.outline),
        (role.Dark, theme.secondary),
        (role.PlaceholderText, theme.hint),
    ):
        assert made.color(each) == QColor(colour)


# ---------------------------------------------------------------- small controls


def test_a_segmented_control_tells_what_the_user_picked_and_only_that(dressed, qtbot):
    levels = SegmentedControl(("Operation", "Timestep", "Update"), "Level")
    qtbot.addWidget(levels)
    levels.show()
    qtbot.waitExposed(levels)
    levels.activateWindow()
    qtbot.waitUntil(levels.isActiveWindow)
    heard = []
    levels.chosen.connect(heard.append)
    levels.choose(1)
    assert levels.index() == 1
    assert heard == []
    qtbot.mouseClick(levels.segment(2), Qt.MouseButton.LeftButton)
    assert heard == [2]
    levels.segment(2).setFocus()
    qtbot.keyClick(levels.segment(2), Qt.Key.Key_Left)
    assert levels.index() == 1
    assert heard == [2, 1]
    assert levels.segment(1).accessibleName() == "Level: Timestep"


def test_opening_a_tab_moves_nothing(dressed, qtbot):
    tab = TabButton("Race")
    qtbot.addWidget(tab)
    closed = tab.sizeHint()
    tab.setChecked(True)
    assert tab.sizeHint() == closed


def test_a_key_button_has_room_for_its_cap_and_paints_in_every_theme(qapp, qtbot):
    for theme in THEMES.values():
        style_sheet.apply(qapp, theme)
        plain, capped = button("Commit", "primary"), KeyButton("Commit", "Enter", "primary")
        for one in (plain, capped):
            qtbot.addWidget(one)
            one.show()
        assert capped.sizeHint().width() > plain.sizeHint().width() + 40
        assert capped.minimumSizeHint() == capped.sizeHint()
        image = capped.grab().toImage()
        names = {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}
        assert {theme.ink, theme.panel} <= names
    qapp.setStyleSheet("")


def test_a_stepper_has_space_before_its_number(dressed, qtbot):
    box = stepper(QSpinBox())
    qtbot.addWidget(box)
    assert box.lineEdit().textMargins().left() == 8


def test_state_cards_are_framed(dressed, qtbot):
    for kind in ("error", "empty"):
        one = StateCard(kind)
        qtbot.addWidget(one)
        one.resize(200, 100)
        image = one.grab().toImage()
        edge = [image.pixelColor(x, 50).name().upper() for x in range(9)]
        assert (edge.count(LIGHT.ink) >= 5) == (kind == "error")


# ---------------------------------------------------------------- focus ring


@pytest.fixture
def ringed(dressed, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.setContentsMargins(20, 20, 20, 20)
    first, second = QPushButton("first"), QPushButton("second")
    column.addWidget(first)
    column.addWidget(second)
    ring = FocusRing(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()
    return window, first, second, ring


def test_the_ring_stands_four_pixels_outside_the_focused_control(ringed):
    window, first, second, ring = ringed
    assert not ring.isVisible()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert ring.isVisible()
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    second.move(second.x(), second.y() + 5)
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    assert first.isVisible()


def test_a_press_of_the_mouse_hides_the_ring_and_reaches_the_control_under_it(ringed):
    window, _, second, ring = ringed
    presses = []
    second.clicked.connect(lambda: presses.append("second"))
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert ring.isVisible()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=second.mapTo(window, QPoint(5, 5)))
    assert presses == ["second"]
    assert not ring.isVisible()


def test_the_ring_goes_with_a_control_that_disappears(ringed):
    window, _, second, ring = ringed
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    second.hide()
    assert not ring.isVisible() or ring.geometry() != second.geometry().adjusted(-4, -4, 4, 4)


def test_the_ring_is_ink_over_panel_and_never_a_hue(ringed):
    window, _, _, ring = ringed
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    image = ring.grab().toImage()
    middle = image.width() // 2
    assert image.pixelColor(middle, 0).name().upper() == LIGHT.ink
    assert image.pixelColor(middle, 3).name().upper() == LIGHT.panel
