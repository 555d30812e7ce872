"""Live formulas: runs on one base line, real exponents, the colour of what an index hangs on."""

import math

import pytest
from PySide6.QtGui import QImage, QPainter

from lstmviz.stage.explain import Run
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaLabel, FormulaText, plain_words, symbol_runs
from lstmviz.views.number_text import number_runs, power_runs
from lstmviz.views.theme import DARK, LIGHT, qcolor


def painted(formula, colour="#ffffff"):
    image = QImage(math.ceil(formula.width) + 20, 100, QImage.Format.Format_RGB32)
    image.fill(qcolor(colour))
    with QPainter(image) as painter:
        formula.paint(painter, 10, 60)
    return image


def ink_box(image, ground="#ffffff"):
    blank = qcolor(ground).rgb()
    spots = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != blank]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), min(ys), max(xs), max(ys)


def test_a_power_has_a_real_raised_exponent():
    assert power_runs(-11.337) == (Run("4.6 × 10", "number"), Run("−12", "sup"))
    assert power_runs(-1204.12) == (Run("7.6 × 10", "number"), Run("−1205", "sup"))
    assert power_runs(math.log10(0.22)) == (Run("0.22", "number"),)
    assert power_runs(-math.inf) == (Run("0", "number"),)
    assert power_runs(math.nan) == (Run("not a number", "number"),)


def test_superscripts_inside_a_text_are_levelled_and_raised():
    assert number_runs("10⁻⁴ of 10⁵") == (
        Run("10", "number"),
        Run("−4", "sup"),
        Run(" of 10", "number"),
        Run("5", "sup"),
    )


def test_the_short_way_of_writing_symbols():
    assert symbol_runs("h_t") == (Run("h", "symbol"), Run("t", "sub"))
    assert symbol_runs("|∂L/∂h_{t−1}|", "gradient") == (
        Run("|∂L/∂h", "gradient"),
        Run("t−1", "sub"),
        Run("|", "gradient"),
    )
    assert symbol_runs("10^{−12}", "number") == (Run("10", "number"), Run("−12", "sup"))


def test_a_screen_reader_gets_plain_words():
    assert plain_words(symbol_runs("h_t")) == "h_t"
    assert plain_words(power_runs(-11.337)) == "4.6 × 10^−12"


@pytest.mark.parametrize("face", ["maths", "text", "mono"])
@pytest.mark.parametrize("px", [11, 17, 30, 64])
def test_nothing_is_painted_outside_the_size_a_formula_tells(qapp, face, px):
    runs = (*symbol_runs("∂L/∂h_t", "gradient"), Run(" = "), *power_runs(-11.337), *symbol_runs("f", "f"))
    formula = FormulaText(runs, px, LIGHT, face=face, weight=600)
    image = QImage(math.ceil(formula.width) + 20, 200, QImage.Format.Format_RGB32)
    image.fill(qcolor("#ffffff"))
    with QPainter(image) as painter:
        formula.paint(painter, 10, 100)
    left, top, right, bottom = ink_box(image)
    assert left >= 10 - 3
    assert right <= 10 + formula.width + 1
    assert top >= 100 - formula.ascent - 1
    assert bottom <= 100 + formula.descent + 1


def test_an_exponent_stands_over_and_an_index_under_the_base_line(qapp):
    plain = ink_box(painted(FormulaText([Run("H")], 30, LIGHT)))
    raised = ink_box(painted(FormulaText([Run("H"), Run("2", "sup")], 30, LIGHT)))
    lowered = ink_box(painted(FormulaText([Run("H"), Run("2", "sub")], 30, LIGHT)))
    assert raised[1] < plain[1]
    assert raised[3] == plain[3]
    assert lowered[3] > plain[3]
    assert lowered[1] == plain[1]


def test_an_index_has_the_colour_of_its_quantity(qapp):
    image = painted(FormulaText(symbol_runs("f_t", "f"), 30, DARK), DARK.panel)
    solid = {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}
    assert DARK.text["forget"] in solid
    assert DARK.ink not in solid


def test_words_such_as_tanh_stand_upright_and_variables_slant(qapp):
    slanted = FormulaText([Run("h", "symbol")], 40, LIGHT)
    upright = FormulaText([Run("h")], 40, LIGHT)
    word = FormulaText([Run("tanh", "symbol")], 40, LIGHT)
    assert slanted._pieces[0].font.italic()
    assert not upright._pieces[0].font.italic()
    assert not word._pieces[0].font.italic()


def test_the_derivative_sign_comes_from_the_maths_font(qapp):
    sign = FormulaText(symbol_runs("∂L", "gradient"), 20, LIGHT)._pieces[0]
    assert sign.text == "𝜕"
    assert sign.font.families()[0] == fonts.MATHS_SIGNS


def test_the_text_size_setting_applies_unless_fixed(qapp):
    try:
        fonts.set_text_size(2.0)
        large = FormulaText(symbol_runs("h_t"), 17, LIGHT).width
        fixed = FormulaText(symbol_runs("h_t"), 17, LIGHT, fixed=True).width
    finally:
        fonts.set_text_size(1.0)
    assert large == pytest.approx(2 * fixed, rel=0.06)


def test_a_label_takes_the_size_of_its_formula_and_tells_its_words(qtbot):
    short = FormulaText(symbol_runs("h_t"), 17, LIGHT)
    long = FormulaText(power_runs(-11.337), 30, LIGHT, face="text", weight=700)
    label = FormulaLabel(short)
    qtbot.addWidget(label)
    narrow = label.sizeHint().width()
    label.draw(long)
    assert narrow < label.sizeHint().width() == int(long.width) + 1
    assert label.accessibleName() == "4.6 × 10^−12"
