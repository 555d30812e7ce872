"""The look of Qt's own controls: ink and grey, never a hue.

Put on the application once and again whenever theme or text size change::

    fonts.load()
    app.setStyle("Fusion")
    apply(app, theme)

A widget's look is chosen by its class and its dynamic property ``role``: ``button.setProperty("role", "primary")``, set
before the widget is first shown (afterwards call ``restyle(widget)``).

==============  ===========================================================================================
class           roles
==============  ===========================================================================================
QPushButton     (none) ordinary, 32 high; ``primary`` ink ground, 36; ``icon`` square, for a drawn icon;
                ``play`` primary and square; ``segment`` inside a segmented frame; ``link`` underlined text;
                ``plain`` no frame (switch bar)
QRadioButton    (none); ``choice`` a framed row of a question
QFrame          ``panel`` panel ground; ``column`` panel with a hairline at its right; ``bar`` panel with a
                hairline below; ``footer`` with a hairline above; ``side`` with a hairline at its left;
                ``card`` hairline frame; ``question`` window ground and outline;
                ``error`` ink frame with a thick left edge (put a margin of 20 on its layout);
                ``empty`` dashed; ``segmented``; ``rule`` a hairline (set its height or width to 1)
QLabel          ``display`` 30, ``title`` 21, ``heading`` 15, ``body`` 14.5, ``strong`` 13 and heavy,
                (none) 13, ``secondary`` 13, ``hint`` 12, ``value`` mono 13.5, ``key`` a key cap,
                ``chip`` a rounded note
QProgressBar    no text; 8 high; ``thin`` 2 high
QTextBrowser    ``page`` no frame, panel ground
==============  ===========================================================================================

The focus ring is not made here: a style sheet cannot paint outside a control. See ``focus_ring.py``.

Words used in this file
    scale   text size setting, 0.8 .. 2.0; type, heights and hit targets grow with it
"""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from lstmviz.resources import resource
from lstmviz.views import fonts
from lstmviz.views.theme import Theme

PICTURES = "lstmvizcontrols"  # search path of the pictures in the sheet
TALLEST = 64  # the template may ask for $px2 .. $px63


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The style sheet of one theme.

    Parameters
    ----------
    theme : Theme
    scale : float
        Text size, 0.8 .. 2.0.

    Returns
    -------
    str
        A Qt style sheet; its pictures are found once ``apply`` has run.
    """
    sizes = {f"px{px}": _px(px, scale) for px in range(2, TALLEST)}
    handle, dot, groove = _even(12, scale), _even(14, scale), _px(4, scale)
    shapes = {
        "handle": handle,
        "handle_radius": handle // 2 + 2,
        "handle_out": (handle + 4 - groove) // 2,
        "dot": dot,
        "dot_on": dot - 2,
        "dot_radius": dot // 2 + 1,
    }
    colours = {
        role: getattr(theme, role)
        for role in ("window", "panel", "sunk", "hairline", "outline", "ink", "secondary", "hint")
    }
    template = resource("assets", "controls", "controls.qss").read_text(encoding="utf-8")
    return Template(template).substitute(colours, pictures=f"{PICTURES}:{theme.name}", **sizes, **shapes)


def _px(px: float, scale: float) -> int:
    return max(1, int(px * scale + 0.5))


def _even(px: float, scale: float) -> int:
    # an odd circle has its centre between pixels and looks like an egg
    return 2 * int(px * scale / 2 + 0.5)


def palette(theme: Theme) -> QPalette:
    """The palette of one theme, for Fusion and for widgets that paint themselves.

    Such a widget needs no theme for its ink and greys: ``WindowText`` is ink, ``Base`` panel, ``Window`` window,
    ``AlternateBase`` sunk, ``Midlight`` hairline, ``Mid`` outline, ``Dark`` secondary, ``PlaceholderText`` hint.
    """
    role = QPalette.ColorRole
    made = QPalette()
    for colour, roles in (
        (theme.window, (role.Window,)),
        (theme.panel, (role.Base, role.Button, role.ToolTipBase, role.Light, role.HighlightedText)),
        (theme.sunk, (role.AlternateBase,)),
        (theme.hairline, (role.Midlight,)),
        (theme.outline, (role.Mid,)),
        (theme.secondary, (role.Dark, role.LinkVisited)),
        (theme.hint, (role.PlaceholderText,)),
        (theme.ink, (role.WindowText, role.Text, role.ButtonText, role.BrightText, role.ToolTipText)),
        (theme.ink, (role.Highlight, role.Link, role.Shadow, role.Accent)),
    ):
        for each in roles:
            made.setColor(each, QColor(colour))
    for disabled in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, disabled, QColor(theme.hint))
    return made


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application a theme, at the text size now set in ``fonts``."""
    QDir.setSearchPaths(PICTURES, [str(resource("assets", "controls"))])
    app.setFont(fonts.text(13, prose=True))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme, fonts.text_size()))


def restyle(widget: QWidget) -> None:
    """Look a widget's rules up again, after its ``role`` changed while it was on screen."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
