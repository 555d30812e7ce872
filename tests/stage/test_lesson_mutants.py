"""Lessons damaged at random: a line or a lesson, never anything else, and nothing runs or is opened."""

import random
import sys
import time

import pytest

from lstmviz.files import BadInput
from lstmviz.stage.lesson import parse_lesson, read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from tests.stage.lessons import GOOD

MUTANTS = 300
PIECES = (
    *(
        "---\n",
        "```\n",
        "```toml stage\n",
        "# x\n",
        "[[",
        "{",
        "}",
        "]]",
        '"""',
        "'",
        "= ",
        "\t",
        "\n\n",
        "$",
        "$$\n",
        "**",
    ),
    *(
        "\x00",
        "\u202e",
        "\ud800",
        "\U0001f600",
        "٣",
        "- " * 20,
        "> " * 30,
        "1" * 400,
        "-1",
        "nan",
        "1e999",
        "{rnn.fade}",
    ),
    *(
        "<b>",
        "<!--",
        "![a](b.png)",
        "![a](../../etc/passwd)",
        "[a](file:///etc/passwd)",
        "gap = 1\n",
        "[a.b.c]\n",
        "\\",
    ),
)


def mutant(text, chance):
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + chance.choice((0, 1, 10, 200)))
        kind = chance.random()
        if kind < 0.4:
            text = text[:at] + chance.choice(PIECES) + text[end:]
        elif kind < 0.6:
            text = text[:at] + text[end:]
        elif kind < 0.8:
            text = text[:at] + text[at:end] * 3 + text[end:]
        else:
            text = text[:at] + chr(chance.choice((0, 7, 34, 45, 91, 96, 123, 0xA0, 0x2028, 0x1F600))) + text[at + 1 :]
    return text


@pytest.fixture
def watched():
    """Names of the events by which a file could make the program do more than read it."""
    seen, watching = [], [True]
    dangerous = ("exec", "compile", "pickle", "subprocess", "socket", "os.system", "ctypes", "import", "os.exec")

    def hook(event, arguments):
        if watching[0] and event.startswith(dangerous):
            seen.append((event, str(arguments)[:200]))

    sys.addaudithook(hook)
    yield seen
    watching[0] = False  # a hook cannot be taken out again


@pytest.mark.parametrize("source", ["small", "shipped"])
def test_a_mutant_is_a_lesson_or_one_line(source, watched):
    good = GOOD if source == "small" else shipped_lessons()[0].read_text(encoding="utf-8")
    parse_lesson(good, "good.md")  # all imports and compilations have happened then
    watched.clear()
    refused = 0
    for seed in range(MUTANTS):
        text = mutant(good, random.Random(seed))
        began = time.thread_time()
        try:
            lesson = parse_lesson(text, "mutant.md")
        except BadInput as error:
            refused += 1
            line = str(error)
            assert line.startswith("mutant.md"), (seed, line)
            assert "\n" not in line and len(line) < 1200, (seed, line)
            assert error.line is None or 1 <= error.line <= text.count("\n") + 1, (seed, line)
            line.encode()
        else:
            assert lesson.pages
        assert time.thread_time() - began < 1.0, seed
    assert watched == []
    assert MUTANTS // 4 < refused < MUTANTS


def test_a_damaged_file_is_refused_in_one_line(tmp_path):
    data = GOOD.encode()
    path = tmp_path / "mutant.md"
    for seed in range(100):
        chance = random.Random(seed)
        damaged = bytearray(data[: chance.randrange(1, len(data))])
        for _ in range(chance.randrange(4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            read_lesson(path)
        except BadInput as error:
            assert "\n" not in str(error)


HOSTILE = (
    "<img src=file:///etc/passwd>",
    "<b>bold</b>",
    "//host/share",
    "%s%n%x",
    "{0}",
    "{rnn",
    "\u202egnp.exe",
    "x" * 10_000,
    "\U0001f469\u200d\U0001f680",
    "\x00",
    "\ud800",
    "[a](javascript:x)",
    "$(reboot)",
    "\\input{/etc/passwd}",
)
SINKS = {
    "title": "Half-life",
    "text": "Above.",
    "ask": "What happened?",
    "option": "It rose",
    "reason": "Yes, to",
    "label": "bias 0",
    "hint": "A longer half-life.",
    "say": "Wait for",
    "key": "lstm.forget_bias = 1.0",
    "heading": "Predict a curve",
}


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_kept_literally_or_refused_in_one_line(sink, text):
    try:
        lesson = parse_lesson(GOOD.replace(SINKS[sink], text, 1), "hostile.md")
    except BadInput as error:
        assert "\n" not in str(error)
        str(error).encode()
        return
    kept = text.replace("\x00", "\ufffd")  # CommonMark has no NUL; in a file it is refused
    if sink == "option":
        assert any(kept in option.text for option in lesson.pages[1].asks[0].options)
    if sink == "label":
        assert lesson.pages[1].prepared[0].label == kept
