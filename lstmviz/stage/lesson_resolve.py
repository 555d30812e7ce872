"""The pure function from a player and the live comparison to what the lesson panel draws."""

import math
import re

from lstmviz.lab.comparison import Comparison
from lstmviz.stage.lesson_frame import AskFrame, Block, CheckFrame, LessonFrame, PredictFrame, TextRun, WhatIf
from lstmviz.stage.lesson_parts import Ask, Check, Condition, Runs
from lstmviz.stage.lesson_player import Answer, LessonPlayer
from lstmviz.stage.lesson_rules import CONTROLS
from lstmviz.stage.prediction import factor_words
from lstmviz.stage.quantities import QUANTITIES, within
from lstmviz.stage.typed_number import typed_number
from lstmviz.words import power, tr

_RAISED = re.compile("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LEVEL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\}")


def resolve_lesson(player: LessonPlayer, comparison: Comparison | None, end: float | None) -> LessonFrame:
    """Everything the lesson panel and the presenter window draw.

    Parameters
    ----------
    player : LessonPlayer
        Page, predictions and answers.
    comparison : Comparison or None
        What the window shows: live numbers are read from it.
    end : float or None
        log10 of the true gradient at t = T of the network whose curve is predicted; None when there is none.
    """
    page, pages, waits = player.page, player.lesson.pages, player.waits
    answer = player.answer
    told = page.predict is None or answer.revealed
    follow = pages[player.index + 1] if player.index + 1 < len(pages) else None
    return LessonFrame(
        title=player.lesson.title,
        number=tr("Lesson {n}").format(n=player.lesson.number) if player.lesson.number else tr("Lesson"),
        minutes=player.lesson.minutes,
        page=player.index,
        pages=len(pages),
        page_title=page.title,
        before=live_blocks(page.before, comparison),
        predict=_predict(player, comparison, end),
        after=live_blocks(page.after, comparison) if told else (),
        asks=tuple(_ask(ask, answer.asks.get(k), comparison) for k, ask in enumerate(page.asks)) if told else (),
        check=_check(page.check, comparison) if told and page.check else None,
        can_back=player.index > 0,
        can_next=player.can_next,
        reason=tr("commit a prediction first") if waits else "" if follow else tr("this is the last page"),
        hides_gradient=waits and page.predict is not None and page.predict.hides_gradient and not player.sandbox,
        highlight="" if player.sandbox else page.state.highlight,  # in the sandbox nothing rests
        sandbox=player.sandbox,
        notes=live_blocks(page.notes, comparison),
        what_ifs=tuple(WhatIf(prepared.key, prepared.label) for prepared in page.prepared),
        next_title=follow.title if follow else "",
        shows_controls=player.sandbox or page.check is not None or page.state.highlight in CONTROLS,
    )


# -- live numbers in text --------------------------------------------------------------------------------------


def live_blocks(blocks: tuple[Block, ...], comparison: Comparison | None) -> tuple[Block, ...]:
    """The blocks with the name of each quantity replaced by its number."""
    return tuple(
        Block(
            block.kind,
            live_runs(block.runs, comparison),
            live_tex(block.tex, comparison),
            block.number,
            block.depth,
            block.path,
            block.alternative,
            tuple(tuple(live_runs(cell, comparison) for cell in row) for row in block.rows),
        )
        for block in blocks
    )


def live_runs(runs: Runs, comparison: Comparison | None) -> Runs:
    """The runs with the name of each quantity replaced by its number; code keeps its braces."""
    return tuple(
        TextRun(live_tex(run.text, comparison), run.style)
        if run.style == "math"
        else run
        if run.style in ("code", "key")
        else TextRun(_live_text(run.text, comparison), run.style, run.target)
        for run in runs
    )


def _live_text(text: str, comparison: Comparison | None) -> str:
    return PLACEHOLDER.sub(lambda found: _number(found[1], comparison, found[0]), text) if "{" in text else text


def live_tex(tex: str, comparison: Comparison | None) -> str:
    r"""TeX with each ``{name}`` of a quantity replaced; the group of a command (``\text{gap}``) is left alone."""

    def replaced(found: re.Match[str]) -> str:
        of_command = "." not in found[1] and re.search(r"\\[A-Za-z]+$", tex[: found.start()])
        if found[1] not in QUANTITIES or of_command:
            return found[0]
        return "{" + tex_number(_number(found[1], comparison, found[0])) + "}"

    return PLACEHOLDER.sub(replaced, tex) if "{" in tex else tex


def tex_number(text: str) -> str:
    r"""A number of ``lstmviz.words`` as TeX: ``4.6 \times 10^{-12}``."""
    raised = _RAISED.sub(lambda found: f"10^{{{found[1].translate(_LEVEL)}}}", text)
    for sign, tex in (("×", r"\times"), ("−", "-"), ("…", r"\ldots"), ("∞", r"\infty"), ("\u2009", r"\,")):
        raised = raised.replace(sign, tex)
    return raised if re.fullmatch(r"[-+.\d\sA-Za-z\\^{},]*", raised) and "not" not in raised else r"\text{?}"


def _number(name: str, comparison: Comparison | None, otherwise: str) -> str:
    quantity = QUANTITIES.get(name)
    if quantity is None:
        return otherwise
    return quantity.text(None if comparison is None else quantity.read(comparison))


# -- predictions -----------------------------------------------------------------------------------------------


