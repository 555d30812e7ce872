"""Session files damaged at random: a line or a session, never anything else."""

import random

from lstmviz.files import BadInput
from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, WeightEdit
from lstmviz.lab.settings import Settings
from lstmviz.stage.intervention_desk import Hands
from lstmviz.stage.labs import FIRST
from lstmviz.stage.playback import Position
from lstmviz.stage.session import Session, read_session, session_bytes

MUTANTS = 400
PIECES = ("{", "}", "[", "]", '"', ",", ":", "null", "true", "-1", "1e999", "1" * 400, "0.5", "[]", '"rnn"', "\\u0000")
HANDS = Hands(
    (
        Clamp("lstm", "f", 2, 4, (0.1, 0.2, 0.3), (0, 2)),
        Freeze("gru", 1, 3),
        WeightEdit("rnn", "weight_hh", 1, 2, -0.5),
        Cut("lstm", 0, 1, on=False),
        InputEdit(2, (0.0, 1.0)),
    ),
    ghost=False,
)
WHOLE = session_bytes(Session(Settings(gap=6), Position("forward", 3), "timestep", "race", FIRST, hands=HANDS)).decode()


def mutant(text, chance):
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(text))
        end = min(len(text), at + chance.choice((0, 1, 3, 20, 200)))
        kind = chance.random()
        if kind < 0.5:
            text = text[:at] + chance.choice(PIECES) + text[end:]
        elif kind < 0.8:
            text = text[:at] + text[end:]
        else:
            text = text[:at] + text[at:end] * 2 + text[end:]
    return text


def test_a_damaged_session_is_refused_in_one_line_or_read_as_a_whole(tmp_path):
    chance, path = random.Random(5), tmp_path / "a.lstmviz"
    refused = read = 0
    for _ in range(MUTANTS):
        path.write_text(mutant(WHOLE, chance), encoding="utf-8")
        try:
            found = read_session(path)
        except BadInput as error:
            assert "\n" not in str(error) and str(error).startswith(str(path))
            refused += 1
        else:
            path.write_bytes(session_bytes(found))
            assert read_session(path) == found, "what is read can be written, and read again"
            read += 1
    assert refused > MUTANTS / 2 and read > 0


def test_the_whole_one_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "a.lstmviz"
    path.write_text(WHOLE, encoding="utf-8")
    assert read_session(path).hands == HANDS
