"""Make ``assets/controls``: the signs on check boxes, combo boxes and steppers, in each theme's colours.

A Qt style sheet takes its pictures from files only. They are made here from ``theme.py``, so that a colour is said
once; a test checks that they are still what this script makes.

Run ``python scripts/make_controls.py`` to write them again.
"""

from __future__ import annotations

from pathlib import Path

from lstmviz.views.theme import THEMES, Theme

# drawn in a square of 16; stroke widths in the same unit
SIGNS = {
    "tick": ("M3.4 8.5 L6.7 11.7 L12.6 4.8", 2.0),
    "chevron": ("M4 6.2 L8 10.2 L12 6.2", 1.6),
    "minus": ("M4.5 8 H11.5", 1.5),
    "plus": ("M4.5 8 H11.5 M8 4.5 V11.5", 1.5),
}


def sign(name: str, colour: str) -> str:
    """One sign as SVG, in one colour."""
    path, width = SIGNS[name]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>\n'
    )


def dot(colour: str) -> str:
    """The dot of a chosen radio button as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">'
        f'<circle cx="8" cy="8" r="4.6" fill="{colour}"/></svg>\n'
    )


def pictures(theme: Theme) -> dict[str, str]:
    """All pictures of one theme by file name."""
    made = {"tick.svg": sign("tick", theme.panel), "dot.svg": dot(theme.ink), "dot-off.svg": dot(theme.outline)}
    for name in ("chevron", "minus", "plus"):
        made[f"{name}.svg"] = sign(name, theme.ink)
        made[f"{name}-off.svg"] = sign(name, theme.outline)
    return made


if __name__ == "__main__":
    for theme in THEMES.values():
        folder = Path(__file__).resolve().parent.parent / "assets" / "controls" / theme.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in pictures(theme).items():
            (folder / name).write_text(source, encoding="utf-8", newline="\n")
    print(f"wrote {len(THEMES)} sets of {len(pictures(theme))} pictures")
