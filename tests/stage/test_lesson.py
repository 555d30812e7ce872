"""Reading lessons: what a page holds, and that a page's state is absolute."""

import struct
import time
from dataclasses import replace

import pytest

from lstmviz.files import BadInput, caps
from lstmviz.lab.settings import Settings
from lstmviz.stage.lesson import first_lesson, parse_lesson, read_lesson
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.lesson_parts import Condition
from lstmviz.stage.playback import Position
from tests.stage.lessons import CURVE, FIRST, GOOD, HEAD, LAST, spoiled


def read(text):
    return parse_lesson(text, "02-half-life.md")


def page(markdown, start=""):
    return read(f'```toml lesson\ntitle = "T"\n{start}\n```\n# P\n\n{markdown}\n').pages[0]


def refusal(text):
    with pytest.raises(BadInput) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---------------------------------------------------------------- the lesson and its pages


def test_a_lesson_is_read_whole():
    lesson = read(GOOD)
    assert (lesson.title, lesson.number, lesson.minutes, lesson.needs) == ("Half-life", 2, 12, ())
    assert [page.title for page in lesson.pages] == ["First page", "Predict a curve", "A task"]
    lines = GOOD.split("\n")
    assert [lines[page.line - 1] for page in lesson.pages] == ["# First page", "# Predict a curve", "# A task"]


def test_a_file_is_read_like_its_text(tmp_path):
    path = tmp_path / "7 bets.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_lesson(path) == replace(read(GOOD), file=str(path), number=7)


def test_the_state_of_a_page_is_the_start_and_every_change_so_far():
    first, curve, task = (page.state for page in read(GOOD).pages)
    start = Settings(gap=20, seed=7)
    assert (first.settings, first.position, first.highlight) == (start, Position("forward", 21), "gap")
    assert curve.settings == replace(start, gap=30, forget_bias=1.0)
    assert (curve.position, curve.highlight) == (Position("forward", 31), "gap")  # "forward end" of the new length
    assert task.settings == replace(start, gap=10, forget_bias=1.0)
    assert task.position == Position("backward", 3)


def test_a_page_is_the_same_whatever_page_one_comes_from():
    whole = read(GOOD)
    alone = read(HEAD + FIRST + CURVE.removesuffix("\n---\n\n"))
    assert alone.pages == whole.pages[:2]


def test_without_a_start_a_lesson_begins_at_the_usual_settings():
    assert read('```toml lesson\ntitle = "T"\n```\n# P\n').pages[0].state.settings == Settings()


@pytest.mark.parametrize(
    ("playhead", "position"),
    [
        ("forward 7", Position("forward", 7)),
        ("forward end", Position("forward", 51)),
        ("loss", Position("loss", 51)),
        ("backward 51", Position("backward", 51)),
        ("backward end", Position("backward", 1)),
        ("forward 7, operation 8", Position("forward", 7, 8)),
    ],
)
def test_the_playhead_is_named_in_words(playhead, position):
    assert page(f'```toml stage\nplayhead = "{playhead}"\n```').state.position == position


def test_a_page_can_stand_at_an_operation():
    state = page('```toml stage\nlevel = "operation"\nplayhead = "backward 3, operation 2"\n```').state
    assert (state.level, state.position) == ("operation", Position("backward", 3, 2))


def test_every_setting_may_be_a_key_of_a_page():
    keys = (
        'task = "adding"\ngap = 9\ncells = ["gru"]\nseed = 3\nhidden = 8\nfair_by = "parameters"\n'
        'lstm.forget_bias = "chrono"\nrnn.initialisation = "orthogonal"\ngain = 1.5\ndtype = "float32"\nbatch = 2\n'
        'level = "update"'
    )
    keys += (
        '\nlstm.variant = "cifg"\ngru.reset = "before"\nnoise = 0.5\nmissing = 0.25\nlayers = 2\nbidirectional = true'
    )
    state = page(f"```toml stage\n{keys}\n```").state
    assert state.settings == Settings(
        task="adding",
        gap=9,
        cells=("gru",),
        seed=3,
        hidden=8,
        fair="parameters",
        forget_bias="chrono",
        initialisation="orthogonal",
        gain=1.5,
        variant="cifg",
        reset="before",
        dtype="float32",
        batch=2,
        noise=0.5,
        missing=0.25,
        layers=2,
        bidirectional=True,
    )
    assert state.level == "update"


def test_dotted_quoted_and_nested_keys_mean_the_same():
    spellings = (
        "lstm.forget_bias = 2",
        '"lstm.forget_bias" = 2',
        "lstm = { forget_bias = 2 }",
        "[lstm]\nforget_bias = 2",
    )
    assert {page(f"```toml stage\n{keys}\n```").state.settings for keys in spellings} == {Settings(forget_bias=2.0)}


