"""Toy tasks with a long dependency; adding one is one file, one line here, and one test."""

from lstmviz.lab.tasks.activity import ACTIVITY
from lstmviz.lab.tasks.adding import ADDING, ADDING_1997
from lstmviz.lab.tasks.beat import BEAT
from lstmviz.lab.tasks.brackets import NESTED
from lstmviz.lab.tasks.copy import COPIES
from lstmviz.lab.tasks.counting import AB, ABC
from lstmviz.lab.tasks.keys import KEY_VALUE
from lstmviz.lab.tasks.lags import LAGS, SIGNALLED
from lstmviz.lab.tasks.latch import LATCH
from lstmviz.lab.tasks.melody import MELODY
from lstmviz.lab.tasks.multiplication import MULTIPLICATION
from lstmviz.lab.tasks.negation import NEGATION
from lstmviz.lab.tasks.order import ORDER, ORDER_FOUR, ORDER_THREE
from lstmviz.lab.tasks.parity import PARITY
from lstmviz.lab.tasks.pen import PEN
from lstmviz.lab.tasks.reber import REBER, STREAM
from lstmviz.lab.tasks.recall import RECALL
from lstmviz.lab.tasks.sides import SIDES
from lstmviz.lab.tasks.sine import SINE
from lstmviz.lab.tasks.task import GROUPS, Batch, Task
from lstmviz.lab.tasks.text import ALICE
from lstmviz.lab.tasks.walk import WALK

ORDERS = (ORDER, ORDER_THREE, ORDER_FOUR)
LONG_LAGS = (LATCH, LAGS, SIGNALLED)
MEMORY = (RECALL, ADDING, *ORDERS, MULTIPLICATION, ADDING_1997, *LONG_LAGS, *COPIES, KEY_VALUE, SIDES)
COUNTING = (PARITY, AB, ABC, NESTED)
LANGUAGES = (REBER, STREAM, NEGATION, ALICE)
SIGNALS = (SINE, WALK, BEAT, ACTIVITY, PEN, MELODY)

TASKS: dict[str, Task] = {task.name: task for task in (*MEMORY, *COUNTING, *LANGUAGES, *SIGNALS)}

OWN = "own-"  # how the names of own data begin; no task of the program does

__all__ = ["GROUPS", "OWN", "TASKS", "Batch", "Task"]
