"""See why gradients vanish in a vanilla RNN and survive in an LSTM.

Scripts and notebooks use the names below; each is loaded when it is first used, so that ``import lstmviz`` is quick and
needs neither Qt nor Numba.

>>> import lstmviz as lv
>>> network = lv.LSTM(inputs=2, hidden=16, forget_bias=1, seed=0)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstmviz.app import open_app
    from lstmviz.files import BadInput
    from lstmviz.lab.comparison import Comparison, compare
    from lstmviz.lab.counterfactual import counterfactual
    from lstmviz.lab.effects import effects
    from lstmviz.lab.input_file import load_input
    from lstmviz.lab.intervene import intervene
    from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, WeightEdit
    from lstmviz.lab.jacobian import jacobian_map, jacobian_row
    from lstmviz.lab.network import GRU, LSTM, VanillaRNN
    from lstmviz.lab.path_split import path_split
    from lstmviz.lab.recipe import Recipe, Schedule
    from lstmviz.lab.settings import Settings
    from lstmviz.lab.spectrum import lyapunov
    from lstmviz.lab.stack import Stack
    from lstmviz.lab.tasks import TASKS
    from lstmviz.lab.trace import Trace, trace
    from lstmviz.lab.training import Training
    from lstmviz.lab.trial import Trial, run_trial
    from lstmviz.lab.weights import load_network, save_network

__version__ = "0.1.0"

_HOME = {
    "BadInput": "lstmviz.files",
    "Clamp": "lstmviz.lab.interventions",
    "Comparison": "lstmviz.lab.comparison",
    "Cut": "lstmviz.lab.interventions",
    "Freeze": "lstmviz.lab.interventions",
    "GRU": "lstmviz.lab.network",
    "InputEdit": "lstmviz.lab.interventions",
    "LSTM": "lstmviz.lab.network",
    "Recipe": "lstmviz.lab.recipe",
    "Schedule": "lstmviz.lab.recipe",
    "Settings": "lstmviz.lab.settings",
    "Stack": "lstmviz.lab.stack",
    "TASKS": "lstmviz.lab.tasks",
    "Trace": "lstmviz.lab.trace",
    "Training": "lstmviz.lab.training",
    "Trial": "lstmviz.lab.trial",
    "VanillaRNN": "lstmviz.lab.network",
    "WeightEdit": "lstmviz.lab.interventions",
    "compare": "lstmviz.lab.comparison",
    "counterfactual": "lstmviz.lab.counterfactual",
    "effects": "lstmviz.lab.effects",
    "intervene": "lstmviz.lab.intervene",
    "jacobian_map": "lstmviz.lab.jacobian",
    "jacobian_row": "lstmviz.lab.jacobian",
    "load_input": "lstmviz.lab.input_file",
    "load_network": "lstmviz.lab.weights",
    "lyapunov": "lstmviz.lab.spectrum",
    "open_app": "lstmviz.app",
    "path_split": "lstmviz.lab.path_split",
    "run_trial": "lstmviz.lab.trial",
    "save_network": "lstmviz.lab.weights",
    "trace": "lstmviz.lab.trace",
}

__all__ = [
    "GRU",
    "LSTM",
    "TASKS",
    "BadInput",
    "Clamp",
    "Comparison",
    "Cut",
    "Freeze",
    "InputEdit",
    "Recipe",
    "Schedule",
    "Settings",
    "Stack",
    "Trace",
    "Training",
    "Trial",
    "VanillaRNN",
    "WeightEdit",
    "compare",
    "counterfactual",
    "effects",
    "intervene",
    "jacobian_map",
    "jacobian_row",
    "load_input",
    "load_network",
    "lyapunov",
    "open_app",
    "path_split",
    "run_trial",
    "save_network",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'lstmviz' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value  # a sub-module of the same name can then no longer hide it
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
