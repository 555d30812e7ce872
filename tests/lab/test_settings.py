"""The table of settings: what is allowed, and what a refusal says."""

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.settings import FIELDS, Settings, with_changes
from lstmviz.lab.tasks import TASKS


def test_every_field_of_the_settings_has_a_row_in_the_table():
    assert {field.name for field in FIELDS.values()} == set(Settings.__slots__)


def test_defaults_are_allowed_by_the_table():
    settings = Settings()
    changes = {key: getattr(settings, field.name) for key, field in FIELDS.items()}
    assert with_changes(settings, changes, "here") == settings


def test_cells_keep_their_order_however_they_are_given():
    assert with_changes(Settings(), {"cells": "gru,rnn"}, "here").cells == ("rnn", "gru")


def test_numbers_may_come_as_text():
    settings = with_changes(Settings(), {"gap": "80", "lstm.forget_bias": "chrono", "gain": "0.5"}, "here")
    assert (settings.gap, settings.forget_bias, settings.gain) == (80, "chrono", 0.5)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("gap", 1, "here: gap: 1 is too small (2 to 9999)"),
        ("gap", 10_000, "here: gap: 10000 is too large (2 to 9999)"),
        ("gap", "ten", "here: gap: ten is not a number (2 to 9999)"),
        ("gap", 2.5, "here: gap: 2.5 is not a whole number (2 to 9999)"),
        ("gap", "nan", "here: gap: nan is not a number (2 to 9999)"),
        ("gap", True, "here: gap: True is not a number (2 to 9999)"),
        ("gap", None, "here: gap: None is not a number (2 to 9999)"),
        ("hidden", 0, "here: hidden: 0 is too small (1 to 512)"),
        ("task", "sorting", f"here: task: sorting is unknown ({', '.join(TASKS)})"),
        ("cells", "rnn,cnn", "here: cells: cnn is unknown (one or more of rnn, lstm, gru)"),
        ("lstm.forget_bias", 11, "here: lstm.forget_bias: 11 is too large (-2 to 10 or chrono)"),
        ("lstm.forget_bias", "inf", "here: lstm.forget_bias: inf is not a number (-2 to 10 or chrono)"),
        ("lag", 3, "here: settings: unknown key lag ({})".format(", ".join(FIELDS))),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_is_allowed(key, value, says):
    with pytest.raises(BadInput) as error:
        with_changes(Settings(), {key: value}, "here")
    assert str(error.value) == says


def test_a_gap_too_small_for_the_task_is_refused():
    with pytest.raises(BadInput, match=r"gap: 2 is too small for the task order \(3 to 9999\)"):
        with_changes(Settings(), {"task": "order", "gap": 2}, "here")


def test_a_trace_that_would_not_fit_is_refused_before_it_is_made():
    with pytest.raises(BadInput, match=r"needs 4\d+ MB \(at most 512 MB\)|needs \d+ MB \(at most 512 MB\)"):
        with_changes(Settings(), {"gap": 9999, "hidden": 512}, "here")
