"""Playing a lesson on a stage: pages make the stage, predictions hide and reveal, answers and places are kept."""

import json
import math

import pytest

from lstmviz.files import atomic_save
from lstmviz.lab.interventions import Clamp
from lstmviz.stage.lesson import parse_lesson
from lstmviz.stage.lesson_player import LessonPlayer
from lstmviz.stage.lesson_progress import LessonProgress
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import Stage
from tests.stage.lessons import GOOD, HEAD

QUESTIONS = (
    HEAD
    + """# Choose

```toml predict
kind = "choice"
ask = "Which?"
options = ["less", "more"]
answer = 2
reveals = "gradient"
```

After.

---

# Type

```toml predict
kind = "number"
ask = "How much?"
quantity = "rnn.gradient_share"
```
"""
)


@pytest.fixture
def stage():
    made = Stage(engine="reference")
    yield made
    made.close()


def opened(stage, page=0, text=GOOD, file="02-half-life.md"):
    stage.lesson.open(parse_lesson(text, file), page)
    stage.tick(0.0)
    return stage.frame.lesson


def run(stage, seconds=30.0):
    for _ in range(int(seconds * 10)):
        stage.tick(0.1)
    return stage.frame.lesson


def text_of(blocks):
    return " ".join("".join(run.text for run in block.runs) for block in blocks)


# ---------------------------------------------------------------- pages


def test_opening_a_page_makes_the_stage_what_it_says(stage):
    stage.change({"gap": 77, "hidden": 3, "gain": 2.0})
    lesson = opened(stage, page=2)
    state = parse_lesson(GOOD, "a.md").pages[2].state
    assert stage.settings == state.settings
    assert stage.playback.position == Position("backward", 3)
    assert (lesson.page, lesson.pages, lesson.page_title, lesson.number) == (2, 3, "A task", "Lesson 2")


def test_forward_and_back_come_to_the_same_stage(stage):
    opened(stage)
    seen = []
    for verb in ("skip", "next", "skip", "next", "back", "back", "next"):
        getattr(stage.lesson, verb)()
        run(stage, 10)
        seen.append((stage.frame.lesson.page, stage.settings, stage.playback.position))
    by_page = {}
    for page, settings, position in seen[2:]:  # the sweep of page 2 has been revealed from here on
        assert by_page.setdefault(page, (settings, position)) == (settings, position)
    assert sorted(by_page) == [0, 1, 2]


def test_what_the_learner_changed_is_gone_on_the_next_page_and_undone_by_undo(stage):
    opened(stage)
    stage.change({"gap": 99})
    stage.lesson.next()
    assert stage.settings.gap == 30
    stage.undo()
    assert stage.settings.gap == 99


def test_live_numbers_in_the_text_follow_the_controls(stage):
    before = text_of(opened(stage).before)
    assert "{" not in before
    assert "after 20 timesteps" in before
    stage.change({"gap": 9})
    stage.tick(0.0)
    assert "after 9 timesteps" in text_of(stage.frame.lesson.before)


def test_a_network_that_is_switched_off_leaves_an_ellipsis_for_its_number(stage):
    opened(stage)
    stage.change({"cells": "rnn"})
    stage.tick(0.0)
    assert "keeps … after 20" in text_of(stage.frame.lesson.before)
    stage.change({"cells": "lstm"})
    stage.tick(0.0)


def test_pages_end_at_both_ends(stage):
    opened(stage)
    stage.lesson.back()
    assert run(stage, 0.1).page == 0
    assert not stage.frame.lesson.can_back
    stage.lesson.go(99)
    lesson = run(stage, 0.1)
    assert (lesson.page, lesson.can_next, lesson.next_title) == (2, False, "")
    assert lesson.reason == "this is the last page"
    stage.lesson.next()
    assert run(stage, 0.1).page == 2


def test_the_frame_stays_the_same_object_until_something_changes(stage):
    lesson = opened(stage)
    stage.on()
    stage.tick(0.1)
    assert stage.frame.lesson is lesson
    stage.lesson.next()
    assert run(stage, 0.1) is not lesson


def test_verbs_without_a_lesson_do_nothing(stage):
    desk, before = stage.lesson, stage.situation()
    for verb in (desk.close, desk.next, desk.back, desk.commit, desk.skip, desk.clear, desk.to_sandbox, desk.to_page):
        verb()
    desk.go(3)
    desk.draw([(1, -3.0)])
    desk.choose_point(1)
    desk.move_point(-1.0)
    desk.choose(0, 0)
    desk.type_number("1")
    desk.what_if(1)
    assert not desk.toggle()
    stage.tick(0.1)
    assert stage.frame.lesson is None
    assert stage.situation() == before