def test_a_what_if_is_a_state_of_its_own():
    prepared = read(GOOD).pages[1].prepared[0]
    assert (prepared.key, prepared.label) == (1, "bias 0")
    assert prepared.state.settings == replace(read(GOOD).pages[1].state.settings, forget_bias=0.0)
    assert prepared.state.position == Position("forward", 31)


def test_questions_checks_and_notes_are_read():
    curve, task = read(GOOD).pages[1:]
    assert (curve.predict.kind, curve.predict.cell, curve.predict.hides_gradient) == ("curve", "rnn", True)
    assert curve.predict.ask == (TextRun("Draw it for the "), TextRun("RNN", "strong"), TextRun("."))
    assert [option.right for option in curve.asks[0].options] == [True, False]
    assert curve.notes == (
        Block("paragraph", (TextRun("Wait for "), TextRun("three", "emphasis"), TextRun(" people."))),
    )
    assert task.check.holds == Condition("lstm.gradient_share", low=0.1)


def test_text_under_the_prediction_comes_after_it():
    curve = read(GOOD).pages[1]
    assert [block.runs[0].text for block in curve.before] == ["Above."]
    assert [block.runs[0].text for block in curve.after] == ["Below: {rnn.gradient_share}."]


def test_a_choice_and_a_number_are_predictions_too():
    choice = page('```toml predict\nkind = "choice"\nask = "?"\noptions = ["a", "b"]\nanswer = 2\n```').predict
    assert (choice.options, choice.answer, choice.hides_gradient) == (("a", "b"), 1, False)
    number = page(
        '```toml predict\nkind = "number"\nask = "?"\nquantity = "rnn.fade"\nreveals = "gradient"\n```'
    ).predict
    assert (number.quantity, number.hides_gradient) == ("rnn.fade", True)


# ---------------------------------------------------------------- text


def runs(markdown):
    return [(run.style, run.text) for run in page(markdown).before[0].runs]


def test_emphasis_code_keys_formulas_and_links_are_runs():
    found = runs("a **b** *c* `d e` `PgDn` `Ctrl+L` $x_1$ [l](https://x.org)")
    assert [run for run in found if run[1] != " "] == [
        ("plain", "a "),
        ("strong", "b"),
        ("emphasis", "c"),
        ("code", "d e"),
        ("key", "PgDn"),
        ("key", "Ctrl+L"),
        ("math", "x_1"),
        ("link", "l"),
    ]


def test_a_price_is_no_formula():
    assert runs("from $ 5 to $ 6") == [("plain", "from $ 5 to $ 6")]


def test_formulas_lists_tables_quotations_and_code_are_blocks():
    lists = "1. one\n\n   more\n2. two\n   - in\n\n"
    text = f"$$\na = b\n$$\n\n{lists}> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n    code\n"
    blocks = page(text).before
    assert [(b.kind, b.number, b.depth) for b in blocks] == [
        ("formula", 0, 0),
        ("item", 1, 0),
        ("item", -1, 0),
        ("item", 2, 0),
        ("item", 0, 1),
        ("quote", 0, 0),
        ("table", 0, 0),
        ("code", 0, 0),
    ]
    assert blocks[0].tex == "a = b"
    assert blocks[6].rows == (
        ((TextRun("a"),), (TextRun("b"),)),
        ((TextRun("1"),), (TextRun("2"),)),
    )


def test_page_marks_inside_a_fence_part_no_pages():
    assert len(read(HEAD + "# P\n\n````\n```\n---\n```\n````\n").pages) == 1


# ---------------------------------------------------------------- pictures


def png(width=3, height=2):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)


def jpeg(width=3, height=2):
    return b"\xff\xd8\xff\xe0\x00\x04ab" + struct.pack(">BBHBHH", 0xFF, 0xC2, 11, 8, height, width) + bytes(9)


