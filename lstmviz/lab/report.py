"""A sweep's results as one page that stands alone, for reading and printing, and as a table.

The page holds no script and fetches nothing; a policy in its head tells the browser so.
"""

import html
import math
from collections.abc import Sequence

from lstmviz.files import csv_bytes
from lstmviz.lab.report_figure import MOST_LINES, MOST_ROWS, curves_svg, grid_svg, share_svg
from lstmviz.lab.report_table import Cell, Grid, constant, grids, name_of, shown, varied
from lstmviz.lab.run_keys import KEYS
from lstmviz.lab.sweep import MEASURES, Record
from lstmviz.lab.tasks import TASKS
from lstmviz.words import count, number, power, tr

STYLE = """
body { font: 15px/1.45 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #14171B; background: #FFFFFF;
       max-width: 980px; margin: 32px auto; padding: 0 20px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 34px 0 6px; break-after: avoid; }
p { max-width: 46em; } .small { color: #454B54; font-size: 13px; }
figure { margin: 12px 0; break-inside: avoid; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 13px; } th, td { text-align: left; padding: 3px 14px 3px 0;
       border-bottom: 1px solid #D3D7DD; vertical-align: top; } td.number, th.number { text-align: right; }
thead { display: table-header-group; } tr { break-inside: avoid; }
@page { margin: 15mm; } @media print { body { margin: 0; max-width: none; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MOST_CURVES = 6
DOTS = 40  # seeds shown one dot each, at most


def report_csv(records: Sequence[Record]) -> bytes:
    """One line for each run: what decided it, what came of it, and how long it took."""
    present = {key for record in records for key in record.values}
    keys = [*(key for key in KEYS if key in present), *sorted(present - set(KEYS))]
    found = ("solved_at", "updates", *MEASURES)
    lines = [
        [
            *(_field(record.values.get(key)) for key in keys),
            *(_field(record.outcome[name]) for name in found),
            record.seconds,
        ]
        for record in records
    ]
    return csv_bytes([*keys, *(f"outcome.{name}" for name in found), "seconds"], lines)


def _field(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value


def report_html(records: Sequence[Record]) -> bytes:
    """The page: the grid of solved rates, solved runs over updates, the gradient before training, and a table.

    Parameters
    ----------
    records : sequence of Record
        One or more.
    """
    title = tr("{n} runs, {solved} solved").format(n=count(len(records)), solved=count(sum(r.solved for r in records)))
    found = grids(records)
    parts = [f"<h1>{_safe(title)}</h1>", _conditions(records)]
    for grid in found:
        parts += _grid_part(grid)
    parts += _curves_part(found[0], records)
    parts += _share_part(found[0])
    parts += [f"<h2>{_safe(tr('All rows'))}</h2>", *(_table(grid) for grid in found[:1]), _same(records)]
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{_safe(title)}</title><style>{STYLE}</style></head>'
    )
    return "\n".join([head, "<body>", *parts, "</body></html>", ""]).encode()


def _conditions(records: Sequence[Record]) -> str:
    """What solved means, how many seeds and updates there were, and which version it was."""
    tasks = sorted({str(record.values.get("task", "")) for record in records})
    lines = [f"{TASKS[name].title}: {TASKS[name].criterion}" for name in tasks if name in TASKS]
    seeds = len({record.values.get("seed") for record in records})
    budgets = sorted({int(record.values.get("updates") or 0) for record in records})
    spent = count(budgets[0]) if len(budgets) == 1 else f"{count(budgets[0])}–{count(budgets[-1])}"
    said = tr("Solved means: {criterion}. Budget: {updates} updates. {seeds} seeds. lstmviz {version}.").format(
        criterion="; ".join(lines) or tr("as the task says"),
        updates=spent,
        seeds=seeds,
        version=", ".join(sorted({record.version for record in records})),
    )
    differing = ", ".join(name_of(key) or tr("initialisation") for key in varied(records)) or tr("the seed")
    also = tr("What differs between the runs: {keys}.").format(keys=differing)
    return f"<p>{_safe(said)}</p><p class=small>{_safe(also)}</p>"


def _grid_part(grid: Grid) -> list[str]:
    heading = tr("Solved, by {key}").format(key=name_of(grid.key)) if grid.key else tr("Solved")
    said = tr("n of N runs solved, and under it the median update at which they were; darker is more.")
    if len(grid.rows) > MOST_ROWS:
        said += " " + tr("The first {n} of {all} rows are drawn.").format(n=MOST_ROWS, all=len(grid.rows))
    return [f"<h2>{_safe(heading)}</h2><p class=small>{_safe(said)}</p>", _figure(grid_svg(grid), heading)]


def _curves_part(grid: Grid, records: Sequence[Record]) -> list[str]:
    heading = tr("Solved, by update")
    parts = [f"<h2>{_safe(heading)}</h2>"]
    if len(grid.rows) > MOST_LINES:
        said = tr("The {n} rows solved most often are drawn.").format(n=MOST_LINES)
        parts.append(f"<p class=small>{_safe(said)}</p>")
    budget = max(int(record.values.get("updates") or record.outcome["updates"]) for record in records)
    for column in range(len(grid.columns))[:MOST_CURVES]:
        if any(row.cells[column] for row in grid.rows):
            parts.append(_figure(curves_svg(grid, column, max(budget, 1)), heading))
    return parts


def _share_part(grid: Grid) -> list[str]:
    heading = tr("The gradient before training, and what came of it")
    cells = [cell for row in grid.rows for cell in row.cells if cell]
    if not any(math.isfinite(cell.middle("log10_share")) for cell in cells):
        return []
    return [f"<h2>{_safe(heading)}</h2>", _figure(share_svg(grid), heading)]


def _table(grid: Grid) -> str:
    head = [
        tr("network"),
        name_of(grid.key) or tr("runs"),
        tr("solved"),
        tr("seeds"),
        tr("updates"),
        tr("score"),
        tr("share"),
    ]
    lines = ["<table><thead><tr>" + "".join(f"<th>{_safe(text)}</th>" for text in head) + "</tr></thead><tbody>"]
    for row in grid.rows:
        for column, cell in zip(grid.columns, row.cells, strict=True):
            if cell is not None:
                texts = [row.label, column.label, *_cell_texts(cell)]
                lines.append("<tr>" + "".join(f"<td>{_safe(text)}</td>" for text in texts) + "</tr>")
    said = tr(
        "updates: median of the solved runs (least–most). score and share: medians of all runs; the share is of the "
        "gradient at t = T that reached t = 1 before training."
    )
    return "\n".join([*lines, "</tbody></table>", f"<p class=small>{_safe(said)}</p>"])


def _cell_texts(cell: Cell) -> list[str]:
    updates = cell.updates()
    runs = sorted(cell.runs, key=lambda run: (run.values.get("seed") or 0, run.key()))
    dots = "".join("●" if run.solved else "○" for run in runs) if len(runs) <= DOTS else ""
    spread = f"{count(cell.median_update() or 0)} ({count(updates[0])}–{count(updates[-1])})" if updates else "–"
    score, share = number(cell.middle("score"), 3), power(cell.middle("log10_share"))
    return [f"{cell.solved}/{len(cell.runs)}", dots, spread, score, share]


def _same(records: Sequence[Record]) -> str:
    pairs = [
        f"{name_of(key) or tr('initialisation')} {shown(value)}"
        for key, value in constant(records).items()
        if key != "updates"
    ]
    said = tr("The same in all runs: {pairs}.").format(pairs=", ".join(pairs))
    return f"<p class=small>{_safe(said)}</p>"


def _figure(svg: bytes, words: str) -> str:
    """A picture inside the page, with words for those who do not see it."""
    return f'<figure role="img" aria-label="{_safe(words)}">{svg.decode()}</figure>'


def _safe(text: str) -> str:
    return html.escape(text)
