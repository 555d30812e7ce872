"""Every formula that the engine's equations give can be typeset."""

import pytest

from lstmviz.engine.operations import operations
from lstmviz.engine.variant import RESETS, VARIANTS
from lstmviz.views.formula import typeset

FORMS = [("rnn", "tanh"), ("rnn", "relu"), *(("lstm", name) for name in VARIANTS), *(("gru", name) for name in RESETS)]


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(("cell", "form"), FORMS)
def test_every_operation_can_be_typeset(cell, form, direction, qapp):
    for operation in operations(cell, form, direction):
        assert typeset(operation.formula(latex=True), 20).width > 0
