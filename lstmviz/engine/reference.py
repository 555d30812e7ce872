"""The cells in plain NumPy, forward and backward.

Read them, with the equations of one timestep (``equations``), beside a textbook: ``reference_rnn``, ``reference_lstm``,
``reference_gru``. They are the definition the kernels are tested against, what the window computes with until those are
compiled, and what "show me the code" displays.

Row t of an array with T rows belongs to the timestep that leads from h[t] to h[t + 1].
"""

from lstmviz.engine.reference_gru import gru_backward as gru_backward
from lstmviz.engine.reference_gru import gru_forward as gru_forward
from lstmviz.engine.reference_lstm import lstm_backward as lstm_backward
from lstmviz.engine.reference_lstm import lstm_forward as lstm_forward
from lstmviz.engine.reference_parts import FUNCTIONS as FUNCTIONS
from lstmviz.engine.reference_parts import relu as relu
from lstmviz.engine.reference_parts import relu_slope as relu_slope
from lstmviz.engine.reference_parts import sigmoid as sigmoid
from lstmviz.engine.reference_rnn import rnn_backward as rnn_backward
from lstmviz.engine.reference_rnn import rnn_forward as rnn_forward
