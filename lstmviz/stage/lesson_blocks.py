"""From Markdown to blocks: CommonMark with tables and formulas, without HTML; what a panel cannot show is refused.

Words used in this file
    token   what the Markdown parser makes; its ``map`` holds the lines it came from
    fence   a code block between ``` lines; one that begins with ``toml`` is structure, not text
    key     a code span that names a key of the keyboard is drawn as a key cap
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from lstmviz.files import caps
from lstmviz.files.error_line import quoted
from lstmviz.stage.lesson_frame import Block, Style, TextRun
from lstmviz.stage.lesson_parts import Runs
from lstmviz.stage.lesson_pictures import checked_picture
from lstmviz.stage.lesson_place import Place
from lstmviz.words import tr

KEY = re.compile(
    r"(?:(?:Ctrl|Shift|Alt)\+)*(?:Ctrl|Shift|Alt|Enter|Backspace|Space|Tab|Esc|Home|End|PgUp|PgDn|PageUp|PageDown"
    r"|F[1-9]|F1[0-2]|[A-Z0-9]|[←↑→↓])"
)
_MARKS = re.compile(r"[*_\[`$<!]")  # each may start something whose end the parser then looks for


@dataclass(frozen=True, slots=True)
class Fence:
    """A TOML block: its kind ("lesson", "stage", ...), its text, and the line its text begins on."""

    kind: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a page."""

    text: str
    place: Place


Piece = Block | Fence | Heading


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")  # HTML is parsed, to be refused with its line
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    # addresses are judged here, not quietly turned into text or percent signs by the parser
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def pieces(text: str, place: Place) -> list[Piece]:
    """The blocks of a page, its heading and its TOML fences, in their order.

    Parameters
    ----------
    text : str
        Markdown, at most 20,000 characters.
    place : Place
        The line it begins on.

    Raises
    ------
    BadInput
        For HTML, lines across the page, pictures in a line, links other than https, lists nested deeper than 6, and
        more than 200 marks in one paragraph.
    """
    _check_marks(text, place)
    return _Walk(place).read(_parser().parse(text))


def inline(text: str, place: Place) -> Runs:
    """One line of Markdown (a question, a reason) as runs."""
    _check_marks(text, place)
    tokens = _parser().parseInline(text)
    return _runs(tokens[0].children or [], place) if tokens else ()


def _check_marks(text: str, place: Place) -> None:
    """Refuse before parsing what would take the parser, or Qt's layout, longer than a reader waits."""
    marks = 0
    for number, line in enumerate(text.split("\n")):
        marks = marks + len(_MARKS.findall(line)) if line.strip() else 0
        if marks > caps.LESSON_EMPHASIS_MARKS:
            wrong = tr("more than {n} marks such as * _ [ in one paragraph").format(n=caps.LESSON_EMPHASIS_MARKS)
            raise place.at(place.line + number).refuse(wrong, tr("a blank line between paragraphs"))


