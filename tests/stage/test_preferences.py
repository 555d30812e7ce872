"""Preferences: kept whole, and a file that makes no sense is refused in one line."""

import logging

import pytest

from lstmviz.files import BadInput
from lstmviz.stage.preferences import Preferences, read_preferences, save_preferences


def test_what_was_saved_is_read_again(tmp_path):
    path = tmp_path / "new folder" / "preferences.json"
    wanted = Preferences("dark", 1.5, True, {"play": "K"}, ("/a/net.safetensors", "/b/c.csv"))
    save_preferences(wanted, path)
    assert read_preferences(path) == wanted


def test_without_a_file_the_usual_ones_are_taken(tmp_path):
    assert read_preferences(tmp_path / "none.json") == Preferences()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[]", "preferences.json: this is no object"),
        ("{", "preferences.json:1:2: this is no JSON"),
        ('{"colour": 1}', "preferences.json: colour: unknown key (theme, text_size, reduced_motion, keys, recent)"),
        ('{"theme": "blue"}', "preferences.json: theme: the value is not allowed (light, dark, projector"),
        ('{"theme": []}', "preferences.json: theme: the value is not allowed"),
        ('{"text_size": 3}', "preferences.json: text_size: the value is not allowed (0.8 to 2.0)"),
        ('{"text_size": true}', "preferences.json: text_size: the value is not allowed"),
        ('{"reduced_motion": 1}', "preferences.json: reduced_motion: the value is not allowed"),
        ('{"recent": "a"}', "preferences.json: recent: the value is not allowed (names of at most 10 files)"),
        ('{"recent": [1]}', "preferences.json: recent: the value is not allowed"),
        ('{"recent": ["a","b","c","d","e","f","g","h","i","j","k"]}', "preferences.json: recent: the value is not"),
        ('{"keys": {"play": 1}}', "preferences.json: keys: the value is not allowed"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(text, wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "preferences.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_preferences(path.relative_to(tmp_path))
    assert str(refused.value).startswith(wrong)


def test_that_they_cannot_be_saved_is_logged_and_nothing_else(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        save_preferences(Preferences(), tmp_path / "file" / "preferences.json")
    assert "preferences were not saved" in caplog.text
