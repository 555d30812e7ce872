"""``lessons/README.md`` says what the reader accepts: every key, part and quantity, and blocks that work."""

import re
import textwrap

from lstmviz.lab.settings import CELLS, FIELDS
from lstmviz.resources import resource
from lstmviz.stage.lesson import KINDS, parse_lesson, read_lesson
from lstmviz.stage.lesson_rules import CONTROLS, HIGHLIGHTS, STAGE_KEYS
from lstmviz.stage.quantities import QUANTITIES

README = resource("lessons", "README.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README))


def test_every_key_part_and_kind_of_block_is_explained():
    assert set(STAGE_KEYS) <= CODE
    assert set(HIGHLIGHTS) <= CODE
    assert set(CONTROLS) <= set(HIGHLIGHTS)
    assert all(f"```toml {kind}" in README for kind in KINDS)


def test_the_ranges_are_those_of_the_settings():
    for key, field in FIELDS.items():
        row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
        words = field.choices if field.choices else (f"{field.low:g} to {field.high:g}",)
        if field.kind == "switch":
            words = ("true", "false")
        assert all(word in row for word in words), row


def test_every_quantity_is_explained():
    for name in QUANTITIES:
        cell, _, rest = name.partition(".")
        assert name in CODE or (cell in CELLS and f"rnn.{rest}" in CODE), name


def test_every_block_of_the_readme_can_be_used():
    blocks = re.findall(r"(?m)^    ```toml (\w+)\n((?:    .*\n)*?)    ```$", README)
    assert {kind for kind, _ in blocks} == set(KINDS)
    head = next(body for kind, body in blocks if kind == "lesson")
    for kind, body in blocks:
        if kind != "lesson":
            block = f"```toml {kind}\n{textwrap.dedent(body)}```\n"
            text = f"```toml lesson\n{textwrap.dedent(head)}```\n\n# Page\n\n{block}"
            assert parse_lesson(text, "readme.md").pages


def test_the_template_is_a_lesson():
    assert len(read_lesson(resource("lessons", "template.md")).pages) == 3
