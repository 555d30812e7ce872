"""TeX becomes paths in the theme's colours, and TeX that is not whole is refused in one line."""

import pytest
from PySide6.QtGui import QImage, QPainter

from lstmviz.views.formula import formula_image, formula_path, typeset
from lstmviz.views.theme import DARK, LIGHT, qcolor

WHOLE = [
    r"\frac{\partial L}{\partial h_1} = J_2^{\mathsf T} \cdots J_T^{\mathsf T} \, \frac{\partial L}{\partial h_T}",
    r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
    r"h_t = o_t \tanh(c_t)",
    r"\left\|\prod_{k=2}^{T} \mathrm{diag}(1 - h_k^2)\, W\right\| \le (\sigma_{\max}\gamma)^{T-1}",
    r"\sigma(b) = \frac{1}{1 + e^{-b}}",
    r"t_{1/2} = \frac{\ln \frac12}{\ln f}",
    r"\begin{aligned} a &= b \\ c &= d\end{aligned}",
    r"\sum_j \hat{y}_j \log y_j, \quad \sqrt{H}, \quad \boxed{x}",
    r"4.6 \times 10^{-12}, \{a\}, a < b",
]
BAD = {
    r"\frac{1": "braces do not match",
    r"}{": "braces do not match",
    r"\frac": "it ends too early",
    r"\left(x": "",
    r"x^^2": "two exponents",
    r"\foo x": r"unknown command \foo",
    r"\begin{matrix}a": "missing end",
    r"\textcolor{red}{x}": "unknown colour 'red' (one of forget",
    r"a & b": "& outside a table",
    "   ": "empty",
    "x\0y": "cannot be printed",
    "x\ud800": "cannot be printed",
    "x\u202ey": "cannot be printed",
    "{" * 31 + "x" + "}" * 31: "nested 31 deep (at most 30)",
    "x" * 1001: "1001 characters long (at most 1000)",
}


@pytest.mark.parametrize("tex", WHOLE)
def test_the_formulas_of_the_lessons_are_set(tex):
    formula = typeset(tex, 18)
    assert 15 < formula.width < 700
    assert 5 < formula.ascent < 80
    for _, path in formula.shapes:
        box = path.boundingRect()
        assert box.top() >= -formula.ascent - 2
        assert box.bottom() <= formula.descent + 2
        assert box.right() <= formula.width + 2


@pytest.mark.parametrize(("tex", "reason"), BAD.items())
def test_tex_that_is_not_whole_is_refused_in_one_line(tex, reason):
    with pytest.raises(ValueError, match=r"^formula") as refused:
        typeset(tex, 18)
    said = str(refused.value)
    assert reason in said
    assert said.isprintable()
    assert len(said) < 250


def test_gradients_are_plum_and_the_rest_is_ink():
    roles = [role for role, _ in typeset(r"\frac{\partial L}{\partial h_1} = x", 18).shapes]
    assert set(roles) == {"gradient", "ink"}
    assert roles.count("ink") == 2
    assert {role for role, _ in typeset(r"\partial L/\partial c_{t-1}", 18).shapes} == {"gradient"}


def test_a_formula_that_names_its_colours_is_left_alone():
    roles = {role for role, _ in typeset(r"\textcolor{forget}{f_t} \frac{\partial L}{\partial h_1}", 18).shapes}
    assert roles == {"forget", "ink"}


def test_the_same_formula_is_set_once():
    assert typeset("x_t", 18) is typeset("x_t", 18)
    assert typeset("x_t", 18) is not typeset("x_t", 20)


def test_size_grows_with_the_font():
    small, large = typeset("h_t", 10), typeset("h_t", 20)
    assert large.width == pytest.approx(2 * small.width, rel=0.05)


def test_the_derivative_sign_stands_close_to_its_letter():
    # as an operator it would be set with a gap, about 1.3 times as wide
    assert typeset(r"\partial L", 30).width < 1.08 * typeset("∂L", 30).width
    assert typeset(r"\partial L", 30).width < typeset("x L", 30).width * 1.15


def test_a_path_starts_at_its_top_left_corner(qapp):
    path, baseline = formula_path(r"\frac{a}{b}", 20)
    box = path.boundingRect()
    assert box.top() >= -1
    assert 0 < baseline < box.bottom()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_image_holds_the_whole_formula_in_the_themes_ink(qapp, theme, ratio):
    image, baseline = formula_image("h = x", 20, theme, ratio=ratio)
    assert image.devicePixelRatio() == ratio
    assert 0 < baseline < image.height() / ratio
    edge = [image.pixelColor(x, y).alpha() for x in range(image.width()) for y in (0, image.height() - 1)]
    assert max(edge) == 0
    solid = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert qcolor(theme.ink).name() in solid


def test_painting_leaves_the_painter_as_it_was(qapp):
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        before = painter.worldTransform()
        typeset("x", 20).paint(painter, 5, 30, LIGHT)
        assert painter.worldTransform() == before
