"""The numbers of a drawn cell: those of the trace, and what the equations say of it."""

import math

import numpy as np
import pytest

from lstmviz.engine.variant import VARIANTS
from lstmviz.lab.comparison import compare
from lstmviz.lab.formulas import form_of
from lstmviz.lab.intervene import intervene
from lstmviz.lab.interventions import Clamp, Freeze, holdable
from lstmviz.lab.trace import Trace
from lstmviz.stage.cell_numbers import Unit
from lstmviz.stage.cell_operations import done_by, equations_of, groups, swapped
from lstmviz.stage.cell_split import way_split

FORMS = [
    {"cells": "rnn"},
    {"cells": "rnn", "initialisation": "identity"},
    *({"cells": "lstm", "variant": variant} for variant in VARIANTS),
    {"cells": "gru", "reset": "after"},
    {"cells": "gru", "reset": "before"},
]
NAMES = ["-".join(map(str, form.values())) for form in FORMS]
FORM_NAMES = [
    ("rnn", "tanh"),
    ("rnn", "relu"),
    *(("lstm", variant) for variant in VARIANTS),
    ("gru", "after"),
    ("gru", "before"),
]


def trace_of(form: dict[str, str], seed: int = 0, gap: int = 9) -> Trace:
    return compare(gap=gap, seed=seed, hidden=7, engine="reference", **form).racers[0].trace


@pytest.mark.parametrize("cell, form", FORM_NAMES)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_equation_is_in_one_operation_or_is_only_another_name(cell: str, form: str, direction: str) -> None:
    walk = groups(cell, form, direction)
    listed = [one.result for group in walk for one in group.operations]
    assert len(listed) == len(set(listed))
    known = {one.result: one.kind for one in equations_of(cell, form, direction)}
    assert all(known[name] in ("number", "name") for name in set(known) - set(listed))
    assert set(known) == done_by(cell, form, direction, len(walk) - 1)


@pytest.mark.parametrize("cell, form", FORM_NAMES)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_operation_reads_what_a_later_one_computes(cell: str, form: str, direction: str) -> None:
    walk = groups(cell, form, direction)
    computed = {one.result for one in equations_of(cell, form, direction)}
    for number, group in enumerate(walk):
        done = done_by(cell, form, direction, number)
        assert all(name in done for one in group.operations for name in one.operands if name in computed)


def test_the_operations_have_the_names_and_the_order_of_the_picture() -> None:
    def names(cell: str, form: str, direction: str) -> list[str]:
        return [group.name for group in groups(cell, form, direction)]

    forward = ["Read", "Forget gate", "Input gate", "Candidate", "Output gate", "Keep", "Write", "Add", "Squash"]
    assert names("lstm", "vanilla", "forward") == [*forward, "Expose"]
    backward = ["Arrive", "Unsquash", "Add", "Output gate", "Write", "Candidate", "Input gate", "Keep", "Forget gate"]
    assert names("lstm", "vanilla", "backward") == [*backward, "Leave"]
    assert names("rnn", "tanh", "forward") == ["Read", "Sum", "Squash"]
    assert names("gru", "after", "forward") == ["Read", "Reset gate", "Update gate", "Candidate", "Mix"]
    peephole = names("lstm", "peephole", "forward")
    assert peephole.index("Output gate") == peephole.index("Add") + 1
    assert "Forget gate" not in names("lstm", "nfg", "forward")
    assert "Squash" not in names("lstm", "noaf", "forward")


