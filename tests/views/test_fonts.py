"""The shipped fonts carry every sign the program writes, and the text size setting reaches them."""

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QRawFont

from lstmviz.resources import resource
from lstmviz.views import fonts

SIGNS = "×−…–≤≥±√½°·“”’←→↑↓∂‖Σσ⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁\u2009"


@pytest.fixture(autouse=True)
def _usual_text_size():
    fonts.set_text_size(1.0)
    yield
    fonts.set_text_size(1.0)


@pytest.mark.parametrize(
    ("font", "family"), [(fonts.text, "Inter"), (fonts.mono, "JetBrains Mono"), (fonts.maths, "STIX Two Text")]
)
def test_each_face_is_the_shipped_family_and_not_a_substitute(qapp, font, family):
    assert QFontInfo(font(16)).family() == family


@pytest.mark.parametrize(("asked", "given"), [(400, 400), (500, 500), (600, 600), (650, 700), (680, 700), (750, 700)])
def test_a_weight_is_taken_to_the_nearest_shipped_one(qapp, asked, given):
    assert QFontInfo(fonts.text(16, asked)).weight() == given


def test_every_sign_the_program_writes_is_in_a_shipped_font(qapp):
    maths = QRawFont.fromFont(fonts.signs(16))
    text = QRawFont.fromFont(fonts.text(16))
    assert not [sign for sign in SIGNS if not text.supportsCharacter(ord(sign))]
    assert not [sign for sign in SIGNS + "∇𝜕" if not maths.supportsCharacter(ord(sign))]


@pytest.mark.parametrize("font", [fonts.text, fonts.mono])
def test_figures_all_have_the_same_width(qapp, font):
    measure = QFontMetricsF(font(16))
    assert len({measure.horizontalAdvance(figure * 5) for figure in "0123456789"}) == 1


def test_prose_has_a_hyphen_narrower_than_a_figure(qapp):
    hyphens = [QFontMetricsF(fonts.text(40, prose=prose)).horizontalAdvance("-") for prose in (True, False)]
    assert hyphens[0] < 0.8 * hyphens[1]


def test_the_text_size_scales_fonts_and_heights_but_not_fixed_pictures(qapp):
    fonts.set_text_size(1.5)
    assert fonts.text(14).pixelSize() == 21
    assert fonts.text(14, fixed=True).pixelSize() == 14
    assert fonts.scaled(32) == 48


def test_the_text_size_stays_between_80_and_200_per_cent(qapp):
    for asked, given in ((0.1, 0.8), (9.0, 2.0), (1.2, 1.2)):
        fonts.set_text_size(asked)
        assert fonts.text_size() == given


def test_half_pixels_go_up(qapp):
    assert fonts.text(14.5).pixelSize() == 15


def test_every_family_is_shipped_with_its_licence():
    for folder, names in fonts.FILES.items():
        licence = resource("assets", "fonts", folder, "OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        for name in names:
            assert resource("assets", "fonts", folder, name).is_file()


def test_the_fonts_are_small():
    sizes = [
        len(resource("assets", "fonts", f, name).read_bytes()) for f, names in fonts.FILES.items() for name in names
    ]
    assert sum(sizes) < 6_000_000
