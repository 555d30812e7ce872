"""The figure of the gradients: every curve named, no two names in one place, at every setting."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lstmviz.lab import figure
from lstmviz.lab.canvas import text_width
from lstmviz.lab.comparison import compare
from lstmviz.lab.settings import Settings

SVG = "{http://www.w3.org/2000/svg}"


def curves_of(**fields):
    comparison = compare(engine="reference", **fields)
    return {racer.name: racer.trace.flow.log10_h for racer in comparison.racers}


def texts(svg):
    return [(element.text, float(element.get("y"))) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("forget_bias", [-2, -1, 0, 1, 2, 3, 5, 10, "chrono"])
@pytest.mark.parametrize("gap", [2, 50, 120])
def test_the_names_of_three_networks_never_cover_each_other(gap, forget_bias):
    svg = figure.gradient_svg(curves_of(gap=gap, cells="rnn,lstm,gru", forget_bias=forget_bias))
    places = sorted(y for text, y in texts(svg) if text in ("RNN", "LSTM", "GRU"))
    assert len(places) == 3
    assert np.diff(places).min() >= figure.NAME_ROOM - 0.11  # the file holds one decimal


def test_curves_in_one_place_are_named_one_under_the_other():
    # Names a little above the middle, then a little below: neither may be sent back to where it came from.
    assert figure.spread([300.0, 280.0], 34, 76, 470) == [314.0, 280.0]
    assert figure.spread([470.0, 470.0, 470.0], 34, 76, 470) == [402.0, 436.0, 470.0]
    assert figure.spread([70.0, 80.0], 34, 76, 470) == [76.0, 110.0]


def test_names_that_have_room_stay_beside_their_curves():
    assert figure.spread([400.0, 100.0, 200.0], 34, 76, 470) == [400.0, 100.0, 200.0]


def test_a_curve_of_zeros_is_called_exactly_zero_and_not_drawn():
    zeros = np.full(11, -np.inf)
    zeros[-1] = 0.0
    shown = [text for text, _ in texts(figure.gradient_svg({"RNN": zeros}))]
    assert "exactly zero" in shown


def test_a_figure_without_networks_or_without_numbers_has_its_axes_still():
    for curves in ({}, {"LSTM": np.full(6, np.nan)}):
        assert "timestep t" in [text for text, _ in texts(figure.gradient_svg(curves))]
        assert figure.gradient_png(curves).startswith(b"\x89PNG")
        assert figure.gradient_gif(curves).startswith(b"GIF89a")


def test_the_animated_figure_ends_with_the_whole_sweep():
    curves = curves_of(gap=12)
    with Image.open(io.BytesIO(figure.gradient_gif(curves))) as gif:
        assert gif.n_frames == 13
        first = np.asarray(gif.convert("RGB")).astype(int)
        gif.seek(12)
        last = np.asarray(gif.convert("RGB")).astype(int)
    with Image.open(io.BytesIO(figure.gradient_png(curves))) as still:
        whole = np.asarray(still.convert("RGB")).astype(int)
    assert np.abs(last - whole).mean() < 3
    assert np.abs(first - whole).mean() > np.abs(last - whole).mean()


def test_the_caption_names_what_is_unusual_and_fits_the_figure():
    usual = figure.caption_of(Settings(), 0)
    assert usual == "recall, gap 50, 16 units, forget bias 3.0, RNN uniform, gain 1.0, seed 0, untrained"
    special = replace(Settings(), variant="cifg", reset="before")
    assert figure.caption_of(special, 0) == usual + ", LSTM cifg"
    assert figure.caption_of(replace(special, cells=("gru",)), 0).endswith("reset gate before the product")
    longest = Settings("adding", 9999, seed=9999, hidden=512, fair="parameters", forget_bias=-1.75, batch=1024,
                       initialisation="orthogonal", gain=1.25, dtype="float32")  # fmt: skip
    caption = figure.caption_of(longest, 5000)
    assert caption.endswith("after 5000 updates, equal parameters, 1024 sequences, float32")
    assert "forget bias \u22121.75" in caption
    svg = ElementTree.fromstring(figure.gradient_svg({}, caption))
    [start] = [float(e.get("x")) for e in svg.iter(f"{SVG}text") if e.text == caption]
    assert start >= figure.EDGE
    assert start + text_width(caption, 13) <= figure.WIDTH
