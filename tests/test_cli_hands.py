"""Interventions from the command line and from Python: what is typed is done, and what cannot be is one line."""

import json

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.lab.intervention_lines import interventions_in
from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, WeightEdit
from lstmviz.lab.letters import codes
from lstmviz.lab.settings import Settings

SETTINGS = Settings(gap=9, hidden=4, cells=("rnn", "lstm", "gru"))


@pytest.mark.parametrize(
    ("kind", "line", "wanted"),
    [
        ("clamp", "lstm f 2-4 0.1", [Clamp("lstm", "f", 2, 4, (0.1,))]),
        ("clamp", " gru  z 3 0.5  1,3-4 ", [Clamp("gru", "z", 3, 3, (0.5,), (0, 2, 3))]),
        ("clamp", "lstm o 1-3 0,0.5,1 all", [Clamp("lstm", "o", 1, 3, (0.0, 0.5, 1.0))]),
        ("clamp", "rnn h 1 -0.5; lstm c 2–3 7", [Clamp("rnn", "h", 1, 1, (-0.5,)), Clamp("lstm", "c", 2, 3, (7.0,))]),
        ("freeze", "lstm 2-9", [Freeze("lstm", 2, 9)]),
        ("freeze", "rnn 2 4", [Freeze("rnn", 2, 2, (3,))]),
        ("cut", "rnn 3 1", [Cut("rnn", 2, 0)]),
        ("cut", "gru 2 all", [Cut("gru", 1, target) for target in range(4)]),
        ("edit", "lstm weight_hh f3 2 0.25", [WeightEdit("lstm", "weight_hh", 6, 1, 0.25)]),
        ("edit", "rnn weight_ih 4 8 -1", [WeightEdit("rnn", "weight_ih", 3, 7, -1.0)]),
        ("edit", "gru bias n1 2", [WeightEdit("gru", "bias", 8, 0, 2.0)]),
        ("edit", "lstm readout_bias 2 1e-3", [WeightEdit("lstm", "readout_bias", 1, 0, 1e-3)]),
        ("input", "1 B", [InputEdit(1, codes("recall")["B"])]),
        ("input", "2 0,0,0,0,0,0,0,0.5", [InputEdit(2, (0.0,) * 7 + (0.5,))]),
    ],
)
def test_a_typed_line_is_what_it_says(kind, line, wanted):
    assert interventions_in({kind: line}, SETTINGS, "a") == wanted
    assert interventions_in({kind: [line]}, SETTINGS, "a") == wanted


