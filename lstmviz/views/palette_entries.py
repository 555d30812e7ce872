"""What the palette finds: commands, labs, tasks, lessons, settings, looks, words; each from the table it stands in.

Words used in this file
    entry    one line of the palette
    why      why an entry does nothing now; empty where it does something
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.files import BadInput
from lstmviz.stage.glossary import glossary
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.offers import Offer, offers, typed_offers
from lstmviz.stage.readouts import task_groups, task_titles
from lstmviz.views.availability import why_not
from lstmviz.views.keys import shown_key
from lstmviz.views.labs.entries import entries as labs
from lstmviz.views.theme import THEMES
from lstmviz.views.word_match import score
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow

OF_SETTING = {  # commands that give the keyboard to the control of a setting
    "gap": "focus_gap",
    "lstm.forget_bias": "focus_forget_bias",
    "rnn.initialisation": "focus_initialisation",
    "fair_by": "focus_fair",
    "seed": "next_seed",
}
OWN = "palette"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    name: str  # the same in every session
    kind: str
    title: str
    run: Callable[[], object]
    words: str = ""  # that find it beside the title
    remark: str = ""
    key: str = ""
    why: str = ""
    fills: str = ""  # put into the line instead of running anything


def found_now(window: MainWindow) -> list[Entry]:
    """Everything that can be found, in the order of the tables."""
    return [
        *_commands(window),
        *_settings(window),
        *_tasks(window),
        *_lessons(window),
        *_looks(window),
        *_words(window),
    ]


def _commands(window: MainWindow) -> Iterator[Entry]:
    known = labs()
    for name, command in window.commands.table.items():
        if name == OWN:
            continue
        lab = name in known
        why = tr("It is open") if lab and name == window.stage.lab else why_not(window, name)
        words = f"{name.replace('_', ' ')} {command.group} {shown_key(command)}"
        run = window.commands.actions[name].trigger
        kind = tr("Lab") if lab else command.group
        yield Entry(f"command {name}", kind, command.about, run, words, key=shown_key(command), why=why)


def _settings(window: MainWindow) -> Iterator[Entry]:
    for one in offers(window.stage.settings):
        yield setting(window, one)


def typed(window: MainWindow, text: str) -> list[Entry]:
    """What a setting and a number in one line would do: ``gap 80``."""
    return [setting(window, one) for one in typed_offers(window.stage.settings, text, score)]


def setting(window: MainWindow, one: Offer) -> Entry:
    """A setting with a value; one that waits for a number puts its name into the line instead."""
    key = ""
    if one.value is None and one.key in OF_SETTING:
        key = shown_key(window.commands.table[OF_SETTING[one.key]])
    run = partial(window.stage.change, {one.key: one.value}, "")
    words = f"{one.key.replace('_', ' ')} {'' if one.value is None else one.value} {tr('set')}"
    fills = f"{one.setting} " if one.value is None else ""
    name = f"set {one.key} {'' if one.value is None else one.value}"
    return Entry(name, tr("Setting"), one.title, run, words, one.remark, key, one.why, fills)


def _tasks(window: MainWindow) -> Iterator[Entry]:
    titles = task_titles()
    for group, names in task_groups().items():
        for name in names:
            why = tr("It is on show") if name == window.stage.settings.task else ""
            run = partial(window.stage.choose_task, name)
            yield Entry(f"task {name}", tr("Task"), titles[name], run, f"{name} {group} {tr('task')}", group, why=why)


def _lessons(window: MainWindow) -> Iterator[Entry]:
    for path in shipped_lessons():
        try:
            number, title, words = _lesson_title(path, path.stat().st_mtime)
        except (BadInput, OSError):
            continue  # the list of lessons says what is wrong with it
        run = partial(window.open_lesson, path)
        yield Entry(f"lesson {path.name}", tr("Lesson"), title, run, words, number)


@lru_cache(maxsize=128)
def _lesson_title(path: Path, _changed: float) -> tuple[str, str, str]:
    lesson = read_lesson(path)
    return tr("lesson {n}").format(n=lesson.number), lesson.title, f"{path.stem.replace('-', ' ')} {tr('lesson')}"


def _words(window: MainWindow) -> Iterator[Entry]:
    for word in glossary().values():
        run = partial(window.open_word, word.name)
        kind = tr("Word")
        yield Entry(f"word {word.name}", kind, word.name, run, " ".join((*word.also, tr("glossary"))), word.short)


def _looks(window: MainWindow) -> Iterator[Entry]:
    """What the View menu has beside commands: themes and motion."""
    titles = {"light": tr("Light theme"), "dark": tr("Dark theme"), "projector": tr("Projector theme")}
    for name in THEMES:
        why = tr("It is on") if name == window.theme.name else ""
        yield Entry(f"theme {name}", tr("View"), titles[name], partial(window.set_theme, name), tr("colours"), why=why)
    still = window.stage.playback.reduced_motion
    title = tr("Full motion") if still else tr("Reduced motion")
    yield Entry("motion", tr("View"), title, partial(window.stage.set_reduced_motion, not still), tr("animation"))
