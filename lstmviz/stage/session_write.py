"""A session as the bytes of its file: JSON that a person can read, the same session the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lstmviz.lab.intervention_text import to_plain
from lstmviz.lab.interventions import Intervention
from lstmviz.lab.settings import FIELDS
from lstmviz.stage.session_files import data_tree, weights_tree
from lstmviz.stage.session_parts import SCHEMA, Session


def session_bytes(session: Session) -> bytes:
    """A session as the bytes of its file: JSON, keys as in ``--set``, the same session the same bytes."""
    picked, training = session.picked, session.training
    tree: dict[str, Any] = {
        "schema": SCHEMA,
        "settings": {key: _plain(getattr(session.settings, field.name)) for key, field in FIELDS.items()},
        "playhead": session.position.words(),
        "level": session.level,
        "lab": session.lab,
        "selection": {"network": picked.network, "unit": picked.unit + 1},
        "updates": session.goal,
    }
    if training is not None:
        recipes = [{"from": start, **asdict(recipe)} for start, recipe in training.recipes]
        counts = {"trained": training.trained, "update": training.update}
        tree["training"] = {"engine": training.engine, **counts, "recipes": recipes}
    if not session.hands.ghost:
        tree["ghost"] = False
    if session.options:
        tree["labs"] = session.options
    if session.bets:
        tree["bets"] = session.bets
    if session.data is not None:
        tree["data"] = data_tree(session.data)
    if session.opened is not None:
        tree["opened"] = weights_tree(session.opened)
    text = json.dumps(tree, indent=1, allow_nan=False, ensure_ascii=False)
    return (_with_lines(text, session.hands.interventions) + "\n").encode()


def _with_lines(text: str, interventions: tuple[Intervention, ...]) -> str:
    """The text of an object with the interventions as its last member, one to a line, however many numbers it holds."""
    if not interventions:
        return text
    lines = (json.dumps(to_plain(one), allow_nan=False, ensure_ascii=False) for one in interventions)
    return text.removesuffix("\n}") + ',\n "interventions": [\n  ' + ",\n  ".join(lines) + "\n ]\n}"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
