"""Lesson 2, "Why the gradient vanishes": what it says is what the engine computes, and it is played to its end."""

import math
import re

import pytest

from lstmviz.cli_lesson import checked
from lstmviz.lab.comparison import compare
from lstmviz.lab.gradient_flow import half_life
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.quantities import QUANTITIES
from lstmviz.stage.stage import Stage

PATH = next(path for path in shipped_lessons() if path.name.startswith("02-"))


@pytest.fixture(scope="module")
def lesson():
    return read_lesson(PATH)


@pytest.fixture
def stage():
    made = Stage(engine="reference")
    made.set_reduced_motion(True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def read(lesson):
    """A quantity on a page, or in one of its prepared states."""
    comparisons = {}

    def value(page, name, key=0):
        found = lesson.pages[page - 1]
        state = next((p.state for p in found.prepared if p.key == key), found.state)
        if state.settings not in comparisons:
            comparisons[state.settings] = compare(state.settings, engine="reference")
        quantity = QUANTITIES[name]
        number = quantity.read(comparisons[state.settings])
        return 10.0**number if quantity.scale == "power" else number

    return value


def shown(stage, page):
    stage.lesson.go(page - 1)
    stage.tick(0.0)
    stage.lesson.skip()
    stage.tick(0.0)
    return stage.frame.lesson


def words_of(blocks):
    stretches = [block.runs for block in blocks] + [cell for block in blocks for row in block.rows for cell in row]
    return ["".join("x" if run.style == "math" else run.text for run in runs) for runs in stretches]


def all_text(frame):
    parts = words_of((*frame.before, *frame.after, *frame.notes))
    parts += ["".join(run.text for run in ask.ask) for ask in frame.asks]
    return "\n".join(parts)


# ---------------------------------------------------------------- form


def test_it_has_seven_pages_with_terms_first_and_the_check_passes(lesson):
    assert len(checked(str(PATH)).pages) == len(lesson.pages) == 7
    assert lesson.pages[0].before[0].kind == "table"
    assert lesson.number == 2 and lesson.minutes <= 15


@pytest.mark.parametrize("page", range(1, 8))
def test_a_page_has_at_most_seventy_words_and_no_gap_in_its_numbers(stage, lesson, page):
    stage.lesson.open(lesson)
    frame = shown(stage, page)
    text = words_of((*frame.before, *frame.after))
    assert sum(len(part.split()) for part in text) <= 70
    assert not re.search(r"[{}…]|not a number|nan", all_text(frame))


def test_every_page_has_notes_and_what_ifs(lesson):
    assert all(page.notes and page.prepared for page in lesson.pages)


def test_forbidden_words_do_not_occur(stage, lesson):
    stage.lesson.open(lesson)
    text = "\n".join(all_text(shown(stage, page)) for page in range(1, 8)).lower()
    assert not re.search(r"\b(epoch|lag|neuron|simply|obviously|well done|wrong)\b|\bsteps?\b|!", text)


# ---------------------------------------------------------------- what it says, against the engine


def test_page_2_the_slopes_are_at_most_one_and_some_gradient_arrives(read):
    assert 0.9 < read(2, "rnn.slope") <= 1.0
    assert 0.01 < read(2, "rnn.gradient_share") < 1.0
    assert read(2, "rnn.gradient_share", 1) < read(2, "rnn.gradient_share") < read(2, "rnn.gradient_share", 2)


def test_page_3_the_fade_to_the_power_of_the_gap_is_the_share(read):
    assert read(3, "rnn.fade") ** read(3, "gap") == pytest.approx(read(3, "rnn.gradient_share"), rel=1e-9)
    assert read(3, "gap") == 50 == read(3, "timesteps") - 1


def test_page_3_the_rnns_curve_is_nearly_straight_on_a_log_axis(lesson):
    flow = compare(lesson.pages[2].state.settings, engine="reference").racer("rnn").trace.flow.log10_h[1:]
    straight = flow[0] + (flow[-1] - flow[0]) * (range(51) / flow.dtype.type(50))
    assert abs(flow - straight).max() < 0.05 * (flow[-1] - flow[0])


def test_page_3_the_lstms_curve_drops_near_the_query_and_then_holds(lesson, read):
    flow = compare(lesson.pages[2].state.settings, engine="reference").racer("lstm").trace.flow.log10_h[1:]
    assert flow[-1] - flow[-3] > 1.0  # it dropped, more than tenfold, within two timesteps
    assert read(3, "lstm.held") == pytest.approx(10 ** (flow[:-2].max() - flow[:-2].min()))
    assert read(3, "lstm.held") < 5
    rose = flow[0] > flow[-1]
    assert not rose
    right = [option.right for option in lesson.pages[2].asks[0].options]
    assert right == [False, True, False]
    assert read(3, "lstm.gradient_share") > 1e9 * read(3, "rnn.gradient_share")


def test_page_3_the_teachers_number_is_right():
    assert round(50 * math.log10(0.5)) == -15


@pytest.mark.parametrize("key", [0, 1, 2, 3, 4])
def test_page_4_the_share_lies_under_the_bound_at_every_prepared_state(read, key):
    assert read(4, "rnn.gradient_share", key) <= read(4, "rnn.bound_share", key)
    assert read(4, "rnn.bound_share", key) == pytest.approx(read(4, "rnn.sigma_max", key) ** 50, rel=1e-9)


def test_page_4_an_orthogonal_start_makes_the_gain_the_largest_factor(read):
    for key, gain in ((0, 0.9), (1, 0.5), (2, 1.0), (3, 1.25)):
        assert read(4, "rnn.sigma_max", key) == pytest.approx(gain)
    assert read(4, "rnn.slope") < 1.0
    assert read(4, "rnn.bound_share", 4) > 1 > read(4, "rnn.gradient_share", 4)  # above 1 it promises nothing


def test_page_5_only_the_forget_bias_changes_and_the_lstm_fades_like_the_rnn(lesson, read):
    before, now = lesson.pages[2].state.settings, lesson.pages[4].state.settings
    assert (before.forget_bias, now.forget_bias) == (3.0, 0.0)
    assert {name: getattr(before, name) for name in before.__slots__ if name != "forget_bias"} == {
        name: getattr(now, name) for name in now.__slots__ if name != "forget_bias"
    }
    assert read(5, "lstm.forget_gate") == 0.5
    assert read(5, "lstm.gate_half_life") == half_life(0.5) == 1.0
    assert abs(math.log10(read(5, "lstm.gradient_share") / read(5, "rnn.gradient_share"))) < 1.0
    assert read(5, "lstm.gradient_share") < 1e-9 < 0.01 * read(3, "lstm.gradient_share")
    assert lesson.pages[4].predict.options[lesson.pages[4].predict.answer] == "As little as in the RNN"


def test_page_5_the_share_rises_with_the_bias(read):
    shares = [read(5, "lstm.gradient_share", key) for key in (0, 1, 2, 3, 4)]
    assert shares == sorted(shares)


def test_page_6_the_task_is_open_at_first_and_can_be_done(read, stage, lesson):
    assert read(6, "lstm.gradient_share") < 0.1 < read(6, "lstm.gradient_share", 2)
    stage.lesson.open(lesson, 5)
    stage.tick(0.0)
    assert not stage.frame.lesson.check.holds
    stage.change({"lstm.forget_bias": 4.0})
    stage.tick(0.0)
    assert stage.frame.lesson.check.holds
    assert stage.frame.lesson.shows_controls


def test_page_7_the_challenge_is_solved_as_the_notes_say(read, stage, lesson):
    assert not 0.1 <= read(7, "rnn.gradient_share") <= 10
    assert not 0.1 <= read(7, "rnn.gradient_share", 1) <= 10
    assert 0.1 <= read(7, "rnn.gradient_share", 2) <= 10
    stage.lesson.open(lesson, 6)
    stage.lesson.what_if(2)
    stage.tick(0.0)
    assert stage.frame.lesson.check.holds


def test_every_number_on_a_page_comes_from_the_engine_or_stands_in_its_settings(stage, lesson):
    """Numbers written by hand are few, and each is a limit, a setting or a name; live ones are put in by name."""
    allowed = {"0", "1", "3", "6", "7", "10", "100", "1997", "2000", "2013", "0.1"}
    text = PATH.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|\{[a-z_.]+\}|https://\S+", " ", text, flags=re.DOTALL)
    assert set(re.findall(r"\d+(?:\.\d+)?", prose)) <= allowed


# ---------------------------------------------------------------- played


@pytest.mark.parametrize(("far", "option", "ask"), [(-10.4, 2, 1), (-1.0, 0, 0)], ids=["right", "wrong"])
def test_it_is_played_to_its_last_page(lesson, far, option, ask):
    stage = Stage(engine="reference")
    stage.lesson.open(lesson)
    for page in range(7):
        stage.tick(0.1)
        frame = stage.frame.lesson
        assert frame.page == page
        if frame.predict is not None:
            assert not frame.can_next and frame.hides_gradient
            if frame.predict.kind == "curve":
                stage.lesson.move_point(far)
            else:
                stage.lesson.choose(-1, option)
            stage.tick(0.1)
            stage.lesson.commit()
            for _ in range(60):
                stage.tick(0.1)
            frame = stage.frame.lesson
            assert frame.predict.outcome and frame.after and not frame.hides_gradient
            assert stage.frame.backward_done
        for k in range(len(frame.asks)):
            stage.lesson.choose(k, ask)
            stage.tick(0.1)
            assert stage.frame.lesson.asks[k].right == (ask == 1)
            assert stage.frame.lesson.asks[k].because
        stage.lesson.next()
    stage.tick(0.1)
    assert stage.frame.lesson.page == 6
    assert not stage.frame.lesson.can_next
    stage.close()