@pytest.mark.parametrize(
    ("kind", "line", "wrong"),
    [
        ("clamp", "", r"clamp: \"\" cannot be read \(NETWORK QUANTITY"),
        ("clamp", "lstm f 2-4", r"clamp: lstm f 2-4 cannot be read"),
        ("clamp", "vax f 2-4 0.1", r"clamp: vax is unknown \(rnn, lstm, gru\)"),
        ("clamp", "lstm f 4-2 0.1", r"clamp: 4-2 is no stretch \(7, or 10-40\)"),
        ("clamp", "lstm f 2-x 0.1", r"clamp: 2-x is no stretch"),
        ("clamp", "lstm f ² 0.1", r"clamp: ² is no stretch"),
        ("clamp", "lstm f 2-40 0.1", r"clamp: timesteps: there is no t = 40 \(1 to 10\)"),
        ("clamp", "lstm q 2-4 0.1", r"clamp: quantity: q is unknown"),
        ("clamp", "lstm f 2-4 often", r"clamp: often is not a number"),
        ("clamp", "lstm f 2-4 nan", r"clamp: value: nan is out of range"),
        ("clamp", "lstm f 2-4 0.1,0.2", r"clamp: values: there are 2 values"),
        ("clamp", "lstm f 2-4 0.1 1-5", r"clamp: unit: there is no unit 5"),
        ("clamp", "lstm f 2-4 0.1 1-999999", r"clamp: 1-999999 is out of range"),
        ("clamp", "lstm f 2-4 0.1; ", r"clamp: \"\" cannot be read"),
        ("cut", "rnn 1", r"cut: rnn 1 cannot be read"),
        ("cut", "rnn 1 9", r"cut: unit: there is no unit 9"),
        ("edit", "lstm weight_hh q3 1 2", r"edit: q3 is not a whole number"),
        ("edit", "lstm weight_hh f9 1 2", r"edit: there is no unit 9 \(1 to 4\)"),
        ("edit", "lstm weight_hh 17 1 2", r"edit: weight_hh: there is no row 17, column 1 \(16 × 4\)"),
        ("edit", "lstm weight_hh 0 1 2", r"edit: row: 0 is out of range"),
        ("edit", "lstm bias f1 1 2", r"edit: lstm bias f1 1 2 cannot be read"),
        ("edit", "lstm weight_hh f1 2", r"edit: lstm weight_hh f1 2 cannot be read"),
        ("edit", "lstm colour 1 1 2", r"edit: there is no colour \(weight_ih, weight_hh, bias, readout_weight"),
        ("edit", "lstm peephole 1 2", r"edit: there is no peephole \(weight_ih"),
        ("edit", "lstm bias f 2", r"edit: \"\" is not a whole number"),
        ("edit", "lstm weight_hh 1 1 2,3", r"edit: there are 2 values"),
        ("input", "11 B", r"input: timestep: there is no t = 11"),
        ("input", "2 Z", r"input: Z is not a number \(a letter of A B"),
        ("input", "2 1,0", r"input: values: there are 2 values \(8\)"),
    ],
)
def test_what_cannot_be_read_or_is_not_there_is_refused_in_one_line(kind, line, wrong):
    with pytest.raises(BadInput, match=wrong) as caught:
        interventions_in({kind: line}, SETTINGS, "a")
    assert "\n" not in str(caught.value)


def test_a_network_that_is_not_in_the_comparison_is_said_so():
    with pytest.raises(BadInput, match=r"cut: there is no GRU \(rnn, lstm\)"):
        interventions_in({"cut": "gru all all"}, Settings(), "a")


def test_compare_holds_what_it_is_told_and_says_what_that_did(capsys):
    options = ["--clamp", "lstm f 2-4 0.1", "--clamp", "lstm i 3 0 1", "--input", "1 B", "--cut", "rnn all all"]
    assert main(["compare", "--gap", "9", "--hidden", "4", *options, "--json", "-"]) == 0
    done = capsys.readouterr()
    said = json.loads(done.out)
    assert [one["kind"] for one in said["interventions"][:3]] == ["clamp", "clamp", "cut"]
    assert len(said["interventions"]) == 2 + 16 + 1
    assert "LSTM: f = 0.1 at t = 2–4, all units" in done.err and "and 7 more" in done.err
    assert "19 interventions" in done.err and "the gradient before forecast" in done.err
    expected = lv.intervene(
        lv.compare(gap=9, hidden=4, engine="kernels"),
        clamp=["lstm f 2-4 0.1", "lstm i 3 0 1"],
        input="1 B",
        cut="rnn all all",
    )
    for network, racer in zip(said["networks"], expected.racers, strict=True):
        assert network["loss"] == racer.trace.loss


def test_compare_refuses_a_bad_one_before_any_work(capsys):
    assert main(["compare", "--gap", "9", "--updates", "5000", "--clamp", "lstm f 2-40 0.1"]) == 2
    line = "lstmviz compare: --clamp: timesteps: there is no t = 40 (1 to 10)\n"
    assert capsys.readouterr().err == line


