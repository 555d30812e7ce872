"""The Learn lab: what it draws is what was trained, bets are kept, and it can be walked and resized like the Race."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lstmviz.lab.series import GrowingHeatMap
from lstmviz.lab.settings import Settings
from lstmviz.lab.trial import Outcome
from lstmviz.stage.learn_frame import GapScore, LearnFrame, LengthTest, SeedDot, SeedRuns
from lstmviz.stage.learn_starts import shown_rows
from lstmviz.stage.learn_words import broken_words, start_words
from lstmviz.views import fonts
from lstmviz.views.control_groups.fine import CellsGroup
from lstmviz.views.control_groups.notches import NotchBox
from lstmviz.views.learn.heat_image import BAND, HeatImage, colours
from lstmviz.views.learn.layout import LEAST_HEAT, LEAST_LOSS, lay_out, least_height
from lstmviz.views.race.ramps import NOTHING, gradient_index
from lstmviz.views.theme import theme
from tests.views.desk import application, desk, press, tick
from tests.views.test_window_use import nameless

SETTINGS = Settings(gap=8, hidden=8, cells=("rnn", "lstm"))


@pytest.fixture
def window(qapp):
    with desk(SETTINGS) as shown:
        shown.open_lab("learn")
        tick(shown)
        yield shown


@pytest.fixture
def lab(window):
    return window.labs.current


def wait(window, done, most=4000):
    for _ in range(most):
        if done():
            tick(window)
            return
        QTest.qWait(5)
        tick(window)
    raise AssertionError("it never came")


def train(window, updates):
    window.stage.set_goal(updates)
    window.stage.train_or_stop()
    wait(window, lambda: not window.stage.desk.running)


# ---------------------------------------------------------------- opened when asked for


def test_a_lab_is_made_when_it_is_first_opened(qapp):
    with desk(SETTINGS) as window:
        assert list(window.labs._made) == ["race"]
        press(window, "Ctrl+3")
        assert window.stage.lab == "learn"
        assert list(window.labs._made) == ["race", "learn"]
        assert window.switch_bar.tabs["learn"].isChecked()
        assert not window.switch_bar.tabs["race"].isChecked()
        press(window, "Ctrl+1")
        assert window.race.isVisible()
        assert not window.labs.lab("learn").isVisible()


def test_labs_share_the_groups_of_the_column(window):
    task = window.column.task
    assert window.column.has(task)
    assert not window.column.has(window.column.training)
    window.open_lab("race")
    assert window.column.task is task
    assert window.column.has(window.column.training)


def test_every_widget_of_learn_that_takes_the_keyboard_has_a_name(window):
    assert nameless(window) == []
    train(window, 3)
    assert nameless(window) == []


# ---------------------------------------------------------------- before the first update


def test_before_the_first_update_a_card_says_what_will_happen(window, lab):
    assert lab.start.isVisible()
    assert not lab.loss.isVisible()
    assert window.focusWidget() is lab.start.train


def test_y_and_shift_y_bet_on_one_network_after_the_other(window, lab):
    press(window, "Shift+Y")
    press(window, "Y")
    assert window.stage.frame.part.bets == (False, True)
    choices = lab.results.bet.choices
    assert (choices["rnn"].index(), choices["lstm"].index()) == (1, 0)
    press(window, "Y")
    assert window.stage.frame.notice == "All bets are placed; train to see"


def test_a_bet_is_placed_with_the_mouse_too(window, lab):
    lab.results.bet.choices["lstm"].segment(0).click()
    tick(window)
    assert window.stage.frame.part.bets == (None, True)


def test_bets_stay_and_cannot_be_changed_after_the_first_update(window, lab):
    press(window, "Shift+Y")
    train(window, 3)
    press(window, "Y")
    assert window.stage.frame.part.bets == (False, None)
    assert lab.results.bet._said["rnn"].text() == "no: right"
    assert lab.results.bet._said["lstm"].text() == "no bet"
    assert not lab.results.bet.choices["rnn"].isVisible()


def test_no_network_leaves_the_card_that_offers_some(window, lab):
    window.stage.change({"cells": ()})
    tick(window)
    assert lab.empty.isVisible()
    assert not lab.start.isVisible()
    lab.empty.button.click()
    tick(window)
    assert lab.start.isVisible()


# ---------------------------------------------------------------- training


def test_enter_trains_to_the_budget_and_draws_what_was_trained(window, lab):
    window.stage.set_goal(6)
    lab.loss.setFocus()
    press(window, "Return")
    wait(window, lambda: not window.stage.desk.running)
    training = window.stage.frame.training
    assert training.trained == 6
    for index, cell in enumerate(training.cells):
        x, y = lab.loss.raw[cell].getData()
        assert np.array_equal(y, training.losses[index])
        assert np.array_equal(x, np.arange(6))
        heat = training.heat_maps[index]
        assert lab.heats[index].image.columns == len(heat.log10) == 6
    assert window.column.group(type(window.column._feet[0])).train.text() == "Train again"


def test_a_pixel_of_a_heat_map_has_the_colour_of_its_gradient(window, lab):
    train(window, 5)
    heat = window.stage.frame.training.heat_maps[1]
    image, look = lab.heats[1].image.image(), window.theme
    for update, t in itertools.product(range(5), range(1, 10)):
        index = int(gradient_index(heat.log10[update, t - 1 : t], BAND)[0])
        assert index != NOTHING
        drawn = image.pixelColor(update, heat.timesteps - t)
        assert (drawn.red(), drawn.green(), drawn.blue()) == tuple(look.ramp_gradient[index])


def test_the_tool_tip_of_a_heat_map_gives_the_engine_s_number(window, lab):
    train(window, 5)
    view = lab.heats[0]
    box, updates = view._place.box, view._place.updates
    heat = window.stage.frame.training.heat_maps[0]
    y = box.top() + (heat.timesteps - 3 + 0.5) * box.height() / heat.timesteps
    text = view.tip_at(updates.x_of(2), y)
    assert text.startswith("update 2, t = 3: gradient ")
    from lstmviz.words import power

    assert text.endswith(power(float(heat.log10[2, 2])))
    assert view.tip_at(box.left() - 5, y) == ""


def test_losses_and_heat_maps_share_one_update_axis(window, lab):
    train(window, 5)
    for update in range(5):
        in_loss = lab.loss.notes.x_of(update)
        assert all(view.x() + view._place.updates.x_of(update) == pytest.approx(in_loss) for view in lab.heats[:2])


def test_a_click_in_a_heat_map_rewinds_and_the_parameters_come_back(window, lab):
    train(window, 4)
    early = [racer.network.parameters.weight_hh.copy() for racer in window.stage.frame.comparison.racers]
    window.stage.set_goal(9)
    window.stage.train_or_stop()
    wait(window, lambda: not window.stage.desk.running)
    view = lab.heats[1]
    point = QPoint(round(view._place.updates.x_of(4)), view._place.box.center().y())
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    wait(window, lambda: not window.stage.desk.running)
    assert window.stage.frame.training.update == 4
    now = [racer.network.parameters.weight_hh for racer in window.stage.frame.comparison.racers]
    assert all(np.array_equal(a, b) for a, b in zip(early, now, strict=True))
    assert window.column._feet[0].train.text() == "Train on from 4"


def test_going_on_from_an_earlier_update_can_be_undone(window, lab):
    train(window, 6)
    losses = window.stage.frame.training.losses[0].copy()
    window.stage.seek_update(2)
    wait(window, lambda: not window.stage.desk.running)
    window.stage.desk.set_recipe(learning_rate=0.05)
    window.stage.train_or_stop()
    wait(window, lambda: not window.stage.desk.running)
    again = window.stage.frame.training.losses[0]
    assert np.array_equal(again[:3], losses[:3])  # the loss before update 4 is that of the parameters at update 3
    assert not np.array_equal(again[4:], losses[4:])
    press(window, "Ctrl+Z")
    wait(window, lambda: not window.stage.desk.running)
    assert np.array_equal(window.stage.frame.training.losses[0], losses)


def test_a_gap_changed_while_training_drops_the_training_and_asks_again(window, lab):
    window.stage.set_goal(5000)
    window.stage.train_or_stop()
    wait(window, lambda: window.stage.desk.trained > 2)
    window.column.gap.gap.setValue(9)
    tick(window)
    wait(window, lambda: not window.stage.desk.running)
    assert window.stage.settings.gap == 9
    assert window.stage.frame.training is None
    assert lab.start.isVisible()
    window.stage.undo()
    tick(window)
    assert window.stage.settings.gap == 8


def test_the_recipe_of_the_column_reaches_the_training(window, lab):
    group = window.column.group(type(window.column._groups[3]))
    group.rate.setValue(0.02)
    group.batch.setValue(8)
    group.clip.setValue(0)
    group.budget.setValue(50)
    tick(window)
    learn = window.stage.frame.part
    assert isinstance(learn, LearnFrame)
    recipe = learn.recipe
    assert (recipe.learning_rate, recipe.batch, recipe.clip_by, learn.budget) == (0.02, 8, "none", 50)
    window.stage.desk.set_recipe(learning_rate=0.001)
    tick(window, 2)
    assert group.rate.value() == 0.001
    assert group.clip.text() == "off"


def test_clipped_updates_are_marked_when_asked_for(window, lab):
    window.stage.desk.set_recipe(clip=0.01)
    train(window, 4)
    assert all(len(found) == 4 for found in window.stage.frame.training.clipped)
    lab.boxes["clipped"].click()
    tick(window)
    view = lab.heats[0]
    strip, x = view._place.strip, view._place.updates.x_of(2)
    colour = view.grab().toImage().pixelColor(int(x), strip.center().y())
    assert colour.name().upper() == window.theme.gradient


def test_without_heat_maps_the_losses_take_their_room(window, lab):
    train(window, 3)
    height = lab.loss.height()
    lab.boxes["gradient"].click()
    tick(window)
    assert lab.loss.height() > height
    assert not any(view.isVisible() for view in lab.heats)
    lab.boxes["chance"].click()
    tick(window)
    assert not lab.loss.chance.isVisible()


def test_the_sentence_says_what_came_of_each_network(window, lab):
    assert lab.sentence() == "Not trained yet."
    train(window, 3)
    text = lab.sentence()
    assert text.startswith("RNN: loss 0.")
    assert "not solved in 3 updates" in text
    assert text.endswith("Chance is 0.69.")


def test_a_loss_that_is_no_number_is_said_where_it_began(window, lab):
    train(window, 3)
    training = window.stage.frame.training
    losses = np.array([0.7, math.inf, math.nan])
    assert broken_words(training, 0) == ""
    said = broken_words(replace(training, losses=(losses, losses)), 0)
    assert said == "the loss is not a number from update 1 on; clip the gradient"


def test_what_is_unusual_about_the_cells_is_said_beside_their_name():
    assert start_words(Settings(), "lstm") == "forget bias 3"
    assert start_words(Settings(forget_bias=1.5), "gru") == "update bias 1.5"
    assert start_words(Settings(variant="peephole", layers=2), "lstm") == "forget bias 3, with peepholes, 2 layers"
    assert start_words(Settings(initialisation="identity", bidirectional=True), "rnn") == (
        "identity, ReLU, both directions"
    )


def test_the_cells_and_layers_of_the_column_reach_the_settings(window):
    group = window.column.group(CellsGroup)
    group.variant.setCurrentIndex(1)
    group._choose_variant(1)
    group.layers.setValue(2)
    group.both.click()
    tick(window)
    settings = window.stage.settings
    assert (settings.variant, settings.layers, settings.bidirectional) == ("nfg", 2, True)
    window.stage.change({"lstm.variant": "peephole", "layers": 1})
    tick(window)
    assert (group.variant.currentText(), group.layers.value()) == ("LSTM with peepholes", 1)


def test_a_rewind_moves_the_line_and_paints_no_curve_again(window, lab):
    train(window, 6)
    asked = []
    lab.loss.notes.update = lambda *where: asked.append(where)
    window.stage.seek_update(2)
    wait(window, lambda: not window.stage.desk.running)
    assert asked == []
    assert lab.loss.playhead.boundingRect().center().x() == pytest.approx(lab.loss.notes.x_of(2))


def test_a_tick_without_news_repaints_nothing(window, lab):
    train(window, 3)
    frame = window.stage.frame
    tick(window, 3)
    assert window.stage.frame is frame


# ---------------------------------------------------------------- pictures of their own


def grown(updates, timesteps=6, seed=0):
    found, rng = GrowingHeatMap(timesteps), np.random.default_rng(seed)
    for _ in range(updates):
        found.append(rng.uniform(-20, 1, timesteps))
    return found


def test_a_heat_map_that_goes_on_colours_only_its_new_columns():
    application()
    look, image, growing, rng = theme("light"), HeatImage(), grown(200), np.random.default_rng(1)
    image.show(growing.so_far(), look)
    assert image.coloured == 200
    growing.append(rng.uniform(-20, 1, 6))
    image.show(growing.so_far(), look)
    assert image.coloured == 202  # the last one may have held fewer updates, so it is done again
    whole = HeatImage()
    whole.show(growing.so_far(), look)
    assert image.image() == whole.image()


@pytest.mark.parametrize("seed", range(4))
def test_a_heat_map_extended_in_any_portions_is_the_one_made_at_once(seed):
    application()
    rng, look, image = np.random.default_rng(seed), theme("dark"), HeatImage()
    growing = GrowingHeatMap(5, most_rows=64)
    for _ in range(300):
        growing.append(rng.uniform(-18, 1, 5))
        if rng.random() < 0.2:
            image.show(growing.so_far(), look)
    image.show(growing.so_far(), look)
    whole = HeatImage()
    whole.show(growing.so_far(), look)
    assert image.image() == whole.image()


def test_another_training_is_coloured_anew():
    application()
    look, image = theme("light"), HeatImage()
    image.show(grown(50, seed=0).so_far(), look)
    other = grown(60, seed=5).so_far()
    image.show(other, look)
    whole = HeatImage()
    whole.show(other, look)
    assert image.image() == whole.image()


def test_what_float64_loses_is_paper_in_a_heat_map():
    application()
    look = theme("light")
    found = colours(np.array([[-math.inf, math.nan, -16.5, 0.5]]), look)
    paper = int(look.panel.removeprefix("#"), 16) | 0xFF000000
    assert found[0, :3].tolist() == [paper] * 3
    assert found[0, 3] != paper


@pytest.mark.parametrize("width", (560, 900, 1056, 1184, 1640, 2600))
@pytest.mark.parametrize("networks", (1, 2, 3))
@pytest.mark.parametrize("factor", (0.8, 1.0, 1.5, 2.0))
def test_no_row_overlaps_another_at_the_least_height_or_more(width, networks, factor):
    for heats, strips, more in itertools.product((True, False), (True, False), (0, 300)):
        height = least_height(networks, heats, factor) + more
        layout = lay_out((width, height), networks, heats, strips, factor)
        rows = [layout.title, layout.loss]
        for title, heat in zip(layout.titles, layout.heats, strict=True):
            rows += [title, heat]
        rows.append(layout.axis)
        assert all(a.bottom <= b.y for a, b in itertools.pairwise(rows))
        assert layout.loss.height >= LEAST_LOSS
        assert not heats or all(box.height >= LEAST_HEAT for box in layout.heats)
        assert layout.axis.bottom <= height or more == 0
        assert {box.x for box in (layout.loss, *layout.heats)} == {layout.left}


def test_in_a_narrow_window_the_results_lie_behind_a_tab(qapp):
    with desk(SETTINGS, size=(1280, 720)) as window:
        window.open_lab("learn")
        tick(window)
        lab = window.labs.current
        assert lab.tabs.isVisible()
        assert not lab.results.isVisible()
        lab.tabs.segment(1).click()
        tick(window)
        assert lab.results.isVisible()
        assert not lab.start.isVisible()
        window.resize(1920, 1080)
        tick(window, 2)
        assert lab.results.isVisible()
        assert lab.start.isVisible()


@pytest.mark.parametrize("size", ((1120, 640), (1280, 720), (1920, 1080)))
@pytest.mark.parametrize("factor", (1.0, 1.5))
def test_learn_fits_into_every_window(qapp, size, factor):
    with desk(Settings(gap=8, cells=("rnn", "lstm", "gru")), size=size) as window:
        window.open_lab("learn")
        window.set_text_size(factor)
        tick(window, 2)
        lab = window.labs.current
        assert lab.height() >= lab.minimumSizeHint().height()
        if factor == 1.0:
            assert window.body.height() <= window.height()
        shown = [part for part in (lab.start, lab.results) if part.isVisible()]
        assert all(lab.rect().contains(part.geometry()) for part in shown)
        fonts.set_text_size(1.0)


# ---------------------------------------------------------------- seeds and other gaps


def learn_with(learn, **changes):
    return replace(learn, **changes)


def test_seeds_fill_in_and_are_said_in_words(window, lab):
    dots = tuple(SeedDot("lstm", seed, 25 if seed % 2 else None, 1.0, -3.0) for seed in range(4))
    seeds = SeedRuns(True, ("rnn", "lstm"), tuple(range(5)), 300, dots)
    learn = learn_with(window.stage.frame.part, seeds=seeds)
    rows = shown_rows(window.stage.settings, learn)
    assert rows[1].dots == (False, True, False, True, None)
    lab.results.draw(window.stage.frame, learn_with(learn, shown=rows))
    assert "LSTM, forget bias 3: share at update 0" in lab.results.table.sentence()
    assert lab.results.table.sentence().endswith("solved 2 of 4.")
    assert lab.results.few.text() == "Cancel"
    assert not lab.results.many.isVisible()


def test_other_starts_are_compared_in_the_background_and_fill_in_live(window, lab, monkeypatch):
    asked = []

    def trials(found, post, stop):  # the trials themselves are tested with the desk that runs them
        asked.extend(found)
        for index in (0, 8, 2):
            post((index, Outcome(25 if index == 2 else None, 25, 1.0, 0.1, 0.1, -4.0 + index, 0.0)))
        while not stop.is_set():
            stop.wait(0.01)

    monkeypatch.setattr("lstmviz.stage.learn_starts.run_trials", trials)
    window.stage.change({"seed": 7})
    lab.results.starts.click()
    tick(window)
    wait(window, lambda: window.stage.frame.part.starts.done == 3)
    assert [(trial.cell, trial.settings.initialisation, trial.settings.seed) for trial in asked[:2]] == [
        ("rnn", "uniform", 7),
        ("rnn", "orthogonal", 7),
    ]
    assert (asked[5].settings.forget_bias, asked[8].settings.seed) == ("chrono", 8)
    rows = window.stage.frame.part.starts.rows
    assert rows[0].dots == (False, False, None, None, None)
    assert rows[0].log10_share == pytest.approx((-4.0 + 4.0) / 2)  # the mean of the logarithms
    assert rows[2].dots[0] is True
    assert lab.results.start_table.isVisible()
    assert lab.results.starts.text() == "Cancel"
    lab.results.starts.click()
    tick(window)
    assert not window.stage.frame.part.starts.running
    window.stage.change({"lstm.forget_bias": 1.0, "seed": 8})  # a start, not another set-up
    tick(window)
    assert window.stage.frame.part.starts.done == 3
    window.stage.change({"gap": 9})
    tick(window)
    assert window.stage.frame.part.starts is None


def test_seeds_are_run_in_the_background_and_can_be_cancelled(window, lab, monkeypatch):
    asked = []

    def trials(found, post, stop):  # the trials themselves are tested with the desk that runs them
        asked.extend(found)
        for index in range(2):
            post((index, Outcome(25, 25, 1.0, 0.1, 0.1, -2.0, 0.0)))
        while not stop.is_set():
            stop.wait(0.01)

    monkeypatch.setattr("lstmviz.stage.learning.run_trials", trials)
    window.stage.set_goal(50)
    lab.results.few.click()
    tick(window)
    wait(window, lambda: len(window.stage.frame.part.seeds.dots) >= 2)
    assert len(asked) == 10
    assert lab.results.few.text() == "Cancel"
    lab.results.few.click()
    tick(window)
    assert not window.stage.frame.part.seeds.running
    assert lab.results._seed_words.text() == "2 of 10 trainings done"


def test_scores_at_other_gaps_stand_where_they_belong(window, lab):
    plot = lab.results.lengths
    scores = (GapScore("lstm", 8, 1.0, True), GapScore("lstm", 80, 0.5, False))
    lengths = LengthTest(False, 10, 8, (8, 16, 80), scores)
    plot.resize(240, 150)
    plot.draw(learn_with(window.stage.frame.part, lengths=lengths))
    first, second = (plot.point(score) for score in scores)
    assert first.x() < second.x()
    assert first.y() < second.y()
    assert plot.sentence() == "LSTM at gap 8: 1.0. LSTM at gap 80: 0.50."


def test_trained_networks_are_tested_at_other_gaps_from_the_window(window, lab):
    assert not lab.results.gaps.isEnabled()
    train(window, 3)
    assert lab.results.gaps.isEnabled()
    lab.results.gaps.click()
    wait(window, lambda: window.stage.frame.part.lengths is not None and not window.stage.frame.part.lengths.running)
    found = window.stage.frame.part.lengths
    assert len(found.scores) == 2 * len(found.gaps)
    assert lab.results.lengths.isVisible()


# ---------------------------------------------------------------- number boxes


def test_the_arrows_of_a_notch_box_go_through_its_notches():
    application()
    box = NotchBox("rate", (0.001, 0.003, 0.01), 5)
    box.setValue(0.002)
    box.stepBy(1)
    assert box.value() == 0.003
    box.stepBy(5)
    assert box.value() == 0.01
    box.stepBy(-1)
    assert (box.value(), box.text()) == (0.003, "0.003")
    box.stepBy(-9)
    assert box.value() == 0.001
    box.deleteLater()
