"""Malformed lessons: each gets one line with file, line and page, and exit code 2 on the command line."""

import pytest

from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.stage.lesson import parse_lesson
from tests.stage.lessons import CURVE, FIRST, GOOD, HEAD, LAST, spoiled

P = HEAD + "# P\n\n"
DEEP = "[" * 40 + "]" * 40


def predict(lines):
    return f"{P}```toml predict\n{lines}\n```\n"


def ask(options):
    return f'{P}```toml ask\nask = "?"\noptions = {options}\n```\n'


def check(holds):
    return f'{P}```toml check\nask = "?"\nholds = {holds}\n```\n'


def stage(lines):
    return f"{P}```toml stage\n{lines}\n```\n"


# name: (the lesson, what its line says)
CASES = {
    "nothing at all": ("\n", "page 1: the page has no heading (# Heading first)"),
    "no lesson block": ("# P\n", "page 1: there is no block toml lesson"),
    "no title": (spoiled('title = "Half-life"\n', ""), ":2: page 1: there is no title"),
    "a title of two kinds": (spoiled('title = "Half-life"', "title = 3"), ":2: page 1: title: 3 is no text"),
    "an empty title": (spoiled('"Half-life"', '" "'), ":2: page 1: title:"),
    "a long title": (spoiled("Half-life", "x" * 81), "81 characters are too many (a text of 1 to 80 characters)"),
    "a title twice": (spoiled("minutes = 12", 'title = "b"'), "this is no TOML: cannot overwrite a value"),
    "minutes in words": (spoiled("minutes = 12", 'minutes = "12"'), ':3: page 1: minutes: "12" is no whole number'),
    "no minutes": (spoiled("minutes = 12", "minutes = 0"), "minutes: 0 is out of range (a whole number, 1 to 180)"),
    "true minutes": (spoiled("minutes = 12", "minutes = true"), "minutes: True is no whole number"),
    "needs a text": (spoiled("minutes = 12", 'needs = "1"'), 'needs: "1" is no list'),
    "needs numbers": (spoiled("minutes = 12", "needs = [1]"), "needs: 1 is no text, or too long"),
    "an unknown head key": (spoiled("minutes", "minuets"), 'unknown key "minuets", did you mean minutes?'),
    "start is no table": (spoiled(LAST, "", spoiled("start = {", "start = 3 #")), "start: 3 is no table"),
    "an unknown lab": (spoiled('"race"', '"attic"'), ':4: page 1: lab: "attic" is unknown (race,'),
    "a lesson block too late": (HEAD + "# P\n\n" + HEAD, "the lesson block stands here"),
    "a second lesson block": (HEAD + FIRST + HEAD, "page 2: the lesson block stands here"),
    "broken TOML": (spoiled("gap = 30", "gap = "), ":23: page 2: this is no TOML: invalid value"),
    "TOML cut off": (spoiled('"forward end"', '"forward end'), ":12: page 1: this is no TOML"),
    "a fence without an end": (P + "```toml stage\ngap = 5\n", ":9: page 1: a block that begins with ``` has no end"),
    "an unknown block": (f"{P}```toml stagee\n```\n", ':9: page 1: unknown block toml "stagee", did you mean stage?'),
    "a nameless block": (f"{P}```toml\n```\n", 'unknown block toml "" (lesson, stage, predict, ask, check, notes)'),
    "a block in a list": (f"{P}- ```toml stage\n  gap = 5\n  ```\n", "a toml block inside a list or quotation"),
    "a block before the heading": (HEAD + "```toml stage\n```\n# P\n", "a toml block before the heading"),
    "text before the heading": (HEAD + "Words.\n\n# P\n", "the page has no heading, or text before it"),
    "a page without heading": (HEAD + FIRST + "Words.\n", ":17: page 2: the page has no heading"),
    "an empty page": (HEAD + FIRST, "page 2: the page has no heading"),
    "a heading under a line": (HEAD + "P\n===\n", "a heading underlined with --- or ==="),
    "a page mark under a text": (P + "Words.\n---\n# Q\n", ":10: page 1: --- right under a text is a heading"),
    "a line across": (P + "***\n", ":9: page 1: a line across the page"),
    "a formula in a heading": (HEAD + "# $x$\n", "a formula in a heading (plain text)"),
    "a long heading": (f"{HEAD}# {'x' * 81}\n", "the heading is too long (at most 80 characters)"),
    "two stage blocks": (stage("gap = 5") + "```toml stage\n```\n", "too many blocks toml stage on one page"),
    "four questions": (P + '```toml ask\nask = "?"\n```\n\n' * 4, "too many blocks toml ask on one page (at most 3)"),
    "HTML in a paragraph": (P + "a <b>b</b>\n", ':9: page 1: HTML "<b>"'),
    "an HTML block": (P + "<script>\nalert(1)\n</script>\n", 'HTML "<script>'),
    "an HTML comment": (P + "<!-- a -->\n", 'HTML "<!-- a -->"'),
    "HTML in a question": (predict('kind = "curve"\nask = "<img src=x>"'), 'HTML "<img src=x>"'),
    "a link without lock": (P + "[a](http://x.org)\n", 'the link "http://x.org" (https:// and an address)'),
    "a link to a file": (P + "[a](file:///etc/passwd)\n", "the link"),
    "a link to code": (P + "[a](javascript:alert(1))\n", "the link"),
    "a picture in a line": (P + "a ![b](c.png)\n", "a picture in a line of text"),
    "a picture elsewhere": (P + "![b](../c.png)\n", 'bad.md:9: "../c.png": the name is not allowed'),
    "an unknown setting": (stage("lag = 5"), ':10: page 1: unknown key "lag", did you mean gap?'),
    "an unknown dotted key": (
        stage("lstm.forgetbias = 5"),
        'unknown key "lstm.forgetbias", did you mean lstm.forget_bias',
    ),
    "a lab that does not exist": (stage('lab = "kitchen"'), 'lab: "kitchen" is unknown'),
    "a gap of nothing": (stage("\ngap = 1"), ":11: page 1: gap: 1 is too small (2 to 9999)"),
    "a gap beyond all": (stage("gap = 10000"), "gap: 10000 is too large"),
    "a gap in words": (stage('gap = "5"'), 'gap: "5" is not a number'),
    "half a gap": (stage("gap = 5.5"), "gap: 5.5 is not a whole number"),
    "a true gap": (stage("gap = true"), "gap: True is no setting"),
    "a date as gap": (stage("gap = 2020-01-01"), "gap: 2020-01-01 is no setting"),
    "an endless gap": (stage("gap = inf"), "gap: inf is not a number"),
    "a bias of nan": (stage("lstm.forget_bias = nan"), "lstm.forget_bias: nan is not a number"),
    "a gap of 1900 digits": (stage("gap = " + "9" * 1900), "gap: 999"),
    "a task of 1900 letters": (stage(f'task = "{"x" * 1900}"'), "page 1: task:"),
    "an unknown task": (stage('task = "copy"'), "task: copy is unknown (recall, adding, order,"),
    "an unknown network": (stage('cells = ["cnn"]'), "cells: cnn is unknown"),
    "no network": (stage("cells = []"), "cells: there is no network"),
    "too many units": (stage("hidden = 9999"), "page 1: hidden: 9999 is too large (1 to 512)"),
    "a trace over the cap": (stage("gap = 9999\nhidden = 512"), "a trace of 10000 timesteps"),
    "a key twice": (stage("gap = 5\ngap = 6"), ":11: page 1: this is no TOML: cannot overwrite a value"),
    "a key twice, spelt two ways": (stage('lstm.forget_bias = 1\n"lstm.forget_bias" = 2'), "stands there twice"),
    "an unknown place": (stage('playhead = "sideways 3"'), 'playhead: "sideways 3" is no place'),
    "timestep nought": (stage('playhead = "forward 0"'), 'playhead: "forward 0" is no place'),
    "a playhead beyond the end": (stage('playhead = "forward 22"'), "playhead: t = 22 is beyond the end (1 to 21)"),
    "a sequence that ends before the playhead": (
        spoiled('playhead = "backward 3"\n', "", spoiled("gap = 30", 'gap = 30\nplayhead = "forward 25"')),
        "page 3: playhead: t = 25 is beyond the end (1 to 11)",
    ),
    "an unknown level": (stage('level = "minute"'), 'level: "minute" is unknown (operation, timestep, update)'),
    "an unknown part": (stage('highlight = "forgetgate"'), 'unknown highlight "forgetgate"'),
    "a part that is a number": (stage("highlight = 3"), "highlight: 3 is unknown"),
    "no kind": (predict('ask = "?"'), "there is no kind"),
    "an unknown kind": (predict('kind = "essay"\nask = "?"'), 'kind: "essay" is unknown (curve, choice, number)'),
    "a prediction without a question": (predict('kind = "curve"'), "there is no ask"),
    "a curve with options": (predict('kind = "curve"\nask = "?"\noptions = ["a", "b"]'), 'unknown key "options"'),
    "a curve of an absent network": (
        predict('kind = "curve"\nask = "?"\ncell = "gru"'),
        "cell: gru is not in this race",
    ),
    "a choice of one": (predict('kind = "choice"\nask = "?"\noptions = ["a"]\nanswer = 1'), "options: 1 entries"),
    "an answer outside": (predict('kind = "choice"\nask = "?"\noptions = ["a", "b"]\nanswer = 3'), "3 is out of range"),
    "an unknown quantity": (
        predict('kind = "number"\nask = "?"\nquantity = "rnn.gradient_shere"'),
        'unknown quantity "rnn.gradient_shere", did you mean rnn.gradient_share?',
    ),
    "a quantity of an absent network": (
        check('{ quantity = "gru.fade", at_least = 0.1 }'),
        "gru.fade needs the GRU, which is not in this race (cells = rnn, lstm)",
    ),
    "an unknown number in the text": (P + "It is {rnn.share}.\n", 'unknown quantity "rnn.share"'),
    "an unknown number in a formula": (P + "$x = {rnn.share}$\n", 'unknown quantity "rnn.share"'),
    "a number of an absent network": (P + "It is {gru.fade}.\n", "gru.fade needs the GRU"),
    "two right answers": (
        ask('[{ text = "a", right = true, because = "x" }, { text = "b", right = true, because = "x" }]'),
        "options: not exactly one option is right",
    ),
    "an answer without a reason": (ask('[{ text = "a", right = true }, { text = "b", because = "x" }]'), "no because"),
    "answers that are no tables": (ask('["a", "b"]'), 'options: "a" is no table ({ text = ..., because = ..., right'),
    "a right that is no answer": (
        ask('[{ text = "a", right = 1, because = "x" }, { text = "b", because = "x" }]'),
        "1 is no answer (true, false)",
    ),
    "a check without a limit": (check('{ quantity = "gap" }'), "holds: no limit, or too many"),
    "a check with three limits": (
        check('{ quantity = "gap", at_least = 1, between = [1, 2] }'),
        "no limit, or too many",
    ),
    "a check nothing passes": (check('{ quantity = "gap", at_least = 3, at_most = 2 }'), "holds: no number is both"),
    "an empty span": (check('{ quantity = "gap", between = [2, 1] }'), "between: [2, 1] is empty"),
    "half a span": (check('{ quantity = "gap", between = [2] }'), "between: [2] are not two numbers"),
    "an endless limit": (check('{ quantity = "gap", at_least = inf }'), "at_least: inf is not a number"),
    "an expression": (check('{ quantity = "rnn.fade * 2", at_least = 1 }'), 'unknown quantity "rnn.fade * 2"'),
    "a what-if on key nought": (spoiled("key = 1", "key = 0"), "key: 0 is out of range (a whole number, 1 to 9)"),
    "two what-ifs on one key": (
        spoiled('stage = { "lstm.forget_bias" = 0.0 } }', 'stage = {} }, { key = 1, label = "b", stage = {} }'),
        "key 1 is taken",
    ),
    "a what-if that cannot be": (spoiled('"lstm.forget_bias" = 0.0', "gap = 0"), "page 2: gap: 0 is too small"),
    "a heading in the notes": (
        spoiled("Wait for *three* people.", "# No"),
        "say: a heading or a toml block in the notes",
    ),
    "brackets without end": (stage(f"gap = {DEEP}"), "brackets or keys are nested too deep (at most 32)"),
    "keys without end": (stage(".".join(["a"] * 40) + " = 1"), "nested too deep"),
    "a number of a length no parser takes": (f"{P}```toml stage\ngap = {'9' * 1990}e9\n```\n", "page 1:"),
}