@dataclass
class _Walk:
    """A walk over the parser's flat list of tokens."""

    start: Place
    found: list[Piece] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the open lists: the item's number, 0 in a bulleted list
    fresh: bool = False  # the next paragraph is the first of its list item
    quotes: int = 0
    rows: list[tuple[Runs, ...]] = field(default_factory=list)
    row: list[Runs] = field(default_factory=list)
    in_table: bool = False
    place: Place | None = None

    def read(self, tokens: Sequence[Token]) -> list[Piece]:
        for k, token in enumerate(tokens):
            if token.map:
                self.place = self.start.at(self.start.line + token.map[0])
            handle = getattr(self, f"_{token.type}", None)
            if handle is not None:
                handle(token, tokens[k - 1])
            elif token.nesting >= 0 and token.type not in _SILENT:
                raise self.here.refuse(tr("{what} is not supported").format(what=token.type), _SUPPORTED)
        return self.found

    @property
    def here(self) -> Place:
        return self.place or self.start

    # -- text --------------------------------------------------------------------------------------------------

    def _inline(self, token: Token, before: Token) -> None:
        children = token.children or []
        if before.type == "heading_open":
            self._heading(token, before)
        elif self.in_table:
            self.row.append(_runs(children, self.here))
        elif any(child.type == "image" for child in children):
            self._picture(children)
        else:
            self._add(Block("paragraph", _runs(children, self.here)))

    def _heading(self, token: Token, before: Token) -> None:
        if before.markup[:1] in ("-", "="):
            raise self.here.refuse(
                tr("a heading underlined with --- or ==="), tr("# before it, a blank line above ---")
            )
        runs = _runs(token.children or [], self.here)
        if any(run.style == "math" for run in runs):
            raise self.here.refuse(tr("a formula in a heading"), tr("plain text"))
        text = "".join(run.text for run in runs)
        if any(isinstance(piece, Heading) for piece in self.found):
            self._add(Block("paragraph", (TextRun(text, "strong"),)))
        else:
            self.found.append(Heading(text.strip(), self.here))

    def _picture(self, children: Sequence[Token]) -> None:
        if any(child.type != "image" for child in children if child.type != "softbreak"):
            raise self.here.refuse(tr("a picture in a line of text"), tr("in a paragraph of its own"))
        for child in children:
            if child.type == "image":
                path = checked_picture(str(child.attrs.get("src", "")), self.here)
                self._add(Block("picture", path=path, alternative=child.content))

    def _math_block(self, token: Token, before: Token) -> None:
        self._add(Block("formula", tex=token.content.strip()))

    def _fence(self, token: Token, before: Token) -> None:
        words = token.info.split()
        if words[:1] != ["toml"]:
            self._code_block(token, before)
            return
        if self.numbers or self.quotes:
            raise self.here.refuse(tr("a toml block inside a list or quotation"), tr("at the left edge"))
        kind = " ".join(words[1:])
        self.found.append(Fence(kind, token.content, self.here.at(self.here.line + 1)))

    def _code_block(self, token: Token, before: Token) -> None:
        self._add(Block("code", (TextRun(token.content.rstrip("\n"), "code"),)))

    def _html_block(self, token: Token, before: Token) -> None:
        raise self.here.refuse(tr("HTML {text}").format(text=quoted(token.content.strip())), _SUPPORTED)

    def _hr(self, token: Token, before: Token) -> None:
        raise self.here.refuse(tr("a line across the page"), tr("--- at the left edge, between two pages"))

    # -- lists, quotations, tables -----------------------------------------------------------------------------

    def _bullet_list_open(self, token: Token, before: Token) -> None:
        self._list(0)

    def _ordered_list_open(self, token: Token, before: Token) -> None:
        self._list(int(token.attrs.get("start", 1)) - 1)

    def _list(self, number: int) -> None:
        self.numbers.append(number)
        if len(self.numbers) > caps.LESSON_LIST_DEPTH:
            allowed = tr("at most {n}").format(n=caps.LESSON_LIST_DEPTH)
            raise self.here.refuse(tr("lists are nested too deep"), allowed)

    def _bullet_list_close(self, token: Token, before: Token) -> None:
        self.numbers.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token, before: Token) -> None:
        self.fresh = True
        if token.info:  # the number as written; empty in a bulleted list
            self.numbers[-1] += 1

    def _blockquote_open(self, token: Token, before: Token) -> None:
        self.quotes += 1

    def _blockquote_close(self, token: Token, before: Token) -> None:
        self.quotes -= 1

    def _table_open(self, token: Token, before: Token) -> None:
        self.in_table, self.rows = True, []

    def _tr_open(self, token: Token, before: Token) -> None:
        self.row = []

    def _tr_close(self, token: Token, before: Token) -> None:
        self.rows.append(tuple(self.row))

    def _table_close(self, token: Token, before: Token) -> None:
        self.in_table = False
        self._add(Block("table", rows=tuple(self.rows)))

    def _add(self, block: Block) -> None:
        if self.numbers and block.kind == "paragraph":
            number = self.numbers[-1] if self.fresh else -1
            block = replace(block, kind="item", number=number, depth=len(self.numbers) - 1)
            self.fresh = False
        elif self.quotes and block.kind == "paragraph":
            block = replace(block, kind="quote")
        self.found.append(block)


_SUPPORTED = tr("paragraphs, lists, tables, formulas, pictures, toml blocks")
_SILENT = frozenset({"paragraph_open", "heading_open", "thead_open", "tbody_open", "th_open", "td_open"})


# -- runs ------------------------------------------------------------------------------------------------------


def _runs(children: Sequence[Token], place: Place) -> Runs:
    """The inline tokens of one paragraph as runs; neighbours in one style are joined."""
    runs: list[TextRun] = []
    styles: list[Style] = []
    target = ""
    for token in children:
        if token.type in ("strong_open", "em_open", "link_open"):
            styles.append({"strong_open": "strong", "em_open": "emphasis", "link_open": "link"}[token.type])  # type: ignore[arg-type]
            if token.type == "link_open":
                target = _link(str(token.attrs.get("href", "")), place)
        elif token.type in ("strong_close", "em_close", "link_close"):
            styles.pop()
            target = "" if token.type == "link_close" else target
        else:
            _append(runs, _run(token, styles, target, place))
    return tuple(runs)


def _run(token: Token, styles: Sequence[Style], target: str, place: Place) -> TextRun:
    style: Style = "link" if "link" in styles else "strong" if "strong" in styles else styles[-1] if styles else "plain"
    if token.type == "text":
        return TextRun(token.content, style, target)
    if token.type == "softbreak":
        return TextRun(" ", style, target)
    if token.type == "hardbreak":
        return TextRun("\n", style, target)
    if token.type == "code_inline":
        return TextRun(token.content, "key" if KEY.fullmatch(token.content) else "code")
    if token.type == "math_inline":
        return TextRun(token.content, "math")
    if token.type == "html_inline":
        raise place.refuse(tr("HTML {text}").format(text=quoted(token.content)), _SUPPORTED)
    if token.type == "image":
        raise place.refuse(tr("a picture in a line of text"), tr("in a paragraph of its own"))
    raise place.refuse(tr("{what} is not supported").format(what=token.type), _SUPPORTED)


def _append(runs: list[TextRun], run: TextRun) -> None:
    joins = bool(runs) and runs[-1].style == run.style and runs[-1].target == run.target
    if joins and run.style not in ("math", "key", "code"):
        runs[-1] = TextRun(runs[-1].text + run.text, run.style, run.target)
    elif run.text:
        runs.append(run)


def _link(target: str, place: Place) -> str:
    if not target.startswith("https://") or len(target) > 300 or not target.isprintable() or " " in target:
        raise place.refuse(tr("the link {target}").format(target=quoted(target)), tr("https:// and an address"))
    return target