def with_picture(folder, name, data):
    if data is not None:
        (folder / name).write_bytes(data)
    path = folder / "lesson.md"
    path.write_text(f"{HEAD}# P\n\n![gate]({name})\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("data", [png(), png(caps.IMAGE_SIDE, caps.IMAGE_SIDE), jpeg()])
def test_a_picture_of_the_lessons_folder_is_found(tmp_path, data):
    block = read_lesson(with_picture(tmp_path, "gate.png", data)).pages[0].before[0]
    assert (block.kind, block.alternative) == ("picture", "gate")
    assert block.path == str((tmp_path / "gate.png").resolve())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("gate.png", None, "there is no such file"),
        ("../gate.png", png(), "not allowed"),
        ("/etc/hostname", None, "not allowed"),
        ("file:///etc/hostname", None, "not allowed"),
        ("https://example.org/gate.png", None, "not allowed"),
        ("data:image/png;base64,AAAA", None, "not allowed"),
        ("gate.svg", b"<svg/>", "no whole PNG or JPEG"),
        ("gate.png", png(caps.IMAGE_SIDE + 1, 1), f"{caps.IMAGE_SIDE + 1} x 1 pixels"),
        ("gate.png", png(0, 1), "0 x 1 pixels"),
        ("gate.png", png()[:20], "no whole PNG or JPEG"),
        ("gate.jpg", jpeg()[:12], "no whole PNG or JPEG"),
        ("gate.png", png() + bytes(caps.IMAGE_BYTES), "too large"),
    ],
)
def test_a_bad_picture_is_refused_in_one_line(tmp_path, name, data, said):
    path = with_picture(tmp_path, name, data)
    with pytest.raises(BadInput) as caught:
        read_lesson(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out.png").write_bytes(png())
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "gate.png").symlink_to(tmp_path / "out.png")
    with pytest.raises(BadInput, match="leads out"):
        read_lesson(with_picture(inside, "gate.png", None))


# ---------------------------------------------------------------- caps, at the cap and one above


def test_pages_are_capped():
    pages = "\n---\n\n".join(f"# Page {k}\n" for k in range(caps.LESSON_PAGES))
    assert len(read(HEAD + pages).pages) == caps.LESSON_PAGES
    assert "too many pages (at most 200)" in refusal(HEAD + pages + "\n---\n\n# One more\n")


def test_characters_of_a_page_are_capped():
    line = "word " * 19 + "end.\n"
    full = line * (caps.LESSON_PAGE_CHARACTERS // len(line) - 1)
    room = caps.LESSON_PAGE_CHARACTERS - len(full) - len("# P\n\n\n")
    assert read(f"{HEAD}# First\n\n---\n# P\n\n{full}{'x' * room}\n")
    assert "20001 characters on one page" in refusal(f"{HEAD}# First\n\n---\n# P\n\n{full}{'x' * (room + 1)}\n")


def test_characters_of_a_line_are_capped():
    assert page("x" * caps.LESSON_LINE_CHARACTERS)
    assert "a line of 2001 characters" in refusal(f"{HEAD}# P\n\n{'x' * (caps.LESSON_LINE_CHARACTERS + 1)}\n")


def test_marks_of_a_paragraph_are_capped():
    assert page("*a* " * (caps.LESSON_EMPHASIS_MARKS // 2))
    assert "more than 200 marks" in refusal(f"{HEAD}# P\n\n{'*a* ' * 100}*\n")


def test_the_depth_of_lists_is_capped():
    def nested(depth):
        return "\n".join("  " * k + "- x" for k in range(depth))

    assert page(nested(caps.LESSON_LIST_DEPTH)).before[-1].depth == caps.LESSON_LIST_DEPTH - 1
    assert "lists are nested too deep (at most 6)" in refusal(f"{HEAD}# P\n\n{nested(caps.LESSON_LIST_DEPTH + 1)}\n")


def test_pictures_are_counted_before_one_is_opened():
    assert "21 pictures (at most 20 in a lesson)" in refusal(HEAD + "# P\n\n" + "![](none.png)\n\n" * 21)


def test_a_lesson_over_one_megabyte_is_refused(tmp_path):
    path = tmp_path / "long.md"
    path.write_bytes(b"#" * (caps.LESSON_BYTES + 1))
    with pytest.raises(BadInput, match="too large"):
        read_lesson(path)


@pytest.mark.parametrize("sign", ["[", "*a", "`", "$", "![", "<", "&", "> ", "- ", "a.", "\\", "|", "{gap}", "[["])
def test_no_page_takes_the_reader_longer_than_a_second(sign):
    page_text = "# P\n\n" + ("\n\n".join([(sign * 199)[:1990]] * 9) + "\n")[:19_000]
    text = HEAD + "\n---\n\n".join([page_text] * 40)
    began = time.thread_time()
    try:
        read(text)
    except BadInput as error:
        assert "\n" not in str(error)
    assert time.thread_time() - began < 5.0  # 40 full pages


# ---------------------------------------------------------------- the lessons that come with the program


def test_the_shipped_lessons_are_read():
    assert [read_lesson(path).title for path in shipped_lessons()] == ["Why the gradient vanishes"]
    assert first_lesson().number == 2


def test_the_good_lesson_can_be_spoiled():
    assert read(spoiled("gap = 30", "gap = 31")).pages[1].state.settings.gap == 31
    assert LAST in GOOD
