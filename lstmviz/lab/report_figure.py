"""The pictures of a report, as SVG: solved rates in a grid, solved runs over updates, the gradient before training.

Words used in this file
    rate      share of the runs of a cell of the grid that met the criterion
    share     of the gradient at t = T, what reached t = 1 before training, in powers of ten
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from lstmviz.lab.canvas import Point, SvgCanvas, text_width
from lstmviz.lab.figure import GRID, GROUND, HUES, INK, SECOND, SIDES, TEXT_HUES, mark
from lstmviz.lab.report_table import Cell, Grid, Row, name_of
from lstmviz.words import count, power, tr

WIDTH = 960
SIZE, SMALL = 14, 12
ROW, HEAD, GAP = 44, 62, 4  # heights of a row and of the head; room between cells
MOST_ROWS, MOST_LINES = 60, 10
PLOT, LINE_ROOM = 260, 17  # height of a plot; from one name to the next
DASHES = (None, (9.0, 5.0), (3.0, 3.5), (14.0, 4.0))


def grid_svg(grid: Grid) -> bytes:
    """Each cell of the grid with its n of N, darker the more runs were solved, and the median update of those."""
    rows = grid.rows[:MOST_ROWS]
    left = _left(rows)
    wide = min(130.0, (WIDTH - left) / len(grid.columns))
    canvas = SvgCanvas(WIDTH, HEAD + ROW * len(rows) + 8, GROUND)
    if grid.key:
        canvas.text((left, 18), name_of(grid.key), SIZE, SECOND)
    for number, column in enumerate(grid.columns):
        canvas.text(
            (left + (number + 0.5) * wide, HEAD - 14), column.label, _fitting(column.label, wide), INK, "middle", 600
        )
    for index, row in enumerate(rows):
        top = HEAD + ROW * index
        _row_name(canvas, row, top + ROW / 2)
        for number, cell in enumerate(row.cells):
            _cell(canvas, cell, (left + number * wide, top), wide)
    return canvas.svg()


def _left(rows: Sequence[Row]) -> float:
    return min(420.0, 42 + max((_room(row.label, SIZE) for row in rows), default=0.0))


def _room(text: str, size: float) -> float:
    """Width that a text may take in a reader's own typeface; many are wider than ours."""
    return 1.15 * text_width(text, size, 600)


def _row_name(canvas: SvgCanvas, row: Row, y: float) -> None:
    canvas.shape(mark((16, y), SIDES.get(row.network.upper(), 16)), _hue(HUES, row))
    canvas.text((30, y + 5), row.label, SIZE if _room(row.label, SIZE) < 380 else 10, INK, weight=600)


def _cell(canvas: SvgCanvas, cell: Cell | None, corner: Point, wide: float) -> None:
    x, y = corner
    box = [(x, y), (x + wide - GAP, y), (x + wide - GAP, y + ROW - GAP), (x, y + ROW - GAP)]
    if cell is None:
        canvas.line([box[0], box[2]], GRID, 1)
        return
    canvas.shape(box, _grey(cell.rate))
    canvas.line([*box, box[0]], SECOND, 1)
    colour, middle = (GROUND if cell.rate > 0.78 else INK), x + (wide - GAP) / 2
    update = cell.median_update()
    canvas.text(
        (middle, y + (25 if update is None else 18)), f"{cell.solved}/{len(cell.runs)}", SIZE, colour, "middle", 700
    )
    if update is not None:
        canvas.text((middle, y + 34), count(update), SMALL, colour, "middle")


def _grey(rate: float) -> str:
    level = round(255 - rate * 170)  # no darker: it is printed
    return f"#{level:02X}{level:02X}{min(level + 3, 255):02X}"


def _fitting(text: str, room: float) -> float:
    return min(SIZE, SIZE * (room - 8) / max(text_width(text, SIZE, 600), 1))