def _predict(player: LessonPlayer, comparison: Comparison | None, end: float | None) -> PredictFrame | None:
    predict, answer = player.predict, player.answer
    if predict is None:
        return None
    timesteps = player.page.state.settings.timesteps() if comparison is None else comparison.settings.timesteps()
    curve = predict.kind == "curve" and end is not None
    return PredictFrame(
        kind=predict.kind,
        ask=live_runs(predict.ask, comparison),
        cell=predict.cell,
        points=answer.curve.points(timesteps, end) if curve and end is not None else (),
        point=answer.point,
        options=predict.options,
        chosen=answer.chosen,
        number=answer.number,
        readout=_readout(player, end),
        ready=player.ready,
        committed=answer.committed,
        skipped=answer.skipped,
        outcome=_outcome(player, end) if answer.revealed else (),
        value=_value(player, end),
    )


def _readout(player: LessonPlayer, end: float | None) -> str:
    predict, answer = player.predict, player.answer
    if predict is None or (answer.skipped and not player.ready):
        return ""
    value = _value(player, end)
    if predict.kind == "curve" and value:
        return tr("It ends at t = 1 near {value}").format(value=value)
    if predict.kind == "number" and answer.number.strip():
        return tr("That is {value}").format(value=value) if value else tr("not a number yet; such as 0.01 or 1e-4")
    return ""


def _value(player: LessonPlayer, end: float | None) -> str:
    predict, answer = player.predict, player.answer
    if predict is None:
        return ""
    if predict.kind == "curve" and not answer.curve.empty and end is not None:
        return rough(answer.curve.values(end)[0])
    typed = typed_number(answer.number) if predict.kind == "number" else None
    return "" if typed is None else QUANTITIES[predict.quantity].text(QUANTITIES[predict.quantity].kept(typed))


def _outcome(player: LessonPlayer, end: float | None) -> tuple[tuple[str, str], ...]:
    """What was predicted, what happened, and the factor between them; told without praise or blame."""
    predict, answer = player.predict, player.answer
    if predict is None or answer.actual is None:
        return ()
    if predict.kind == "choice":
        happened = (tr("What happens"), predict.options[predict.answer])
        chosen = "" if answer.chosen is None else predict.options[answer.chosen]
        return ((tr("You predicted"), chosen), happened) if answer.committed else (happened,)
    if predict.kind == "curve":
        label = tr("The {name} ends at").format(name=predict.cell.upper())
        happened = (label, power(answer.actual))
        if not answer.committed or end is None:
            return (happened,)
        guess = answer.curve.values(end)[0]
        return ((tr("You predicted"), rough(guess)), happened, *_factor(guess, answer.actual))
    return _number_outcome(predict.quantity, answer)


def _number_outcome(name: str, answer: Answer) -> tuple[tuple[str, str], ...]:
    quantity, typed = QUANTITIES[name], typed_number(answer.number)
    happened = (tr("It is"), quantity.text(answer.actual))
    if not answer.committed or typed is None or answer.actual is None:
        return (happened,)
    mine = (tr("You predicted"), quantity.text(quantity.kept(typed)))
    if quantity.scale == "power":
        return (mine, happened, *_factor(quantity.kept(typed), answer.actual))
    if typed > 0 and answer.actual > 0:
        return (mine, happened, *_factor(math.log10(typed), math.log10(answer.actual)))
    return (mine, happened)


def _factor(guess: float, actual: float) -> tuple[tuple[str, str], ...]:
    apart = abs(guess - actual)
    return ((tr("Off by a factor of"), factor_words(apart)),) if math.isfinite(apart) else ()


def rough(log10: float) -> str:
    """A drawn value with one digit: ``0.02``, ``10⁻⁴``, ``6 × 10⁻⁵``."""
    return power(log10, 1).removeprefix("1 × ")


# -- questions and checks --------------------------------------------------------------------------------------


def _ask(ask: Ask, chosen: int | None, comparison: Comparison | None) -> AskFrame:
    option = None if chosen is None else ask.options[chosen]
    return AskFrame(
        ask=live_runs(ask.ask, comparison),
        options=tuple(_live_text(option.text, comparison) for option in ask.options),
        chosen=chosen,
        right=option is not None and option.right,
        because=live_runs(option.because, comparison) if option else (),
    )


def _check(check: Check, comparison: Comparison | None) -> CheckFrame:
    quantity, condition = QUANTITIES[check.holds.quantity], check.holds
    value = None if comparison is None else quantity.read(comparison)
    now = tr("now {value}, wanted {wanted}").format(value=quantity.text(value), wanted=wanted(condition))
    low, high = limits(condition)
    return CheckFrame(
        live_runs(check.ask, comparison), within(value, low, high), now, live_runs(check.hint, comparison)
    )


def limits(condition: Condition) -> tuple[float, float]:
    """The limits of a condition on the scale of its quantity."""
    quantity = QUANTITIES[condition.quantity]
    low = condition.low if math.isinf(condition.low) else quantity.kept(condition.low)
    return low, condition.high if math.isinf(condition.high) else quantity.kept(condition.high)


def wanted(condition: Condition) -> str:
    """What a condition asks for, in words: ``0.10 or more``."""
    quantity = QUANTITIES[condition.quantity]
    low, high = (quantity.text(limit) for limit in limits(condition))
    if math.isinf(condition.high):
        return tr("{low} or more").format(low=low)
    if math.isinf(condition.low):
        return tr("{high} or less").format(high=high)
    return tr("{low} to {high}").format(low=low, high=high)
