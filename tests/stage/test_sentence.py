"""The plot in words and as a table: built from the arrays that are drawn, and silent on what is not."""

import time

import pytest

from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.sentence import _losses, gradient_sentence, plot_table
from lstmviz.stage.stage import Stage
from lstmviz.stage.training_frame import training_frame
from lstmviz.words import power


@pytest.fixture
def stage():
    made = Stage(Settings(gap=50), engine="reference")
    yield made
    made.close()


def test_the_sentence_says_where_each_network_starts_and_ends(stage):
    said = gradient_sentence(stage.frame)
    rnn, lstm = (lane.log10_h for lane in stage.frame.lanes)
    assert said.startswith("Gradient reaching each timestep, gap 50. RNN falls from ")
    assert f"from {power(float(rnn[-1]))} at t = 51 to {power(float(rnn[0]))} at t = 1, nearly straight" in said
    assert f"to {power(float(lstm[0]))} at t = 1." in said
    assert said.endswith(f"The band below float64 begins at {power(stage.frame.axis.band, 1)}.")


def test_what_the_sweep_has_not_reached_is_not_told(stage):
    stage.seek(80)
    stage.tick(0.0)
    first = stage.frame.painted_gradient
    assert f"at t = {first}" in gradient_sentence(stage.frame)
    assert [row[0] for row in plot_table(stage.frame).rows] == [str(t) for t in range(first, 52)]
    assert len(plot_table(stage.frame).numbers) == 52 - first


def test_a_page_that_asks_first_does_not_tell(stage):
    lesson = read_lesson(shipped_lessons()[0])
    page = next(k for k, page in enumerate(lesson.pages) if page.predict and page.predict.hides_gradient)
    stage.lesson.open(lesson, page)
    stage.tick(0.0)
    assert gradient_sentence(stage.frame) == f"Gap {stage.settings.gap}. The backward pass has not begun."
    assert plot_table(stage.frame).rows == []


def test_without_networks_there_is_nothing_to_say(stage):
    stage.change({"cells": ()})
    stage.tick(0.0)
    assert gradient_sentence(stage.frame) == "No network is shown."


def test_the_table_holds_the_drawn_numbers(stage):
    table = plot_table(stage.frame)
    assert table.header == ["timestep t", "RNN: log₁₀ |∂L/∂h|", "LSTM: log₁₀ |∂L/∂h|"]
    assert float(table.rows[0][1].replace("−", "-")) == pytest.approx(stage.frame.lanes[0].log10_h[0], abs=1e-4)
    assert table.names == ["timestep", "rnn_log10_grad_norm_h", "lstm_log10_grad_norm_h"]
    assert table.numbers[50][2] == stage.frame.lanes[1].log10_h[50]


def test_at_level_update_the_table_is_that_of_the_losses(stage):
    stage.change({"gap": 5})
    stage.set_level("update")
    stage.train(3)
    while stage.frame.training is None or stage.frame.training.trained < 3 or stage.frame.training.running:
        time.sleep(0.005)
        stage.tick(0.0)
    table = plot_table(stage.frame)
    assert (table.title, table.header) == ("Loss at each update", ["update", "RNN: loss", "LSTM: loss"])
    assert [row[0] for row in table.numbers] == [0, 1, 2]
    assert [row[2] for row in table.numbers] == stage.frame.training.losses[1].tolist()


def test_a_network_that_is_not_finite_says_where(stage):
    stage.change({"gain": 0.0, "rnn.initialisation": "orthogonal"})
    stage.tick(0.0)
    assert "−∞" in plot_table(stage.frame).rows[0][1]
    assert "to 0 at t = 1" in gradient_sentence(stage.frame)


def test_a_network_that_stopped_early_has_empty_cells_in_the_table_of_losses():
    training = Training(Settings(gap=5, hidden=4), Recipe(early_stopping=1, test_every=2, sequences=4))
    while None in training.progress().stopped_at and training.trained < 400:
        training.advance()
    progress = training.progress()
    shown = training_frame(progress, training.heat_maps(), ("rnn", "lstm"), 0.7)
    table = _losses(shown)
    lengths = [len(losses) for losses in progress.losses]
    assert min(lengths) < max(lengths) == len(table.rows)
    for column, (losses, length) in enumerate(zip(progress.losses, lengths, strict=True), start=1):
        assert [row[column] for row in table.numbers] == [*losses, *([None] * (len(table.rows) - length))]
        assert all(row[column] == "" for row in table.rows[length:])
