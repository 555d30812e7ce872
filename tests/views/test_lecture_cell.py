"""The Cell lab on the projector: one formula, at most three numbers, nothing small."""

from itertools import combinations

import pytest

from lstmviz.stage.hands import Clamp
from lstmviz.views.cell.tags import gradient_text, value_text
from lstmviz.views.lecture.audience import AudiencePicture
from lstmviz.views.lecture.cell_picture import CellPicture
from lstmviz.views.lecture.labels import LEAST
from tests.views.cell_forms import FORMS, cell_window, draw, part_of, show

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def shown():
    with cell_window() as made:
        yield made


def room(made, size=(1920, 1080)):
    picture = AudiencePicture()
    picture.resize(*size)
    picture.draw(made.stage.frame)
    assert isinstance(picture.picture, CellPicture)
    return picture


def test_a_room_sees_one_formula_and_at_most_three_numbers_of_every_operation_of_every_cell(shown):
    for cell, form in FORMS:
        for backward in (False, True):
            show(shown, cell, form, backward)
            for number in range(1, len(part_of(shown).operations) + 1):
                shown.stage.go_to_operation(number, backward)
                draw(shown)
                labels = room(shown).picture.labels()
                kinds = [one.kind for one in labels]
                where = (form, backward, number, [(one.kind, one.text.text) for one in labels])
                assert kinds.count("formula") == 2 and kinds.count("value") <= 3, where
                assert len(labels) <= 12, where
                for one in labels:
                    assert one.px >= LEAST, where
                    assert one.x >= 40 and one.x + one.text.width <= 1880 and one.baseline <= 1040, where
                for one, other in combinations([one for one in labels if one.kind != "name"], 2):
                    assert not one.rect().intersects(other.rect()), where


def test_the_numbers_of_the_room_are_those_of_the_desk(shown):
    show(shown, "lstm", "vanilla")
    shown.stage.go_to_operation(8, False)
    draw(shown)
    values = part_of(shown).values
    said = {one.text.text for one in room(shown).picture.labels() if one.kind == "value"}
    assert said == {value_text(values[name]) for name in ("kept", "written", "c")}
    show(shown, "lstm", "vanilla", backward=True)
    shown.stage.go_to_operation(9, True)
    draw(shown)
    said = {one.text.text for one in room(shown).picture.labels() if one.kind == "value"}
    assert gradient_text(part_of(shown).gradients["d_z_f"]).split("×")[0] in "".join(said)


def test_a_room_hears_the_sentence_of_the_desk(shown):
    assert room(shown).accessibleDescription() == shown.labs.current.sentence()


def test_a_room_sees_which_gate_or_state_is_held_and_when(shown):
    show(shown, "lstm", "vanilla")
    shown.stage.select(timestep=7)
    for one in (Clamp("lstm", "f", 6, 8, (0.1,)), Clamp("lstm", "c", 7, 7, (0.5,)), Clamp("lstm", "o", 2, 3, (1.0,))):
        shown.stage.intervene(one)
    draw(shown)
    picture = room(shown).picture
    gate = next(node for node in picture.plan.blocks if node.name == "f")
    state, bar = picture.held_bars()
    assert gate.box[0] < bar.left() < bar.right() < gate.box[2] and gate.box[1] < bar.top() < bar.bottom() < gate.box[3]
    assert state.center().y() == picture.plan.places.leaves["c"]
    shown.stage.clear_interventions()
    draw(shown)
    assert not room(shown).picture.held_bars()
