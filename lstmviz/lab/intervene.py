"""Interventions from Python: ``lstmviz.intervene(comparison, clamp="lstm f 10-40 0.1")``."""

from collections.abc import Iterable

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.arguments import check_word
from lstmviz.lab.comparison import Comparison
from lstmviz.lab.intervened import intervened
from lstmviz.lab.intervention_lines import FORMS, interventions_in
from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, Intervention, WeightEdit, checked
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
        Timesteps count from 1; units, rows and columns of these values from 0. Of a stack the top layer's forward
        cell is meant. Of two that change the same number the later one counts.
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
    if comparison.interventions:
        wrong = tr("it has interventions already")
        raise BadInput(WHO, "comparison", wrong, tr("the run without them, and all of them together"))
    for kind in lines:
        if kind not in FORMS:
            raise BadInput(WHO, shortened(kind), tr("this is no kind of intervention"), ", ".join(FORMS))
    for one in interventions:
        if type(one) not in KINDS:
            wrong = tr("{value} is no intervention").format(value=shortened(repr(one)))
            raise BadInput(WHO, "interventions", wrong, ", ".join(kind.__name__ for kind in KINDS))
        checked(one, comparison.settings, WHO)
    return intervened(comparison, (*interventions, *interventions_in(lines, comparison.settings, WHO)), engine)