def test_there_are_at_least_sixty_cases():
    assert len(CASES) >= 60


@pytest.mark.parametrize("name", CASES)
def test_a_malformed_lesson_is_refused_in_one_line_with_exit_code_2(name, tmp_path, capsys):
    text, said = CASES[name]
    path = tmp_path / "bad.md"
    path.write_text(text, encoding="utf-8")
    assert main(["lesson", "check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    line = err.removeprefix(str(tmp_path) + "/")
    assert line.startswith("bad.md:"), line
    assert said in line
    assert len(line) < 700
    assert [entry.name for entry in tmp_path.iterdir()] == ["bad.md"]


def test_the_line_named_is_the_line_of_the_fault():
    text = spoiled("lstm.forget_bias = 1.0", "\n\nlstm.forget_bais = 1.0")
    with pytest.raises(BadInput) as caught:
        parse_lesson(text, "a.md")
    assert "forget_bais" in text.split("\n")[caught.value.line - 1]


@pytest.mark.parametrize("made", [b"", b"\x00", b"\xff\xfe#\x00", b"# \xff", b"PK\x03\x04", b"\x80\x02}q\x00."])
def test_what_is_no_text_is_refused_in_one_line(made, tmp_path, capsys):
    path = tmp_path / "bad.md"
    path.write_bytes(made)
    assert main(["lesson", "check", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_lesson_that_the_cases_spoil_is_good(tmp_path, capsys):
    path = tmp_path / "good.md"
    path.write_text(GOOD, encoding="utf-8")
    assert main(["lesson", "check", str(path)]) == 0
    assert capsys.readouterr().err == ""
    assert CURVE in GOOD
