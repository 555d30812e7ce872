"""The tasks as a page of Markdown, written from the registry: ``python -m lstmviz.lab.task_table docs/tasks.md``."""

import sys

from lstmviz.files import atomic_save
from lstmviz.lab.tasks import GROUPS, TASKS, Task
from lstmviz.words import number, tr

GAP = 50  # at which chance losses are printed
LOSSES = {
    "cross_entropy": tr("cross entropy"),
    "squared_error": tr("squared error"),
    "binary": tr("binary cross entropy"),
}
INTRODUCTION = """\
# Tasks

Every task has one size, the gap: its sequences have T = gap + 1 timesteps. The last answer is asked at t = T of the
first sequence of a batch; the Race looks at that answer alone, while training counts every answer that is asked.
The chance loss is that of the best answer that knows the timestep but does not look at the input, except where the
table says what it is instead. A task is solved when 500 unseen sequences meet its criterion.

Noise on the input (`--set noise=0.3`) and missing timesteps (`--set missing=0.2`) can be added to every one of them.
Your own data becomes a task with `--data FILE`, by Ctrl+O, or by dropping the file on the window: a column of a table
(`.csv`, `.tsv`) is forecast, of a text (`.txt`) the next letter is foreseen. The first four fifths of a table and nine
tenths of a text are for training; tests use the rest, which neither training nor scaling has seen.

This page is written by `python -m lstmviz.lab.task_table docs/tasks.md`.
"""


def page() -> str:
    """The whole page."""
    shipped = [task for task in TASKS.values() if task.group != "own"]
    parts = [INTRODUCTION]
    for group, title in GROUPS.items():
        tasks = [task for task in shipped if task.group == group]
        if tasks:
            parts.append("\n".join([f"## {title}", "", *_table(tasks), "", *_paragraphs(tasks)]))
    return "\n".join(parts)


def _table(tasks: list[Task]) -> list[str]:
    head = f"| name | inputs → outputs | loss | least gap | chance loss at gap {GAP} | solved when |"
    return [head, "|---|---|---|---|---|---|", *map(_row, tasks)]


def _row(task: Task) -> str:
    gap = min(max(GAP, task.least_gap), task.greatest_gap or GAP)
    loss = LOSSES[task.loss] + (", every timestep" if task.loss_at == "all" else "")
    chance = number(task.chance_loss(gap), 3)
    if task.chance_means != tr("chance"):
        chance += f" ({task.chance_means})"
    span = f"{task.least_gap}" + (f" to {task.greatest_gap}" if task.greatest_gap else "")
    return f"| `{task.name}` | {task.inputs} → {task.outputs} | {loss} | {span} | {chance} | {task.criterion} |"


def _paragraphs(tasks: list[Task]) -> list[str]:
    lines = []
    for task in tasks:
        lines += [f"**{task.title}** (`{task.name}`). {task.about} Gap: {task.gap_means}. Source: {task.source}.", ""]
    return lines


if __name__ == "__main__":
    atomic_save(sys.argv[1], page().encode("utf-8"))
