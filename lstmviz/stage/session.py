"""A session in one small readable file: what decides everything on show, so that it can be computed again bit for bit.

What was trained is not in it: it is trained again when the session is opened, from the same seeds, by the same recipes
and with the same implementation of the cells; 300 updates take seconds. Weights and data that were opened stand in the
file where they are small. ``session_parts`` says what there is, ``session_write`` and ``session_read`` make a file of
it and back.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from lstmviz.files import atomic_save
from lstmviz.stage.lab_options import options_of, take_options
from lstmviz.stage.session_files import data_of
from lstmviz.stage.session_parts import SUFFIX, Session
from lstmviz.stage.session_read import read_session
from lstmviz.stage.session_write import session_bytes

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

__all__ = ["SUFFIX", "Session", "open_session", "read_session", "save_session", "session_bytes", "session_of"]


def session_of(stage: Stage) -> Session:
    """What the stage shows now, as a session."""
    situation = stage.situation()
    return Session(
        situation.settings,
        situation.position,
        situation.level,
        situation.lab,
        situation.picked,
        stage.desk.as_recipe(),
        stage.desk.goal,
        situation.hands,
        situation.opened,
        data_of(situation.settings.task),
        options_of(stage),
        dict(stage.desk.learning.bets),
    )


def save_session(stage: Stage, path: str | os.PathLike[str]) -> None:
    """Write what the stage shows; the old file or the new one is left, never half of one.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    atomic_save(path, session_bytes(session_of(stage)))


def open_session(stage: Stage, session: Session) -> None:
    """Show what the session holds; what was trained is trained again in a thread. One undo entry."""
    stage.playback.pause()
    stage.remember()
    stage.desk.forget()
    stage.desk.goal = session.goal
    fresh = replace(
        stage.situation(),
        settings=session.settings,
        position=session.position,
        level=session.level,
        tile=None,
        lab=session.lab,
        picked=session.picked,
        branch=0,
        hands=session.hands,
        opened=session.opened,
    )
    stage.take(fresh)
    stage.desk.learning.bets = dict(session.bets)
    take_options(stage, session.options)
    if session.training is not None and session.training.trained:
        stage.desk.train_again(session.settings, session.training)
