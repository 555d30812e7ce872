"""The diagram is derived from the equations: what every cell's picture must have, whoever draws it."""

from itertools import pairwise

import pytest

from lstmviz.engine.operations import operations
from lstmviz.views.cell.places import OUTLINE
from lstmviz.views.cell.plan import OUT, plan_of
from tests.views.cell_forms import FORMS

pytestmark = pytest.mark.parametrize(("cell", "form"), FORMS)


def values_read(cell, form):
    """(value, result) of the equations themselves, without weights and what a variant lacks."""
    found = operations(cell, form, "forward")
    constants = {one.result for one in found if one.kind == "number"}
    return {
        (name, one.result)
        for one in found
        for name in one.operands
        if name not in constants and not name.startswith("p_")
    }


def test_every_operand_of_every_operation_has_a_wire_to_where_it_is_read(cell, form):
    plan = plan_of(cell, form)
    inside = {result: node.name for node in plan.nodes.values() for result in node.results}
    reached = {(piece.value, reader) for piece in plan.pieces for reader in piece.readers}
    through = {("r", "a_n"): ("r", "rhn"), ("hn", "a_n"): ("hn", "rhn")} if form == "after" else {}
    for value, result in values_read(cell, form):
        if inside.get(value) == inside[result]:
            continue  # a sum inside its own block
        assert through.get((value, result), (value, inside[result])) in reached


def test_no_wire_leads_where_the_equations_read_nothing(cell, form):
    plan = plan_of(cell, form)
    inside = {result: node.name for node in plan.nodes.values() for result in node.results}
    read = {(value, inside[result]) for value, result in values_read(cell, form)}
    made = {"rhn": "n"}
    for piece in plan.pieces:
        for reader in piece.readers:
            known = (piece.value, reader) in read or reader == OUT or reader == "rhn"
            assert known or made.get(piece.value) == reader


def test_wires_run_straight_from_the_source_to_the_reader_without_a_break(cell, form):
    plan = plan_of(cell, form)
    for value in {piece.value for piece in plan.pieces}:
        pieces = [piece for piece in plan.pieces if piece.value == value]
        starts = {piece.points[0] for piece in pieces}
        ends = {piece.points[-1] for piece in pieces}
        assert len(starts - ends) == 1  # one place where the value is made; all else begins where a piece ends
        for piece in pieces:
            for a, b in pairwise(piece.points):
                assert (a[0] == b[0]) != (a[1] == b[1])
        readers = {reader for piece in pieces for reader in piece.readers}
        whole = [piece for piece in pieces if piece.whole]
        assert len(whole) == 1 and set(whole[0].readers) == readers


def test_what_a_variant_lacks_is_not_drawn(cell, form):
    plan = plan_of(cell, form)
    lacking = {one.result for one in operations(cell, form, "forward") if one.kind == "number"}
    assert plan.constants == lacking
    assert not lacking & set(plan.nodes)
    assert not lacking & {piece.value for piece in plan.pieces}


def test_all_parts_stand_inside_the_outline(cell, form):
    left, top, width, height = OUTLINE
    for node in plan_of(cell, form).nodes.values():
        x0, y0, x1, y1 = node.box if node.kind == "block" else (node.x, node.y, node.x, node.y)
        assert left < x0 < x1 + 1 < left + width + 1 and top < y0 <= y1 < top + height


def test_no_block_lies_on_another(cell, form):
    blocks = plan_of(cell, form).blocks
    for one, other in pairwise(blocks):
        assert one.box[2] < other.box[0]
