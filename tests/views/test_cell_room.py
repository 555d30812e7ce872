"""The Cell lab with something held: every number keeps a second line, what it was, and none lies on another."""

import pytest
from PySide6.QtCore import QRectF

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp
from lstmviz.stage.playback import Position
from tests.views.desk import desk, tick
from tests.views.hands_desk import draw, show

VARIANTS = ("vanilla", "nfg", "nig", "nog", "cifg", "niaf", "noaf", "peephole", "fgr")
FORMS = (("rnn", ""), *(("lstm", variant) for variant in VARIANTS), ("gru", "after"), ("gru", "before"))
HALF_A_LETTER = 2.0


def settings(cell, form):
    kinds = {"lstm": {"variant": form}, "gru": {"reset": form}}
    return Settings(gap=12, cells=(cell,), **kinds.get(cell, {}))


def scaled(box, zoom):
    left, top, right, bottom = (edge * zoom for edge in box)
    return QRectF(left, top, right - left, bottom - top)


@pytest.mark.parametrize(("cell", "form"), FORMS)
def test_numbers_with_what_they_were_keep_off_each_other_and_off_the_blocks(cell, form):
    with desk(settings(cell, form), size=(1280, 720)) as window:
        lab = show(window, Clamp(cell, "h", 3, 4, (0.7,)), Clamp(cell, "h", 9, 10, (-0.6,)), lab="cell")
        for stretch in ("forward", "backward"):
            window.stage.playback.go(Position(stretch, 7))
            tick(window)
            draw(window)
            diagram = lab.diagram
            shown = [one for one in diagram.numbers if one.isVisibleTo(diagram)]
            assert any(one.tag.was for one in shown)
            cut = HALF_A_LETTER
            boxes = [QRectF(one.geometry()).adjusted(cut, cut, -cut, -cut) for one in shown]
            blocks = [scaled(node.box, diagram.zoom) for node in diagram.plan.blocks]
            for k, box in enumerate(boxes):
                name = (stretch, shown[k].tag.name)
                assert diagram.rect().contains(box.toAlignedRect()), name
                assert not any(block.intersects(box) for block in blocks), name
                for other, second in zip(boxes[k + 1 :], shown[k + 1 :], strict=True):
                    assert not box.intersects(other), (*name, second.tag.name)
