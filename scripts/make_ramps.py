"""Make ``assets/ramps.npz``: the colour ramps, each resampled to equal perceived distance.

The colour space is CAM02-UCS (Luo, Cui & Li 2006) over CIECAM02 (CIE 159:2004), for sRGB on a D65 display in a dim
office. Nine anchors give the path of a ramp; a smooth curve runs through them; 256 entries are put at equal distances
along that curve. So a tile that is one colour lighter is always the same factor smaller, wherever it lies on the ramp.

Words used in this file
    srgb    (N, 3) display values 0..255
    ucs     (N, 3) lightness J' and the two chroma axes a', b'; a distance of 1 is just visible
    arm     half of a signed ramp: from zero to one end

Run ``python scripts/make_ramps.py`` to write the file again; a test checks that the bytes stay the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lstmviz.files import npz_bytes

ENTRIES = 256
DENSE = 4096  # points on the curve before resampling; 16 per entry

ANCHORS = {
    "gradient_light": "F7EFEF F2CBCC EEA5B3 E57EA5 D4569B B63492 901B84 661B68 3F1447",
    "gradient_dark": "1E1C1F 3C2942 642E68 952B89 BD4894 DB6C97 EC959E FABFB0 FFEBD7",
    "gradient_projector": "FFFAF9 F9CFD1 F4A2B4 E973A3 D33E98 A8208A 771670 49174A 1E0922",
    "signed_light": "21515C 287D89 6FA3A8 B3C8C8 F3EEED DCC49D C5964F A16623 704320",
    "signed_dark": "93E2E7 60ADB5 4B7B83 3D4F52 282625 5B4632 946634 CA8F37 F5CA66",
    "signed_projector": "13363D 226974 629BA0 B1CACA FFFAF9 E0C494 BE883A 8A5219 4B2B15",
}
GATE_LIGHTNESS = {"gate_light": (96.0, 20.0), "gate_dark": (20.0, 96.0), "gate_projector": (96.0, 20.0)}

# IEC 61966-2-1, linear sRGB to XYZ with white at Y = 100
XYZ_OF_RGB = 100 * np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([95.047, 100.0, 108.883])
CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
HUNT = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]])
ADAPTING_LUMINANCE = 64 / np.pi / 5  # a 64 lux office, grey world
BACKGROUND = 20.0  # relative luminance of the background
SURROUND_F, SURROUND_C, SURROUND_N = 1.0, 0.69, 1.0  # average surround


def ucs_of_srgb(srgb: np.ndarray) -> np.ndarray:
    """Colours in CAM02-UCS.

    Parameters
    ----------
    srgb : float64 (N, 3)
        Display values, 0..255.

    Returns
    -------
    ucs : float64 (N, 3)
        J' (0 black .. 100 white), a', b'.

    References
    ----------
    CIE 159:2004, the forward model; Luo, Cui & Li (2006), equations for the uniform space.
    """
    v = np.asarray(srgb, dtype=np.float64) / 255
    linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    xyz = linear @ XYZ_OF_RGB.T

    k = 1 / (5 * ADAPTING_LUMINANCE + 1)
    f_l = 0.2 * k**4 * 5 * ADAPTING_LUMINANCE + 0.1 * (1 - k**4) ** 2 * (5 * ADAPTING_LUMINANCE) ** (1 / 3)
    n = BACKGROUND / WHITE[1]
    n_bb = 0.725 * (1 / n) ** 0.2
    adapted = SURROUND_F * (1 - np.exp((-ADAPTING_LUMINANCE - 42) / 92) / 3.6)
    gain = adapted * WHITE[1] / (CAT02 @ WHITE) + 1 - adapted

    red, green, blue = _cones(xyz, gain, f_l).T
    white_red, white_green, white_blue = _cones(WHITE[None], gain, f_l).T

    a = red - 12 * green / 11 + blue / 11
    b = (red + green - 2 * blue) / 9
    hue = np.arctan2(b, a)
    achromatic = (2 * red + green + blue / 20 - 0.305) * n_bb
    achromatic_white = (2 * white_red + white_green + white_blue / 20 - 0.305) * n_bb
    lightness = 100 * (achromatic / achromatic_white) ** (SURROUND_C * (1.48 + np.sqrt(n)))

    eccentricity = (np.cos(hue + 2) + 3.8) / 4
    t = 50000 / 13 * SURROUND_N * n_bb * eccentricity * np.hypot(a, b) / (red + green + 21 * blue / 20)
    colourfulness = t**0.9 * np.sqrt(lightness / 100) * (1.64 - 0.29**n) ** 0.73 * f_l**0.25

    uniform = np.log1p(0.0228 * colourfulness) / 0.0228
    return np.stack(
        [1.7 * lightness / (1 + 0.007 * lightness), uniform * np.cos(hue), uniform * np.sin(hue)],
        axis=1,
    )


def _cones(xyz: np.ndarray, gain: np.ndarray, f_l: float) -> np.ndarray:
    # adapted cone responses after compression, (N, 3)
    sharp = (xyz @ CAT02.T) * gain
    cone = sharp @ np.linalg.inv(CAT02).T @ HUNT.T
    power = (f_l * np.abs(cone) / 100) ** 0.42
    return np.sign(cone) * 400 * power / (power + 27.13) + 0.1


def srgb_of_hex(anchors: str) -> np.ndarray:
    """Anchors such as ``"F7EFEF F2CBCC"`` as an array of display values 0..255, float64 (N, 3)."""
    return np.array([list(bytes.fromhex(word)) for word in anchors.split()], dtype=np.float64)


def smooth_path(anchors: np.ndarray, count: int = DENSE) -> np.ndarray:
    """Natural cubic spline through the anchors, inside the display's gamut.

    Parameters
    ----------
    anchors : float64 (K, 3)
        Display values 0..255 the path goes through, at equal parameter distances.
    count : int
        Points on the path.

    Returns
    -------
    srgb : float64 (count, 3)
    """
    last = len(anchors) - 1
    system = np.eye(last + 1)
    bend = np.zeros_like(anchors)
    for k in range(1, last):
        system[k, k - 1 : k + 2] = 1, 4, 1
        bend[k] = 6 * (anchors[k + 1] - 2 * anchors[k] + anchors[k - 1])
    second = np.linalg.solve(system, bend)
    at = np.linspace(0, last, count)
    k = np.minimum(at.astype(int), last - 1)
    u = (at - k)[:, None]
    path = (
        (1 - u) * anchors[k]
        + u * anchors[k + 1]
        + ((1 - u) ** 3 - (1 - u)) / 6 * second[k]
        + (u**3 - u) / 6 * second[k + 1]
    )
    return np.clip(path, 0, 255)


def resample(path: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Points of ``path`` (N, 3) at the given ``shares`` (M,), 0..1, of its CAM02-UCS length; float64 (M, 3)."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ucs_of_srgb(path), axis=0), axis=1))])
    wanted = shares * length[-1]
    return np.stack([np.interp(wanted, length, channel) for channel in path.T], axis=1)


def sequential(anchors: np.ndarray) -> np.ndarray:
    """A one-way ramp: 256 entries, equally far apart, float64 (256, 3)."""
    return resample(smooth_path(anchors), np.linspace(0, 1, ENTRIES))


def signed(anchors: np.ndarray) -> np.ndarray:
    """A two-way ramp: entry k stands for the value 2 k / 255 - 1; each arm is even by itself, float64 (256, 3).

    An even count has no entry for exactly 0: the two middle ones stand for -1/255 and 1/255, equally far from it.
    """
    middle = len(anchors) // 2
    shares = np.arange(1, ENTRIES, 2) / (ENTRIES - 1)
    negative = resample(smooth_path(anchors[middle::-1]), shares)
    positive = resample(smooth_path(anchors[middle:]), shares)
    return np.concatenate([negative[::-1], positive])


def neutral(first: float, last: float) -> np.ndarray:
    """Greys from lightness J' ``first`` to ``last``, equally far apart, float64 (256, 3)."""
    greys = np.repeat(np.linspace(0, 255, DENSE)[:, None], 3, axis=1)
    ends = np.interp([first, last], ucs_of_srgb(greys)[:, 0], greys[:, 0])
    return resample(np.repeat(np.linspace(*ends, DENSE)[:, None], 3, axis=1), np.linspace(0, 1, ENTRIES))


def exact_ramps() -> dict[str, np.ndarray]:
    """All ramps before rounding to whole display values, by name, float64 (256, 3) each."""
    made = {
        name: (signed if name.startswith("signed") else sequential)(srgb_of_hex(anchors))
        for name, anchors in ANCHORS.items()
    }
    return made | {name: neutral(*ends) for name, ends in GATE_LIGHTNESS.items()}


def ramps() -> dict[str, np.ndarray]:
    """All ramps as they are shipped, by name, uint8 (256, 3) each."""
    return {name: np.rint(ramp).astype(np.uint8) for name, ramp in exact_ramps().items()}


def ramp_file() -> bytes:
    """The bytes of ``assets/ramps.npz``; the same on every machine."""
    return npz_bytes(ramps())


if __name__ == "__main__":
    target = Path(__file__).resolve().parent.parent / "assets" / "ramps.npz"
    target.write_bytes(ramp_file())
    print(f"wrote {target.name}: {len(ramps())} ramps of {ENTRIES} colours")
