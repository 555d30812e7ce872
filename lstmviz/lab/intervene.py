"""Interventions from Python: ``lstmviz.intervene(comparison, clamp="lstm f 10-40 0.1")``."""

import numbers
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.arguments import check_whole, check_word
from lstmviz.lab.comparison import Comparison
from lstmviz.lab.intervened import intervened
from lstmviz.lab.intervention_checks import checked
from lstmviz.lab.intervention_lines import FORMS, interventions_in
from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, Intervention, WeightEdit
from lstmviz.lab.trace import ENGINES
from lstmviz.words import tr

WHO = "intervene"
KINDS = (Clamp, Freeze, WeightEdit, Cut, InputEdit)


def intervene(
    comparison: Comparison, *interventions: Intervention, engine: str = "auto", **lines: str | Iterable[str]
) -> Comparison:
    """Run a comparison again with gates held, states frozen, weights changed, connections cut, inputs edited.

    Parameters
    ----------
    comparison : Comparison
        From ``compare``, or of networks in training: ``Training.comparison()``. It stays as it is.
    *interventions : Clamp, Freeze, WeightEdit, Cut or InputEdit
        Timesteps count from 1; units, rows and columns of these values from 0. NumPy's numbers and arrays will do,
        and one number for ``values`` or ``units``. Of a stack the top layer's forward cell is meant. Of two that change
        the same number the later one counts.
    engine : str
        "auto", "kernels" or "reference".
    **lines
        The same as typed text, where units, rows and columns count from 1: ``clamp="lstm f 10-40 0.1"``,
        ``freeze="lstm 10-40 3"``, ``cut="rnn all all"``, ``edit="lstm weight_hh f3 5 0.25"``, ``input="1 B"``; a list,
        or semicolons, for several.

    Returns
    -------
    Comparison
        With ``interventions``; networks that nothing touches keep their racers. ``lstmviz.effects`` compares the two.

    Raises
    ------
    BadInput
        If an intervention does not fit the comparison, or it has interventions already.

    Examples
    --------
    >>> import lstmviz as lv
    >>> before = lv.compare(gap=40)
    >>> after = lv.intervene(before, lv.Clamp("lstm", "f", 10, 40, (0.1,)))
    >>> [effect.verdict for effect in lv.effects(before, after)]
    """
    check_word(WHO, "engine", engine, ENGINES)
    _check_base(comparison)
    typed = {kind: list(_texts(kind, value)) for kind, value in lines.items()}
    given = [checked(exact(one), comparison.settings, WHO) for one in interventions]
    return intervened(comparison, (*given, *interventions_in(typed, comparison.settings, WHO)), engine)


def _check_base(comparison: Any) -> None:
    if not isinstance(comparison, Comparison):
        wrong = tr("{value} is no comparison").format(value=shortened(repr(comparison)))
        raise BadInput(WHO, "comparison", wrong, tr("what lstmviz.compare returns"))
    if comparison.interventions:
        wrong = tr("it has interventions already")
        raise BadInput(WHO, "comparison", wrong, tr("the run without them, and all of them together"))


def _texts(kind: str, value: Any) -> Iterator[str]:
    """The lines that were given for one kind of intervention."""
    if kind not in FORMS:
        raise BadInput(WHO, shortened(kind), tr("this is no kind of intervention"), ", ".join(FORMS))
    for text in value if isinstance(value, Iterable) and not isinstance(value, str) else (value,):
        if not isinstance(text, str):
            raise BadInput(WHO, kind, tr("{value} is no text").format(value=shortened(repr(text))), FORMS[kind])
        yield text


def exact(one: Any) -> Intervention:
    """An intervention that a script made, in Python's own numbers and tuples, so that equal ones are equal.

    Raises
    ------
    BadInput
        If it is none, or a part of it is of the wrong kind.
    """
    if type(one) not in KINDS:
        wrong = tr("{value} is no intervention").format(value=shortened(repr(one)))
        raise BadInput(WHO, "interventions", wrong, ", ".join(kind.__name__ for kind in KINDS))
    made: Intervention = type(one)(
        **{field.name: _exact(field.name, getattr(one, field.name)) for field in fields(one)}
    )
    return made


def _exact(name: str, value: Any) -> Any:
    """One attribute of an intervention."""
    if name in ("values", "units"):
        several = value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
        return tuple(_exact(name.removesuffix("s"), part) for part in several)
    if name == "value":
        good, allowed = isinstance(value, numbers.Real) and not isinstance(value, bool), "0.5"
    elif name == "on":
        good, allowed = isinstance(value, bool), "True, False"
    elif name in ("cell", "quantity", "array"):
        good, allowed = isinstance(value, str), '"lstm", "f", "weight_hh"'
    else:
        check_whole(WHO, name, value)
        return int(value)
    if not good:
        raise BadInput(WHO, name, tr("{value} is of the wrong kind").format(value=shortened(repr(value))), allowed)
    return float(value) if name == "value" else value