# ---------------------------------------------------------------- predictions


def test_a_prediction_hides_the_gradient_and_what_comes_after_it(stage):
    lesson = opened(stage, page=1)
    assert lesson.hides_gradient and not lesson.can_next
    assert lesson.reason == "commit a prediction first"
    assert (lesson.after, lesson.asks) == ((), ())
    assert stage.frame.painted_gradient == 32
    stage.last()
    stage.playback.seek(62)
    stage.tick(0.0)
    assert stage.frame.painted_gradient == 32  # walking to the end does not give it away
    stage.lesson.next()
    assert run(stage, 0.1).page == 1


def test_nothing_can_be_committed_before_something_is_drawn(stage):
    opened(stage, page=1)
    stage.lesson.commit()
    lesson = run(stage, 0.1)
    assert not lesson.predict.ready and not lesson.predict.committed
    assert lesson.predict.points == ()


def test_a_drawn_prediction_starts_where_the_true_curve_does(stage):
    opened(stage, page=1)
    stage.lesson.draw([(31, -2.0), (16, -3.0), (1, -9.0)])
    predict = run(stage, 0.1).predict
    end = stage.frame.lanes[0].log10_h[-1]
    assert predict.points[-1] == (31.0, pytest.approx(end))
    assert predict.points[0] == (1.0, pytest.approx(-9.0))
    assert (predict.readout, predict.value) == ("It ends at t = 1 near 10⁻⁹", "10⁻⁹")
    stage.lesson.clear()
    assert run(stage, 0.1).predict.points == ()


def test_arrow_keys_draw_as_well(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-4.0)
    stage.lesson.choose_point(3)
    stage.lesson.move_point(-1.0)
    predict = run(stage, 0.1).predict
    values = [y for _, y in predict.points]
    assert predict.point == 3
    assert values == sorted(values)
    stage.lesson.choose_point(-99)
    assert run(stage, 0.1).predict.point == 0


@pytest.mark.parametrize("far", [-0.2, -4.0, -18.0])
def test_a_right_and_a_wrong_prediction_are_told_beside_what_happened(stage, far):
    opened(stage, page=1)
    stage.lesson.move_point(far)
    run(stage, 0.1)
    stage.lesson.commit()
    stage.tick(0.0)
    assert stage.playback.playing
    lesson = stage.frame.lesson
    assert lesson.predict.committed and lesson.can_next and lesson.after == ()
    lesson = run(stage)
    flow = stage.frame.comparison.racer("rnn").trace.flow
    guess = float(flow.log10_h[-1]) + far
    (_, mine), (label, actual), (_, factor) = lesson.predict.outcome
    assert label == "The RNN ends at"
    assert 10 ** abs(guess - float(flow.log10_h[1])) == pytest.approx(in_numbers(factor), rel=0.06)
    assert in_numbers(mine) == pytest.approx(10**guess, rel=0.5)
    assert in_numbers(actual) == pytest.approx(10 ** float(flow.log10_h[1]), rel=0.06)
    assert text_of(lesson.after).startswith("Below: ")
    assert len(lesson.asks) == 1


