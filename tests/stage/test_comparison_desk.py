"""Kernels of rarer cells are made ready when they are first shown, and once."""

from dataclasses import replace

import pytest

from lstmviz.lab.settings import Settings
from lstmviz.stage import comparison_desk
from lstmviz.stage.comparison_desk import ComparisonDesk
from lstmviz.stage.jobs import Jobs


@pytest.fixture
def asked(monkeypatch):
    """The cells whose kernels were asked for; only the usual ones are ready."""
    found = []
    monkeypatch.setattr(comparison_desk, "kernels_ready", lambda forms=(), dtype="float64": "/" not in "".join(forms))
    monkeypatch.setattr(
        comparison_desk, "compile_kernels", lambda report, stop, dtype, more: found.append((dtype, more))
    )
    monkeypatch.setattr(Jobs, "start", lambda jobs, kind, work: work(None, None) if kind == "kernels" else None)
    return found


def test_a_variant_is_compiled_when_it_is_first_shown_and_only_once(asked):
    plain = Settings(gap=5)
    desk = ComparisonDesk(Jobs(), plain, "auto")
    desk.compute(plain)
    assert asked == []
    coupled = replace(plain, variant="cifg")
    for settings in (coupled, replace(coupled, gap=6), replace(plain, cells=("gru",), reset="before")):
        desk.compute(settings)
    assert asked == [("float64", ("lstm/cifg",)), ("float64", ("gru/before",))]
    assert desk.comparison is not None and desk.comparison.racers[0].network.form == "gru/before"


@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_where_the_engine_is_chosen_nothing_is_compiled_behind_its_back(asked, engine):
    desk = ComparisonDesk(Jobs(), Settings(gap=5), "reference")
    desk.engine = engine
    desk._compile_rarer(Settings(gap=5, variant="nfg"))
    assert asked == []
