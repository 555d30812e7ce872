"""JSON with caps: told where it is wrong, and never costly."""

import time

import pytest

from lstmviz.files import BadInput, caps, parse_json


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a": 1,\n "a": 2}', 's.json: the key "a" stands there twice (JSON with finite numbers and no key twice)'),
        ('{"a": {"b": 1, "b": 2}}', "s.json: the key"),
        ('{"a": 1,\n  b: 2}', "s.json:2:3: this is no JSON (expecting property name enclosed in double quotes)"),
        ("", "s.json:1:1: this is no JSON (expecting value)"),
        ('{"a": NaN}', "s.json: NaN is not a finite number"),
        ('{"a": -Infinity}', "s.json: -Infinity is not a finite number"),
        ('{"a": 1e400}', 's.json: "1e400" is not a finite number'),
        ('{"a": ' + "1" * 5000 + "}", "s.json: a number is too long"),
        ('{"a": "\n"}', "s.json:1:8: this is no JSON"),
        ('{"a": "b', "s.json:1:7: this is no JSON"),
        ("[" * 33 + "]" * 33, "s.json: brackets are nested too deep (at most 32)"),
        ('{"a":' * 100_000, "s.json: brackets are nested too deep (at most 32)"),
        ("[" + "0," * caps.TREE_NODES + "0]", "s.json: there are too many entries (at most 100000)"),
        ("[" + "[]," * caps.TREE_NODES + "[]]", "s.json: there are too many entries (at most 100000)"),
    ],
)
def test_bad_json_gets_one_line(text: str, line: str) -> None:
    started = time.thread_time()
    with pytest.raises(BadInput) as caught:
        parse_json(text, "s.json")
    assert time.thread_time() - started < 1
    assert str(caught.value).startswith(line)


def test_brackets_and_commas_inside_strings_do_not_count() -> None:
    value = {"a": "[{" * 1000 + '\\"' + "," * 200_000}
    text = '{"a": "' + "[{" * 1000 + r"\\\"" + "," * 200_000 + '"}'
    assert parse_json(text, "s.json") == value


def test_json_at_the_caps_is_read() -> None:
    deep = parse_json("[" * 32 + "]" * 32, "s.json")
    assert deep == [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    assert len(parse_json("[" + "0," * (caps.TREE_NODES - 2) + "0]", "s.json")) == caps.TREE_NODES - 1


def test_a_place_is_named_and_lines_can_be_left_out() -> None:
    with pytest.raises(BadInput) as caught:
        parse_json("{", "net.safetensors", place="header", has_lines=False)
    assert str(caught.value).startswith("net.safetensors: header: this is no JSON (")