def curves_svg(grid: Grid, column: int, budget: int) -> bytes:
    """Share of the runs solved by each update, one line a row; the rows solved most often, when there are many."""
    rows = [row for row in grid.rows if row.cells[column] is not None]
    dashes = _dashes(rows)
    rows = sorted(rows, key=lambda row: (-_of(row, column).rate, _of(row, column).median_update() or 0))[:MOST_LINES]
    name_room = max(_room(f"{row.label} 00/00", SMALL) for row in grid.rows) + 60
    right, left, top = WIDTH - min(name_room, 440), 70, 40
    canvas = SvgCanvas(WIDTH, PLOT + 100, GROUND)
    bottom = top + PLOT

    def point(update: float, rate: float) -> Point:
        return left + update / budget * (right - left), bottom - rate * PLOT

    title = tr("share of the runs solved")
    canvas.text(
        (left, 20), f"{title}, {name_of(grid.key)} {grid.columns[column].label}" if grid.key else title, SIZE, SECOND
    )
    for rate in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line([point(0, rate), point(budget, rate)], GRID, 1)
        canvas.text((left - 10, point(0, rate)[1] + 5), f"{rate:g}", SMALL, SECOND, "end")
    for update in _ticks(budget):
        canvas.text((point(update, 0)[0], bottom + 20), str(update), SMALL, SECOND, "middle")
    canvas.text(((left + right) / 2, bottom + 42), tr("updates"), SIZE, SECOND, "middle")
    for index, row in reversed(list(enumerate(rows))):  # the best one last, over the others
        cell, dash, y = _of(row, column), dashes[row.label], top + 4 + index * LINE_ROOM
        _solved_line(canvas, row, cell, point, budget, dash)
        canvas.line([(right + 16, y), (right + 50, y)], _hue(HUES, row), 2.4, dash)
        text = f"{row.label} {cell.solved}/{len(cell.runs)}"
        canvas.text((right + 56, y + 4), text, SMALL, _hue(TEXT_HUES, row), weight=600)
    return canvas.svg()


def _dashes(rows: Sequence[Row]) -> dict[str, tuple[float, float] | None]:
    """A pattern for each row of a network, by label; with more rows than patterns they come again."""
    seen: dict[str, int] = {}
    found = {}
    for row in rows:
        found[row.label] = DASHES[seen.get(row.network, 0) % len(DASHES)]
        seen[row.network] = seen.get(row.network, 0) + 1
    return found


def _of(row: Row, column: int) -> Cell:
    cell = row.cells[column]
    assert cell is not None  # rows without runs in this column are left out before
    return cell


def _hue(hues: dict[str, str], row: Row) -> str:
    return hues.get(row.network.upper(), INK)


def _solved_line(
    canvas: SvgCanvas,
    row: Row,
    cell: Cell,
    point: Callable[[float, float], Point],
    budget: int,
    dash: tuple[float, float] | None,
) -> None:
    """A stair: it rises where a run was solved."""
    points, rate = [point(0, 0)], 0.0
    for update, runs in sorted(Counter(cell.updates()).items()):
        points.append(point(update, rate))
        rate += runs / len(cell.runs)
        points.append(point(update, rate))
    points.append(point(budget, rate))
    canvas.line(points, GROUND, 5)
    canvas.line(points, _hue(HUES, row), 2.4, dash)


def _ticks(budget: int) -> list[int]:
    spacing = next(s * 10**e for e in range(7) for s in (1, 2, 5) if budget / (s * 10**e) <= 8)
    return list(range(0, budget + 1, spacing))


def share_svg(grid: Grid) -> bytes:
    """Share of the gradient that reached t = 1 before training, against the share of the runs solved after it."""
    marks = [
        (row, cell) for row in grid.rows for cell in row.cells if cell and math.isfinite(cell.middle("log10_share"))
    ]
    shares = [cell.middle("log10_share") for _, cell in marks]
    low = min(math.floor(min(shares, default=-1.0)), -1)
    high = max(math.ceil(max(shares, default=0.0)), 0)
    left, right, top = 70.0, WIDTH - 40.0, 40.0
    canvas = SvgCanvas(WIDTH, PLOT + 100, GROUND)

    def point(share: float, rate: float) -> Point:
        return left + (share - low) / (high - low) * (right - left), top + (1 - rate) * PLOT

    canvas.text((left, 20), tr("share of the runs solved; a mark is a cell of the grid"), SIZE, SECOND)
    for rate in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line([point(low, rate), point(high, rate)], GRID, 1)
        canvas.text((left - 10, point(low, rate)[1] + 5), f"{rate:g}", SMALL, SECOND, "end")
    spacing = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if (high - low) / s <= 8), 5000)
    for exponent in range(high - high % spacing, low - 1, -spacing):
        label = "1" if exponent == 0 else power(float(exponent), 1).replace("1 × ", "")
        canvas.text((point(exponent, 0)[0], top + PLOT + 22), label, SMALL, SECOND, "middle")
    words = tr("share of the gradient at t = T that reached t = 1 before training (median)")
    canvas.text(((left + right) / 2, top + PLOT + 44), words, SIZE, SECOND, "middle")
    for row, cell in marks:
        corners = mark(point(cell.middle("log10_share"), cell.rate), SIDES.get(row.network.upper(), 16))
        canvas.shape(corners, _hue(HUES, row))
        canvas.line([*corners, corners[0]], GROUND, 1)
    return canvas.svg()
