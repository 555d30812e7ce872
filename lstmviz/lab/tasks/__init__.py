"""Toy tasks with a long dependency; adding one is one file, one line here, and one test."""

from lstmviz.lab.tasks.adding import ADDING
from lstmviz.lab.tasks.order import ORDER
from lstmviz.lab.tasks.recall import RECALL
from lstmviz.lab.tasks.task import Batch, Task

TASKS: dict[str, Task] = {task.name: task for task in (RECALL, ADDING, ORDER)}

__all__ = ["TASKS", "Batch", "Task"]
