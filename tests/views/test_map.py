"""The pictures of the Map: facts of what is painted, and what hands do."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from lstmviz.stage.map_frame import FLOOR, Paths
from lstmviz.views.map.bands import bands
from lstmviz.views.picture import settle, window
from lstmviz.views.race.ramps import gradient_colours, gradient_index

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def shown():
    with window({"gap": "30", "cells": "rnn,lstm,gru"}, (1440, 900), "light", "map") as made:
        yield made


def draw(shown):
    """Draw what is known once no thread works any more."""
    shown.stage.tick(0.0)
    while shown.stage.labs.working:
        time.sleep(0.002)
        shown.stage.tick(0.0)
    settle(shown)
    shown.labs.current.grab()
    return shown.labs.current


def test_a_pixel_of_the_map_has_the_colour_of_the_engines_number(shown):
    lab = draw(shown)
    part = shown.stage.frame.part
    for view, one in zip(lab.maps, part.maps, strict=True):
        colours = gradient_colours(shown.theme)
        for k, t in ((1, 1), (1, 31), (12, 20), (5, 30)):
            index = int(gradient_index(np.array([one.log10[t - 1, k - 1]]), FLOOR)[0])
            pixel = view.image.pixelColor(k - 1, t - 1)
            assert pixel.alpha() == 0 if index < 0 else pixel == colours[index]
        assert view.image.pixelColor(20, 3).alpha() == 0  # later cannot act on earlier


def test_a_click_on_a_square_chooses_its_pair_everywhere(shown):
    lab = draw(shown)
    view = lab.maps[1]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.square(4, 22).center().toPoint())
    draw(shown)
    part = shown.stage.frame.part
    assert (part.start, part.end, shown.stage.selection.timestep) == (4, 22, 22)
    assert lab.under.span().middle(22) == pytest.approx(lab.under.plot().left() + 21.5 * lab.under.plot().width() / 31)


def test_a_click_over_the_diagonal_chooses_nothing(shown):
    lab = draw(shown)
    before = (shown.stage.frame.part.start, shown.stage.frame.part.end)
    view = lab.maps[0]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.square(25, 5).center().toPoint())
    draw(shown)
    assert (shown.stage.frame.part.start, shown.stage.frame.part.end) == before


def test_arrow_keys_move_the_pair_and_stop_at_the_edges(shown):
    lab = draw(shown)
    shown.stage.labs.desk("map").choose(4, 22)
    draw(shown)
    QTest.keyClick(lab.maps[0], Qt.Key.Key_Right)
    draw(shown)
    QTest.keyClick(lab.maps[0], Qt.Key.Key_Down)
    draw(shown)
    assert (shown.stage.frame.part.start, shown.stage.frame.part.end) == (5, 23)
    for _ in range(4):
        QTest.keyClick(lab.maps[0], Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        draw(shown)
    assert shown.stage.frame.part.start == 1


def test_squares_and_pairs_are_each_others_inverse(shown):
    view = draw(shown).maps[0]
    for k, t in ((1, 1), (3, 31), (17, 18), (31, 31)):
        assert view.pair_at(view.square(k, t).center()) == (k, t)
    assert view.pair_at(QPointF(0, 0)) is None


def test_eigenvalues_stand_where_their_numbers_say(shown):
    lab = draw(shown)
    for disk, eigen in zip(lab.disks, shown.stage.frame.part.eigen, strict=True):
        middle, one = disk.disk().center(), disk.place_of(1 + 0j)
        first = disk.place_of(complex(eigen.eigenvalues[0]))
        unit = one.x() - middle.x()
        assert (first.x() - middle.x()) / unit == pytest.approx(eigen.eigenvalues[0].real, abs=1e-9)
        assert (middle.y() - first.y()) / unit == pytest.approx(eigen.eigenvalues[0].imag, abs=1e-9)
        assert disk.disk().contains(first)


def test_the_table_holds_the_row_that_is_chosen(shown):
    lab = draw(shown)
    frame = shown.stage.frame
    table = lab.table(frame)
    part = frame.part
    assert len(table.numbers) == part.end
    assert table.numbers[part.start - 1][2] == part.value("lstm")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("cells", ["lstm", "rnn,lstm", "rnn,lstm,gru"])
def test_no_picture_lies_over_another_in_any_window(size, cells):
    with window({"gap": "12", "cells": cells}, size, "dark", "map") as made:
        lab = draw(made)
        visible = [w for w in (*lab.maps, *lab.disks, lab.ramp, lab.under) if w.isVisibleTo(lab)]
        assert len(visible) == 2 * len(cells.split(",")) + 2
        for k, one in enumerate(visible):
            assert lab.rect().contains(one.geometry())
            assert not any(one.geometry().intersects(other.geometry()) for other in visible[k + 1 :])
            assert min(one.width(), one.height()) >= 60


def test_no_network_shows_how_to_get_one():
    with window({"gap": "12", "cells": "rnn"}, (1280, 720), "light", "map") as made:
        made.stage.change({"cells": ()})
        lab = draw(made)
        assert lab.empty.isVisibleTo(lab) and not lab.under.isVisibleTo(lab)
        lab.empty.button.click()
        draw(made)
        assert made.stage.settings.cells == ("rnn", "lstm")


def test_bands_stack_up_to_one_with_negative_shares_below_zero():
    share = np.array([[0.6, 1.5, np.nan], [0.4, -0.5, np.nan]])
    found = bands(share)
    np.testing.assert_allclose(found.lower[:, 0], [0.0, 0.6])
    np.testing.assert_allclose(found.upper[:, 0], [0.6, 1.0])
    np.testing.assert_allclose((found.lower[1, 1], found.upper[1, 1]), (-0.5, 0.0))
    assert np.isnan(found.lower[:, 2]).all()
    assert found.low <= -0.5 and found.high >= 1.5


def test_every_way_of_a_split_has_a_band(shown):
    shown.stage.labs.desk("map").set_lower("paths")
    draw(shown)
    paths: tuple[Paths, ...] = shown.stage.frame.part.paths
    for one in paths:
        found = bands(one.share)
        heights = (found.upper - found.lower)[:, 4]
        np.testing.assert_allclose(np.where(one.share[:, 4] < 0, -heights, heights).sum(), 1.0, atol=1e-9)


def test_a_network_too_wide_for_eigenvalues_says_so_in_its_place():
    with window({"gap": "3", "cells": "lstm", "hidden": "65"}, (1280, 720), "light", "map") as made:
        lab = draw(made)
        assert not made.stage.frame.part.eigen
        assert lab.disks[0].isVisibleTo(lab)
        assert "more than 128 numbers" in lab.disks[0].accessibleDescription()


def test_maps_stay_large_enough_to_read_with_large_text():
    with window({"gap": "12", "cells": "rnn,lstm"}, (1280, 720), "light", "map") as made:
        made.set_text_size(1.5)
        lab = draw(made)
        assert all(view.field().width() >= 160 for view in lab.maps[:2])


def test_the_sentence_promises_no_more_than_the_norm_says(shown):
    desk = shown.stage.labs.desk("map")
    draw(shown)
    assert "all entries of the Jacobian" in shown.labs.current.sentence()
    desk.set_norm("spectral")
    draw(shown)
    assert "at most" in shown.labs.current.sentence()
    desk.set_norm("frobenius")
    draw(shown)


def test_paths_that_are_not_known_are_missing_in_words():
    with window({"gap": "5", "cells": "lstm", "lstm.variant": "peephole"}, (1280, 720), "light", "map") as made:
        made.stage.labs.desk("map").set_lower("paths")
        lab = draw(made)
        assert "peephole" in lab.sentence() and "peephole" in lab.under.title()[1]
