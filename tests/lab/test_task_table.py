"""The page of tasks is that of the registry."""

from pathlib import Path

from lstmviz.lab.task_table import page
from lstmviz.lab.tasks import TASKS

PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"


def test_the_page_of_tasks_is_the_registry_s_own():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m lstmviz.lab.task_table docs/tasks.md"


def test_every_task_has_its_row_and_its_paragraph():
    text = page()
    for name, task in TASKS.items():
        if task.group == "own":
            continue
        assert f"\n| `{name}` |" in text and f"**{task.title}** (`{name}`). {task.about}" in text


def test_the_readme_counts_the_tasks_rightly():
    readme = (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    shipped = [task for task in TASKS.values() if task.group != "own"]
    assert f"There are {len(shipped)} tasks" in readme