def in_numbers(text):
    """A number of ``lstmviz.words`` as a float."""
    for words, power in ((" million", 6), (" billion", 9)):
        if text.endswith(words):
            return float(text.removesuffix(words)) * 10.0**power
    mantissa, _, exponent = text.replace("\u2009", "").rpartition(" × " if "×" in text else "|")
    raised = exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    if any(sign in exponent for sign in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        return float(mantissa or 1) * 10.0 ** int(raised.removeprefix("10"))
    return float(raised)


def test_a_skipped_prediction_tells_only_what_happened(stage):
    opened(stage, page=1)
    stage.lesson.skip()
    lesson = run(stage)
    assert lesson.predict.skipped and not lesson.predict.committed
    assert [label for label, _ in lesson.predict.outcome] == ["The RNN ends at"]
    assert lesson.after


def test_a_prediction_is_held_against_the_page_and_not_against_what_hands_made_of_it(stage):
    opened(stage, page=1)
    truth = float(stage.frame.comparison.racer("rnn").trace.flow.log10_h[1])
    stage.intervene(Clamp("rnn", "h", 2, 3, (0.9,)))
    run(stage, 0.1)
    stage.lesson.move_point(-4.0)
    stage.lesson.commit()
    lesson = run(stage)
    assert stage.interventions == ()
    assert in_numbers(lesson.predict.outcome[1][1]) == pytest.approx(10**truth, rel=0.06)


def test_a_committed_prediction_is_locked(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    run(stage, 0.1)
    stage.lesson.commit()
    points = run(stage).predict.points
    stage.lesson.move_point(-3.0)
    stage.lesson.draw([(1, -15.0)])
    stage.lesson.clear()
    stage.lesson.skip()
    predict = run(stage, 0.1).predict
    assert predict.points == points
    assert not predict.skipped


def test_reduced_motion_reveals_at_once(stage):
    stage.set_reduced_motion(True)
    opened(stage, page=1)
    stage.lesson.skip()
    stage.tick(0.0)
    assert stage.frame.lesson.predict.outcome
    assert stage.frame.backward_done


def test_the_outcome_is_that_of_the_page_even_when_the_learner_moved_the_gap(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    stage.change({"gap": 9})
    run(stage, 0.1)
    stage.lesson.commit()
    assert stage.settings.gap == 30
    told = run(stage).predict.outcome
    stage.change({"gap": 9})
    assert run(stage, 0.1).predict.outcome == told


def test_predictions_and_answers_are_kept_while_pages_are_turned(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    run(stage, 0.1)
    stage.lesson.commit()
    run(stage)
    stage.lesson.choose(0, 1)
    before = run(stage, 0.1)
    stage.lesson.next()
    run(stage, 0.1)
    stage.lesson.back()
    after = run(stage, 0.1)
    assert (after.predict, after.asks, after.after) == (before.predict, before.asks, before.after)
    assert stage.playback.position == Position("backward", 1)
    assert stage.frame.backward_done


def test_a_choice_tells_what_was_chosen_and_what_happens(stage):
    opened(stage, text=QUESTIONS)
    stage.lesson.choose(-1, 7)
    assert not run(stage, 0.1).predict.ready
    stage.lesson.choose(-1, 0)
    stage.tick(0.0)
    stage.lesson.commit()
    lesson = run(stage)
    assert lesson.predict.outcome == (("You predicted", "less"), ("What happens", "more"))
    assert text_of(lesson.after) == "After."


def test_a_typed_number_is_compared_with_the_live_one(stage):
    opened(stage, text=QUESTIONS, page=1)
    assert not stage.frame.lesson.hides_gradient
    stage.lesson.type_number("10^")
    assert run(stage, 0.1).predict.readout.startswith("not a number yet")
    stage.lesson.commit()
    assert not run(stage, 0.1).predict.committed
    stage.lesson.type_number("10^-3")
    assert run(stage, 0.1).predict.readout == "That is 0.0010"
    stage.lesson.commit()
    outcome = dict(run(stage, 0.1).predict.outcome)
    share = stage.frame.comparison.racer("rnn").trace.flow.log10_share
    assert in_numbers(outcome["It is"]) == pytest.approx(10**share, rel=0.06)
    assert in_numbers(outcome["Off by a factor of"]) == pytest.approx(10 ** abs(share + 3), rel=0.06)


# ---------------------------------------------------------------- questions and checks


def test_any_option_may_be_looked_at_and_none_is_blamed(stage):
    opened(stage, page=1)
    stage.lesson.skip()
    run(stage)
    stage.lesson.choose(0, 1)
    wrong = run(stage, 0.1).asks[0]
    assert (wrong.chosen, wrong.right) == (1, False)
    assert "".join(run.text for run in wrong.because).startswith("It fell to ")
    stage.lesson.choose(0, 0)
    right = run(stage, 0.1).asks[0]
    assert (right.chosen, right.right) == (0, True)
    stage.lesson.choose(0, 9)
    stage.lesson.choose(9, 0)
    assert run(stage, 0.1).asks[0] == right


def test_a_check_is_judged_by_the_numbers_on_the_screen(stage):
    check = opened(stage, page=2).check
    stage.change({"lstm.forget_bias": -2})
    low = run(stage, 0.1).check
    stage.change({"lstm.forget_bias": 5})
    high = run(stage, 0.1).check
    assert (low.holds, high.holds) == (False, True)
    assert low.now != high.now != check.now
    assert low.now.endswith("wanted 0.10 or more")
    assert stage.frame.lesson.shows_controls


# ---------------------------------------------------------------- what-ifs and the sandbox


def test_a_prepared_state_comes_on_its_key_and_nought_restores_the_page(stage):
    opened(stage, page=1)
    stage.lesson.what_if(1)
    assert stage.settings.forget_bias == 0.0
    stage.lesson.what_if(8)
    assert stage.settings.forget_bias == 0.0
    stage.lesson.what_if(0)
    assert stage.settings.forget_bias == 1.0


def test_the_sandbox_comes_back_to_the_same_state(stage):
    opened(stage)
    stage.playback.seek(7)
    there = stage.situation()
    stage.lesson.to_sandbox()
    stage.change({"gap": 150, "hidden": 4})
    stage.lesson.to_sandbox()
    assert run(stage, 0.1).sandbox and stage.frame.lesson.shows_controls
    stage.lesson.to_page()
    assert stage.situation() == there
    assert not run(stage, 0.1).sandbox


def test_the_sandbox_shows_what_a_prediction_hides(stage):
    opened(stage, page=1)
    stage.lesson.to_sandbox()
    assert not run(stage, 0.1).hides_gradient
    stage.lesson.to_page()
    assert run(stage, 0.1).hides_gradient


def test_in_the_sandbox_nothing_rests_in_the_shade_of_what_the_page_names(stage):
    opened(stage)
    assert run(stage, 0.1).highlight == "gap"
    stage.lesson.to_sandbox()
    assert run(stage, 0.1).highlight == ""
    stage.lesson.to_page()
    assert run(stage, 0.1).highlight == "gap"


# ---------------------------------------------------------------- places


def test_a_closed_lesson_keeps_its_place_and_its_answers(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    drawn = run(stage, 0.1).predict
    stage.lesson.close()
    stage.change({"gap": 3})
    stage.tick(0.0)
    assert stage.frame.lesson is None
    assert stage.lesson.toggle()
    assert run(stage, 0.1).page == 1
    assert stage.frame.lesson.predict == drawn
    assert not stage.lesson.toggle()


def test_two_lessons_keep_a_place_each(stage):
    opened(stage, page=2)
    opened(stage, text=QUESTIONS, file="other.md")
    stage.lesson.resume(parse_lesson(GOOD, "02-half-life.md"))
    assert run(stage, 0.1).page == 2


def test_an_edited_lesson_begins_with_fresh_answers(stage):
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    assert run(stage, 0.1).predict.ready
    assert not opened(stage, page=1, text=GOOD.replace("Above.", "Higher up.")).predict.ready


def test_progress_is_kept_between_programs_without_any_answer(stage, tmp_path):
    path = tmp_path / "data" / "lesson-progress.json"
    stage.lesson.keep_progress(path)
    opened(stage, page=1)
    stage.lesson.move_point(-3.0)
    stage.lesson.close()
    assert json.loads(path.read_text()) == {
        "schema": 1,
        "lessons": {"02-half-life.md": {"page": 1, "furthest": 1, "pages": 3}},
    }
    later = Stage(engine="reference")
    later.lesson.keep_progress(path)
    later.lesson.resume(parse_lesson(GOOD, "02-half-life.md"))
    later.tick(0.0)
    assert later.frame.lesson.page == 1
    assert not later.lesson.reached("02-half-life.md").finished
    later.close()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"[]", b"{", b'{"lessons": 3}', b'{"lessons": {"a": {"page": -1}}}', b"[" * 40, b"x" * 300_000],
)
def test_damaged_progress_counts_as_none_and_is_replaced(data, tmp_path, caplog):
    path = tmp_path / "progress.json"
    path.write_bytes(data)
    progress = LessonProgress(path)
    assert progress.of("a.md") is None
    progress.note("a.md", 2, 3)
    assert LessonProgress(path).of("a.md").finished


def test_progress_that_cannot_be_saved_stops_no_lesson(stage, tmp_path, caplog):
    (tmp_path / "file").write_bytes(b"")
    stage.lesson.keep_progress(tmp_path / "file" / "progress.json")
    assert opened(stage, page=1).page == 1
    assert "was not saved" in caplog.text


def test_a_progress_file_is_left_alone_while_the_same_pages_are_turned(tmp_path):
    path = tmp_path / "progress.json"
    progress = LessonProgress(path)
    progress.note("a.md", 2, 3)
    atomic_save(path, b"{}")
    progress.note("a.md", 1, 3)
    assert path.read_bytes() == b"{}"
    progress.save()
    assert LessonProgress(path).of("a.md").furthest == 2


# ---------------------------------------------------------------- the player alone


def test_the_player_needs_no_stage():
    player = LessonPlayer(parse_lesson(GOOD, "a.md"), 1)
    assert player.waits and not player.settle()
    player.move_point(-2.0, -0.4, -20.0)
    assert player.settle() and not player.waits
    player.look(None, Position("backward", 1))
    assert player.answer.revealed and player.answer.actual is None
    assert player.state.position == Position("backward", 1)
    assert not math.isnan(player.answer.curve.values(-0.4)[0])
