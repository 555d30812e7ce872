"""Named quantities: what they mean, how they are said, and how conditions judge them."""

import math

import numpy as np
import pytest

from lstmviz.lab.comparison import compare
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_parts import Condition
from lstmviz.stage.lesson_resolve import limits, live_blocks, live_runs, live_tex, rough, tex_number, wanted
from lstmviz.stage.quantities import QUANTITIES, within


@pytest.fixture(scope="module")
def race():
    return compare(gap=12, cells="rnn,lstm,gru", engine="reference")


def test_every_quantity_is_a_number_of_every_race_it_belongs_to(race):
    for quantity in QUANTITIES.values():
        assert math.isfinite(quantity.read(race)), quantity.name
        assert quantity.text(quantity.read(race))
        assert quantity.meaning


def test_a_quantity_of_a_network_that_is_not_there_is_none(race):
    alone = compare(gap=12, cells="rnn", engine="reference")
    for quantity in QUANTITIES.values():
        if quantity.cell in ("lstm", "gru") and quantity.name.split(".")[1] not in ("forget_bias", "forget_gate"):
            assert quantity.read(alone) is None or quantity.name == "lstm.gate_half_life"
    assert QUANTITIES["gru.fade"].text(None) == "…"


def test_quantities_are_the_numbers_of_the_comparison(race):
    flow = race.racer("lstm").trace.flow
    assert QUANTITIES["lstm.gradient_share"].read(race) == flow.log10_share
    assert QUANTITIES["lstm.gradient_start"].read(race) == flow.log10_h[1]
    assert QUANTITIES["lstm.gradient_end"].read(race) == flow.log10_h[-1]
    assert QUANTITIES["lstm.half_life"].read(race) == flow.half_life
    assert QUANTITIES["gap"].read(race) == 12
    assert QUANTITIES["timesteps"].read(race) == 13
    h = race.racer("rnn").trace.tape.h[2:]
    assert QUANTITIES["rnn.slope"].read(race) == pytest.approx(np.mean(1 - h**2))
    assert QUANTITIES["rnn.bound_share"].read(race) == pytest.approx(
        12 * math.log10(QUANTITIES["rnn.sigma_max"].read(race))
    )


def test_the_slope_of_relu_is_the_share_of_units_that_are_on():
    relu = compare(gap=12, initialisation="identity", engine="reference")
    on = relu.racer("rnn").trace.tape.h[2:] > 0
    assert QUANTITIES["rnn.slope"].read(relu) == pytest.approx(on.mean())


def test_the_gate_of_a_chrono_start_is_not_one_number():
    chrono = compare(gap=12, forget_bias="chrono", engine="reference")
    for name in ("lstm.forget_bias", "lstm.forget_gate", "lstm.gate_half_life"):
        assert math.isnan(QUANTITIES[name].read(chrono))
        assert QUANTITIES[name].text(QUANTITIES[name].read(chrono)) == "not a number"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("lstm.gradient_share", -11.337, "4.6 × 10⁻¹²"),
        ("lstm.gradient_share", -450.19, "6.5 × 10⁻⁴⁵¹"),
        ("lstm.gradient_share", -math.inf, "0"),
        ("gap", 1600.0, "1\u2009600"),
        ("lstm.forget_bias", -2.0, "−2"),
        ("lstm.forget_bias", 2.5, "2.5"),
        ("lstm.half_life", math.inf, "∞"),
        ("rnn.horizon", math.nan, "not a number"),
    ],
)
def test_a_quantity_is_said_as_people_read_it(name, value, text):
    assert QUANTITIES[name].text(value) == text


def test_conditions_hold_at_their_limits_and_never_for_what_is_no_number():
    low, high = limits(Condition("lstm.gradient_share", low=0.1, high=10.0))
    assert (low, high) == (pytest.approx(-1.0), pytest.approx(1.0))
    assert within(low, low, high) and within(high, low, high)
    assert not within(low - 1e-9, low, high)
    assert not within(math.nan, -math.inf, math.inf)
    assert not within(None, -math.inf, math.inf)
    assert limits(Condition("gap", high=5.0)) == (-math.inf, 5.0)
    assert limits(Condition("rnn.fade", low=-1.0))[0] == -1.0
    assert limits(Condition("rnn.gradient_share", low=0.0))[0] == -math.inf


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("lstm.gradient_share", low=0.1), "0.10 or more"),
        (Condition("lstm.gradient_share", high=1e-9), "1.0 × 10⁻⁹ or less"),
        (Condition("gap", 3, 5), "3 to 5"),
    ],
)
def test_what_is_wanted_is_said_in_words(condition, words):
    assert wanted(condition) == words


def test_live_numbers_replace_their_names_in_text_but_not_in_code(race):
    runs = (TextRun("{gap} {lstm}", "strong"), TextRun("{gap}", "code"), TextRun("gap", "key"))
    assert live_runs(runs, race) == (TextRun("12 {lstm}", "strong"), TextRun("{gap}", "code"), TextRun("gap", "key"))
    blocks = (Block("table", rows=((runs,),)), Block("formula", tex="x^{gap}"))
    made = live_blocks(blocks, race)
    assert made[0].rows[0][0][0].text == "12 {lstm}"
    assert made[1].tex == "x^{12}"


def test_live_numbers_in_formulas_are_tex(race):
    assert live_tex(r"\text{gap} = {gap}", race) == r"\text{gap} = {12}"
    assert live_tex(r"\frac{rnn.fade}{x}", None) == r"\frac{\ldots}{x}"
    assert live_tex(r"{a}_{gap} \approx {gap}", race) == r"{a}_{12} \approx {12}"


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("4.6 × 10⁻¹²", r"4.6 \times 10^{-12}"),
        ("0.12", "0.12"),
        ("−3", "-3"),
        ("…", r"\ldots"),
        ("∞", r"\infty"),
        ("1\u2009600", r"1\,600"),
        ("not a number", r"\text{?}"),
    ],
)
def test_numbers_are_written_in_tex(text, tex):
    assert tex_number(text) == tex


def test_a_drawn_value_is_said_with_one_digit():
    assert [rough(x) for x in (-4.0, -4.2, -0.3, -1.7)] == ["10⁻⁴", "6 × 10⁻⁵", "0.5", "0.02"]
