"""How each kind of task looks in the input strip: letters, words, and numbers of either sign."""

from itertools import combinations

import numpy as np
import pytest

from lstmviz.lab.tasks import TASKS
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.input_strip import fitting, levels
from tests.views.race_desk import race_desk


def test_numbers_from_0_to_1_stand_for_themselves():
    assert levels(np.array([0.0, 0.25, 1.0])) == ((0.0, 0.25, 1.0), 0.0)


def test_numbers_of_both_signs_have_their_base_line_in_the_middle():
    assert levels(np.array([-2.0, 1.0, 0.0])) == ((-1.0, 0.5, 0.0), 0.5)


def test_large_numbers_are_measured_by_the_largest():
    assert levels(np.array([1.0, 4.0])) == ((0.25, 1.0), 0.0)


def test_a_number_that_is_none_leaves_its_cell_empty():
    assert levels(np.array([np.nan, np.inf, 0.5])) == ((0.0, 0.0, 0.5), 0.0)


def test_of_a_word_as_many_letters_are_shown_as_fit(qapp):
    font = fonts.text(12)
    full = ink.text_width("film", font)
    assert fitting("film", font, full) == "film"
    assert fitting("film", font, ink.text_width("fi", font)) == "fi"
    assert fitting("film", font, 1) == "f" and fitting("x", font, 1) == "x"


@pytest.mark.parametrize("name", ["adding97", "latch", "copy10", "negation", "anbn", "melody", "beat", "text", "sides"])
def test_captions_keep_apart_and_the_sequence_is_told_in_words(qapp, name):
    for gap in (TASKS[name].least_gap, 30, 200):
        with race_desk({"gap": max(gap, TASKS[name].least_gap), "task": name}) as desk:
            strip = desk.lab.input
            captions = strip.captions()
            assert captions[0][1].startswith("query: ")
            assert not any(a.intersects(b) for (a, _), (b, _) in combinations(captions, 2))
            assert all(strip.rect().contains(box.toAlignedRect()) for box, _ in captions)
            assert len(strip.sentence()) < 160 and TASKS[name].question in strip.sentence()


def test_a_run_of_cues_is_named_once(qapp):
    with race_desk({"gap": 30, "task": "anbn"}) as desk:
        assert [text for _, text in desk.lab.input.captions()] == ["query: what may follow?", "cue"]
        assert "…" in desk.lab.input.sentence()


def test_a_task_without_a_cue_names_none(qapp):
    with race_desk({"gap": 30, "task": "sine"}) as desk:
        assert desk.frame.cues == () and "cue" not in desk.lab.input.sentence()


def test_the_gap_slider_says_what_the_gap_of_the_task_stretches(qapp):
    with race_desk({"gap": 30, "task": "anbn"}) as desk:
        assert desk.lab.gap.slider.toolTip() == "Letters of the longest word"
        desk.change(task="recall")
        assert desk.lab.gap.slider.toolTip() == "Timesteps from the cue to the query"


def test_the_tip_of_a_timestep_tells_the_right_answer_where_one_is_asked(qapp):
    with race_desk({"gap": 30, "task": "anbn"}) as desk:
        strip = desk.lab.input
        tips = {t: strip.tip_at(strip.cell(t).center().toPoint())[0] for t in (1, 2, 31)}
        assert tips[1] == "t = 1: input S; right answer a"
        assert tips[2] == "t = 2: input a (cue); right answer a or b"
        assert tips[31] == "t = 31: input b (query); right answer end"
        desk.change(task="recall")
        assert strip.tip_at(strip.cell(9).center().toPoint())[0] == "t = 9: input h"
