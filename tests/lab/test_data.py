"""Own data as tasks: forecasts and letters, split without leakage, bad files told in one line."""

import numpy as np
import pytest

from lstmviz.files import BadInput, caps
from lstmviz.lab.comparison import compare
from lstmviz.lab.data import adopt, open_data, open_series, open_text
from lstmviz.lab.settings import Settings, with_changes
from lstmviz.lab.tasks import TASKS


@pytest.fixture
def ramp(tmp_path):
    """0, 1, 2, ...: every value says where it stands."""
    path = tmp_path / "ramp.csv"
    path.write_text("day,level\n" + "".join(f"d{k},{k}\n" for k in range(200)))
    return path


@pytest.fixture
def forget():
    known = set(TASKS)
    yield
    for name in set(TASKS) - known:
        del TASKS[name]


def rows_of(batch, cut=160):
    """The rows of the ramp that a batch holds, with the scale of the training part taken off."""
    mean, spread = np.mean(np.arange(cut)), np.std(np.arange(cut))
    return np.rint(np.asarray(batch) * spread + mean).astype(int)


@pytest.mark.parametrize("horizon", [1, 7])
def test_a_forecast_is_drawn_from_its_own_part_and_asks_for_the_row_ahead(ramp, horizon):
    task = open_series(ramp, "level", horizon)
    rng = np.random.default_rng(0)
    learned, kept = task.draw(10, 500, rng), task.unseen(10, 500, rng)
    for batch, low, high in ((learned, 0, 159), (kept, 160, 199)):
        read, wanted = rows_of(batch.x), rows_of(batch.targets)
        np.testing.assert_array_equal(wanted, read + horizon)
        assert read.min() == low and wanted.max() == high


def test_the_scale_of_a_series_is_that_of_its_training_part_alone(tmp_path):
    rng = np.random.default_rng(1)
    values = rng.normal(5.0, 2.0, size=400)
    for end in (values, np.concatenate([values[:320], 1e6 * values[320:]])):
        path = tmp_path / "a.csv"
        path.write_text("\n".join(map(repr, map(float, end))) + "\n")
        x = open_series(path).draw(2, 20_000, np.random.default_rng(0)).x
        assert x.mean() == pytest.approx(0.0, abs=0.05) and x.std() == pytest.approx(1.0, abs=0.05)


def test_the_chance_line_of_a_series_is_same_as_now(ramp):
    task = open_series(ramp, "2", horizon=3)
    spread = np.std(np.arange(160))
    assert task.chance_loss(5) == pytest.approx((3 / spread) ** 2)
    batch = task.unseen(20, 50, np.random.default_rng(0))
    assert task.score(batch.x, batch) == pytest.approx(0.0, abs=1e-9)
    assert task.solved(batch.targets, batch) and not task.solved(batch.x, batch)


def test_the_longest_window_fits_into_the_rows_kept_for_tests(ramp):
    task = open_series(ramp, horizon=4)
    task.unseen(task.greatest_gap, 3, np.random.default_rng(0))
    assert task.greatest_gap + 1 + 4 == 40


def test_the_letters_of_a_text_come_from_its_own_part(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("ab" * 900 + "cd" * 100, encoding="utf-8")
    task = open_data(path)
    rng = np.random.default_rng(0)
    assert task.inputs == task.outputs == 4
    assert {*task.draw(20, 99, rng).symbols} == {"a", "b"} and {*task.unseen(20, 99, rng).symbols} == {"c", "d"}


def test_characters_that_cannot_be_seen_are_shown_as_a_box(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a\u202e\u0301 \n" * 100, encoding="utf-8")
    assert {*open_text(path).draw(20, 1, np.random.default_rng(0)).symbols} == {"a", "□", "␣", "¶"}


def test_own_data_joins_the_tasks_that_settings_may_name(ramp, forget):
    task = open_data(ramp, "level", 2)
    with pytest.raises(BadInput, match="is unknown"):
        with_changes(Settings(), {"task": task.name}, "here")
    assert adopt(task) == task.name
    settings = with_changes(Settings(), {"task": task.name, "gap": 12}, "here")
    comparison = compare(settings)
    assert comparison.task is task and np.isfinite(comparison.racers[0].trace.loss)


def test_own_data_refuses_a_gap_beyond_its_end(ramp, forget):
    name = adopt(open_data(ramp))
    with pytest.raises(BadInput, match=r"100 is too large for the task ramp\.csv: level \(2 to 38\)"):
        with_changes(Settings(), {"task": name, "gap": 100}, "here")


def test_the_name_of_own_data_follows_its_contents(ramp, tmp_path):
    copy = tmp_path / "copy.csv"
    copy.write_bytes(ramp.read_bytes())
    assert open_data(ramp, "level").name == open_data(copy, "level").name
    assert open_data(ramp, "level").name != open_data(ramp, "level", 2).name
    copy.write_bytes(ramp.read_bytes().replace(b"d7,7", b"d7,8"))
    assert open_data(ramp, "level").name != open_data(copy, "level").name


@pytest.mark.parametrize(
    ("name", "contents", "said"),
    [
        ("a.csv", "1\n" * 49, "a.csv: column 1: the column has 49 numbers (50 or more)"),
        (
            "a.csv",
            "2\n" * 99 + "3\n",
            "a.csv: column 1: the numbers of the training part are all alike, or too far apart to tell "
            "(a series that changes)",
        ),
        (
            "a.csv",
            "1e300\n-1e300\n" * 50,
            "a.csv: column 1: the numbers of the training part are all alike, or too far apart to tell "
            "(a series that changes)",
        ),
        ("a.txt", "ab" * 199, "a.txt: the text has 398 characters (400 or more)"),
        ("a.txt", "a" * 500, "a.txt: the text is one character over and over (two different ones at least)"),
        ("a.txt", "", "a.txt: the file is empty (needs a text (.txt))"),
        ("a.dat", "1\n2\n", "a.dat: this is no data that can be learned (.csv, .tsv, .txt)"),
    ],
)
def test_data_that_cannot_be_learned_gets_one_line(tmp_path, monkeypatch, name, contents, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(contents)
    with pytest.raises(BadInput) as error:
        open_data(name)
    assert str(error.value) == said


@pytest.mark.parametrize("horizon", [0, 1001])
def test_a_horizon_out_of_range_is_refused(ramp, horizon):
    with pytest.raises(BadInput, match=rf"horizon = {horizon} is out of range \(1 to 1000\)"):
        open_data(ramp, horizon=horizon)


def test_a_series_that_repeats_at_its_horizon_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1\n2\n" * 60)
    assert open_data(path, horizon=1).inputs == 1
    with pytest.raises(BadInput, match="repeats itself at this horizon"):
        open_data(path, horizon=2)


def test_a_text_over_the_cap_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("ab" * 600)
    monkeypatch.setattr(caps, "TEXT_BYTES", 1200)
    assert open_text(path).inputs == 2
    monkeypatch.setattr(caps, "TEXT_BYTES", 1199)
    with pytest.raises(BadInput, match="too large"):
        open_text(path)


def test_a_title_shows_no_mark_that_reorders_text(tmp_path):
    path = tmp_path / "a\u202eb.csv"
    path.write_text("x\n" + "".join(f"{k * k % 17}\n" for k in range(80)))
    assert "\u202e" not in open_data(path).title and "\u202e" not in open_data(path).about