def test_python_takes_values_and_lines_and_says_what_it_ran():
    before = lv.compare(SETTINGS, engine="reference")
    after = lv.intervene(before, lv.Clamp("lstm", "f", 2, 4, (0.1,)), freeze="gru 2-3", engine="reference")
    assert after.interventions == (Clamp("lstm", "f", 2, 4, (0.1,)), Freeze("gru", 2, 3))
    assert (after.racer("lstm").trace.tape.f[1:4] == 0.1).all() and "Clamp" in repr(after)
    np.testing.assert_array_equal(after.racer("gru").trace.tape.h[1], after.racer("gru").trace.tape.h[3])
    assert [effect.cell for effect in lv.effects(before, after)] == ["lstm", "gru"]
    assert "interventions" not in before.to_dict() and len(after.to_dict()["interventions"]) == 2


@pytest.mark.parametrize(
    ("loose", "meant"),
    [
        (lv.Clamp("lstm", "f", 2, 4, 0.25, 3), Clamp("lstm", "f", 2, 4, (0.25,), (3,))),
        (lv.Clamp("lstm", "c", np.int64(2), 3, np.array([1, -2])), Clamp("lstm", "c", 2, 3, (1.0, -2.0))),
        (lv.Freeze("gru", 2, 3, range(2)), Freeze("gru", 2, 3, (0, 1))),
        (lv.WeightEdit("rnn", "bias", np.uint8(1), 0, np.float32(0.5)), WeightEdit("rnn", "bias", 1, 0, 0.5)),
        (lv.InputEdit(1, np.eye(8)[2]), InputEdit(1, (0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0))),
    ],
)
def test_python_takes_numpys_numbers_and_a_number_for_several(loose, meant):
    after = lv.intervene(lv.compare(SETTINGS, engine="reference"), loose, engine="reference")
    assert after.interventions == (meant,) and repr(after.interventions) == repr((meant,))
    assert json.loads(after.to_json())["interventions"]


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda run: lv.intervene(run, lv.Cut("rnn", 0, 9)), r"intervene: unit: there is no unit 10"),
        (lambda run: lv.intervene(run, "lstm f 1 0.1"), r"intervene: interventions: .* is no intervention \(Clamp"),
        (lambda run: lv.intervene(run, hold="lstm f 1 0.1"), r"intervene: hold: this is no kind of intervention"),
        (lambda run: lv.intervene(run, engine="fast"), r"engine"),
        (lambda run: lv.intervene(3), r"intervene: comparison: 3 is no comparison"),
        (lambda run: lv.intervene(run, cut=3), r"intervene: cut: 3 is no text \(NETWORK FROM TO"),
        (lambda run: lv.intervene(run, cut=["rnn 1 2", None]), r"intervene: cut: None is no text"),
        (lambda run: lv.intervene(run, lv.Clamp("lstm", "f", 2, 4, "0.1")), r"value: '0.1' is of the wrong kind"),
        (lambda run: lv.intervene(run, lv.Clamp("lstm", "f", 2, 4, (None,))), r"value: None is of the wrong kind"),
        (lambda run: lv.intervene(run, lv.Clamp("lstm", "f", 2.0, 4, 0.1)), r"first: 2.0 is no whole number"),
        (lambda run: lv.intervene(run, lv.Clamp(["lstm"], "f", 2, 4, 0.1)), r"cell: .* is of the wrong kind"),
        (lambda run: lv.intervene(run, lv.Cut("lstm", 0, 1, "no")), r"on: 'no' is of the wrong kind"),
        (lambda run: lv.effects(lv.intervene(run, cut="rnn 1 2"), run), r"effects: before: it has interventions"),
        (
            lambda run: lv.effects(run, lv.compare(gap=12, engine="reference")),
            r"effects: after: this is a run of other",
        ),
        (lambda run: lv.intervene(lv.intervene(run, cut="rnn 1 2"), cut="rnn 1 1"), r"it has interventions already"),
    ],
)
def test_python_is_refused_in_one_line_too(ask, wrong):
    with pytest.raises(BadInput, match=wrong):
        ask(lv.compare(SETTINGS, engine="reference"))