@pytest.mark.parametrize("cell, form", FORM_NAMES)
def test_the_other_pass_has_a_place_for_every_operation(cell: str, form: str) -> None:
    here, there = groups(cell, form, "forward"), groups(cell, form, "backward")
    for group in here:
        assert 0 <= swapped(group.key, here, there) < len(there)
    if form == "vanilla":
        assert [swapped(group.key, here, there) for group in here] == [9, 8, 6, 5, 3, 7, 4, 2, 1, 0]


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
@pytest.mark.parametrize("seed", [0, 5])
def test_what_the_trace_recorded_is_shown_bit_for_bit(form: dict[str, str], seed: int) -> None:
    trace = trace_of(form, seed)
    cell = trace.network.cell
    states = ("h", "c") if cell == "lstm" else ("h",)
    recorded = {"rnn": (), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n", "hn")}[cell]
    for t in (1, 4, trace.timesteps):
        unit = Unit(trace, 3, t)
        values = unit.values()
        gradients = unit.gradients(values)
        for name in states:
            assert values[name] == getattr(trace.tape, name)[t, 0, 3]
            assert values[f"{name}_before"] == getattr(trace.tape, name)[t - 1, 0, 3]
            assert gradients[f"d_{name}"] == getattr(trace.gradients, name)[t, 0, 3]
        for name in recorded:
            assert values[name] == getattr(trace.tape, name)[t - 1, 0, 3]
            if f"d_{name}" in gradients:
                assert gradients[f"d_{name}"] == getattr(trace.gradients, name)[t - 1, 0, 3]
        blocks = {"rnn": "a", "lstm": "z", "gru": "a"}[cell]
        flat = [getattr(trace.tape, blocks)[t - 1, 0, 7 * k + 3] for k in range(len(unit.blocks))]
        names = ["a"] if cell == "rnn" else [f"{blocks}_{block}" for block in unit.blocks]
        assert [values[name] for name in names] == flat


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_the_parts_of_a_pre_activation_add_up_to_it(form: dict[str, str]) -> None:
    trace = trace_of(form)
    for t in (1, 2, trace.timesteps):
        unit = Unit(trace, 2, t)
        values = unit.values()
        for block in unit.blocks:
            whole = values["a" if block == "a" else f"{'z' if trace.network.cell == 'lstm' else 'a'}_{block}"]
            parts = [values.get(f"{part}_{block}", 0.0) for part in "xhbpr"]
            if trace.network.cell == "gru" and block == "n":
                factor = values["r"] if form_of(trace.network) == "after" else 1.0
                parts = [values["x_n"], values["b_n"], factor * (values["h_n"] + values["b_hn"])]
            assert math.isclose(sum(parts), whole, rel_tol=1e-12, abs_tol=1e-14)


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
@pytest.mark.parametrize("seed", [0, 3])
def test_what_arrives_is_what_the_backward_pass_recorded(form: dict[str, str], seed: int) -> None:
    """dL/dh = from the next timestep + from the loss, dL/dc = from the next timestep + over h and the peephole."""
    trace = trace_of(form, seed)
    for t in range(1, trace.timesteps + 1):
        unit = Unit(trace, 4, t)
        values = unit.values()
        d = unit.gradients(values)
        assert np.isclose(d["d_h_after"] + d["d_h_loss"], d["d_h"], rtol=1e-10, atol=1e-18)
        if trace.network.cell == "lstm":
            peephole = d["d_z_o"] * unit.peephole("o") if "p_o" in values else 0.0
            assert np.isclose(d["d_c_after"] + d["d_c_h"] + peephole, d["d_c"], rtol=1e-10, atol=1e-18)


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
@pytest.mark.parametrize("what", ["all frozen", "one frozen", "held one by one"])
def test_the_ways_of_the_gradient_add_up_where_something_is_held(form: dict[str, str], what: str) -> None:
    before = compare(gap=9, hidden=3, engine="reference", **form)
    cell, quantities = form["cells"], holdable(form["cells"], form.get("variant", "vanilla"))
    held = {
        "all frozen": [Freeze(cell, 4, 6)],
        "one frozen": [Freeze(cell, 4, 6, (1,))],
        "held one by one": [
            Clamp(cell, name, 1 + number, 1 + number, (0.5,)) for number, name in enumerate(quantities)
        ],
    }[what]
    trace = intervene(before, *held, engine="reference").racers[0].trace
    for t in range(1, 11):
        for unit in range(3):
            at = Unit(trace, unit, t)
            values = at.values()
            found = way_split(at, at.gradients(values), values)
            sums = {"rel": 1e-9, "abs": 1e-14}
            assert found.along + found.through + found.stays + found.loss == pytest.approx(found.total, **sums)
            assert sum(value for _, value in found.gates) == pytest.approx(found.through, **sums)
            frozen = cell == "lstm" and 4 <= t <= 6 and (what == "all frozen" or (what == "one frozen" and unit == 1))
            assert bool(found.stays) == (frozen and (t == 4))
