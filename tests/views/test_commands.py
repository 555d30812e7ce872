"""Every key of the table does what it says, pressed as a reader presses it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from lstmviz.stage.stage import START
from lstmviz.views import fonts
from lstmviz.views.keys import commands
from tests.views.desk import delete_now, desk, press, tick

TABLE = commands()


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


def do(window, name, key=0):
    press(window, TABLE[name].keys[key])


def place(window):
    return window.stage.frame.place


def test_space_plays_and_pauses(window):
    do(window, "play")
    assert window.stage.frame.playing
    do(window, "play")
    assert not window.stage.frame.playing


def test_j_and_l_walk_one_timestep(window):
    do(window, "back")
    assert window.stage.frame.position.t == 2
    do(window, "on")
    assert window.stage.frame.position.t == 1


def test_home_and_end_go_to_the_ends_of_the_pass(window):
    do(window, "first")
    assert window.stage.frame.position.t == 6
    do(window, "last")
    assert window.stage.frame.position.t == 1


def test_o_shows_the_loss_and_d_the_other_pass(window):
    do(window, "loss")
    assert window.stage.frame.position.stretch == "loss"
    do(window, "swap")
    assert window.stage.frame.position.stretch == "forward"


def test_m_changes_what_one_press_of_on_means(window):
    do(window, "next_level")
    assert window.stage.frame.level == "update"
    do(window, "next_level")
    assert window.stage.frame.level == "operation"
    do(window, "next_level")
    assert window.stage.frame.level == "timestep"
    do(window, "previous_level")
    assert window.stage.frame.level == "operation"
    do(window, "previous_level")
    assert window.stage.frame.level == "update"


def test_shift_j_and_shift_l_change_the_speed(window):
    do(window, "faster")
    assert window.stage.frame.speed == 2.0
    assert window.transport.speed.text() == "Speed 2×"
    do(window, "slower")
    do(window, "slower")
    assert window.stage.frame.speed == 0.5


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("focus_gap", lambda w: w.race.gap.slider),
        ("focus_forget_bias", lambda w: w.column.forget_bias.slider),
        ("focus_initialisation", lambda w: w.column.initialisation.radio("uniform")),
        ("focus_fair", lambda w: w.column.fair.choice.segment(0)),
    ],
)
def test_letters_take_the_keyboard_to_a_setting(window, name, found):
    window.transport.scrubber.setFocus()
    do(window, name)
    assert window.focusWidget() is found(window)


def test_arrows_change_the_setting_that_has_the_focus(window):
    do(window, "focus_gap")
    press(window, "Right")
    press(window, "Shift+Right")
    assert window.stage.settings.gap == START.gap + 11
    do(window, "focus_forget_bias")
    press(window, "Left")
    assert window.stage.settings.forget_bias == 2.9
    do(window, "focus_initialisation")
    press(window, "Down")
    assert window.stage.settings.initialisation == "orthogonal"
    do(window, "focus_fair")
    press(window, "Right")
    assert window.stage.settings.fair == "parameters"


def test_n_draws_the_next_seed_and_r_resets(window):
    do(window, "next_seed")
    assert window.stage.settings.seed == 1
    do(window, "reset")
    assert window.stage.settings == START


def test_alt_and_a_letter_shows_and_hides_a_network(window):
    do(window, "toggle_gru")
    assert window.stage.settings.cells == ("rnn", "lstm", "gru")
    do(window, "toggle_rnn")
    do(window, "toggle_lstm")
    assert window.stage.settings.cells == ("gru",)
    do(window, "toggle_gru")
    assert window.stage.settings.cells == ()
    assert window.stage.frame.comparison is None


def test_undo_and_redo(window):
    do(window, "next_seed")
    do(window, "undo")
    assert window.stage.settings.seed == 0
    do(window, "redo")
    assert window.stage.settings.seed == 1
    do(window, "undo")
    do(window, "redo", key=1)
    assert window.stage.settings.seed == 1


def test_ctrl_t_opens_the_list_of_tasks(window):
    do(window, "choose_task")
    popup = window.column.task.choice.view()
    assert popup.isVisible()
    window.column.task.choice.hidePopup()


def test_ctrl_t_opens_the_list_in_the_switch_bar_while_a_lesson_hides_the_column(window):
    do(window, "lesson")
    do(window, "choose_task")
    assert window.switch_bar._tasks.isVisible()
    window.switch_bar._tasks.close()


def test_t_shows_the_plot_as_a_table_and_esc_puts_it_away(window):
    do(window, "table_of_plot")
    table = window.panels.table
    assert table.isVisible()
    assert table.model.rowCount() == window.stage.frame.timesteps
    drawn = window.stage.frame.lanes[0].log10_h[0]
    assert float(table.model.data(table.model.index(0, 1)).replace("−", "-")) == pytest.approx(drawn, abs=1e-4)
    do(window, "leave")
    assert not table.isVisible()
    assert window.focusWidget() is window.race.gap.slider


def test_shift_t_says_the_plot_in_words(window):
    do(window, "sentence")
    assert window.panels.sentence.text.text().startswith("Gradient reaching each timestep, gap 5.")
    do(window, "sentence")
    assert not window.panels.sentence.isVisible()


def test_ctrl_e_asks_for_a_file_and_the_window_goes_on(window):
    do(window, "play")
    do(window, "export")
    assert window.exporter.dialog is not None
    before = place(window)
    tick(window, 30)
    assert place(window) > before
    window.exporter.dialog.close()
    delete_now()
    assert window.exporter.dialog is None


def test_ctrl_c_copies_the_figure(window):
    QGuiApplication.clipboard().clear()
    do(window, "copy")
    image = QGuiApplication.clipboard().image()
    assert image.width() == 2 * window.content.width()
    assert window.stage.frame.notice == "Picture copied"


def test_ctrl_plus_minus_and_zero_set_the_text_size(window):
    height = window.column.reset.height()
    do(window, "larger")
    assert fonts.text_size() == pytest.approx(1.1)
    assert window.column.reset.height() > height
    do(window, "larger", key=1)
    do(window, "smaller")
    assert fonts.text_size() == pytest.approx(1.1)
    do(window, "normal_size")
    assert fonts.text_size() == 1.0
    assert window.column.reset.height() == height


def test_ctrl_shift_d_goes_through_the_three_themes(window):
    seen = []
    for _ in range(3):
        do(window, "next_theme")
        seen.append(window.theme.name)
    assert seen == ["dark", "projector", "light"]


def test_f11_fills_the_screen_and_esc_returns(window):
    do(window, "full_screen")
    assert window.isFullScreen()
    do(window, "leave")
    assert not window.isFullScreen()
    do(window, "full_screen")
    do(window, "full_screen")
    assert not window.isFullScreen()


def test_f6_walks_the_regions_both_ways(window):
    order = [window.switch_bar, window.column, window.content, window.transport]
    window.race.gap.slider.setFocus()
    for region in (order[3], order[0], order[1], order[2]):
        do(window, "next_region")
        assert region.isAncestorOf(window.focusWidget())
    do(window, "previous_region")
    assert order[1].isAncestorOf(window.focusWidget())


def test_ctrl_1_opens_the_race(window):
    window.transport.scrubber.setFocus()
    do(window, "race")
    assert window.focusWidget() is window.race.gap.slider


@pytest.mark.parametrize("name", ["learn", "inspect", "map", "claims"])
def test_ctrl_and_a_digit_open_the_other_labs(window, name):
    do(window, name)
    assert window.stage.lab == name
    assert window.labs.current is window.labs.lab(name)
    assert window.labs.current.isAncestorOf(window.focusWidget()) or window.focusWidget() is window.labs.current


def test_y_and_shift_y_bet_in_learn_and_do_nothing_in_the_race(window):
    do(window, "bet_yes")
    do(window, "learn")
    do(window, "bet_no")
    do(window, "bet_yes")
    assert window.stage.desk.learning.bets == {"rnn": False, "lstm": True}


def test_ctrl_f_and_ctrl_enter_belong_to_claims(window):
    do(window, "find")
    do(window, "open_in_learn")
    assert window.stage.lab == "race"
    do(window, "claims")
    do(window, "find")
    assert window.focusWidget() is window.labs.current.find_line


def test_ctrl_s_asks_where_to_keep_the_session_and_the_window_goes_on(window):
    do(window, "save_session")
    assert window.own_data.dialog is not None
    window.own_data.dialog.reject()
    tick(window)
    delete_now()
    assert window.own_data.dialog is None


def test_f1_explains_the_screen_then_the_keys_and_is_put_away_by_the_third(window):
    do(window, "help")
    assert window.panels.help.isVisible()
    do(window, "help")
    assert window.panels.help.isVisible()
    do(window, "help")
    assert not window.panels.help.isVisible()


def test_enter_presses_the_focused_button(window):
    window.column.networks.boxes["gru"].setFocus()
    do(window, "enter")
    assert "gru" in window.stage.settings.cells


def test_enter_in_a_number_takes_it(window):
    units = window.column.fair.units
    units.setFocus()
    units.lineEdit().selectAll()
    QTest.keyClicks(units, "24")
    assert window.stage.settings.hidden == START.hidden
    do(window, "enter")
    assert window.stage.settings.hidden == 24


def test_esc_leaves_a_drag_and_puts_the_value_back(window):
    slider = window.column.forget_bias.slider
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center() / 4)
    tick(window)
    assert window.stage.settings.forget_bias != 3.0
    do(window, "leave")
    assert window.stage.settings.forget_bias == 3.0
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)


def test_esc_puts_the_card_of_a_tile_away(window):
    from lstmviz.stage.frame import Tile

    window.stage.open_tile(Tile("lstm", 3, 0))
    tick(window)
    do(window, "leave")
    assert window.stage.frame.tile is None


# ---------------------------------------------------------------- where letters and Space do not fire


def test_letters_do_not_fire_in_a_text_field(window):
    seed = window.column.seed.seed
    seed.setFocus()
    seed.lineEdit().selectAll()
    QTest.keyClicks(seed.lineEdit(), "rn7")
    tick(window)
    assert window.stage.settings == START
    press(window, "Return")
    assert window.stage.settings.seed == 7


def test_space_presses_a_focused_button_and_does_not_play(window):
    box = window.column.networks.boxes["gru"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    tick(window)
    assert "gru" in window.stage.settings.cells
    assert not window.stage.frame.playing


def test_a_window_has_no_shortcut_beside_the_table(window):
    assert {action.objectName() for action in window.actions()} == set(TABLE)
