"""Where the lessons, fonts and icons that come with the program are found. Standard library only."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def resource(*parts: str) -> Traversable:
    """One file or folder that comes with the program.

    The wheel holds ``lessons/`` and ``assets/`` inside the package; a checkout, and an editable install of one, has
    them beside it.

    Parameters
    ----------
    *parts : str
        The path from the top of the repository, e.g. ``resource("assets", "fonts")``. Never a name a user gave.

    Returns
    -------
    Traversable
        A ``pathlib.Path`` in every ordinary installation. Whether the file is there is for the caller to find out.

    Raises
    ------
    FileNotFoundError
        If there is no folder of the first name: the installation is not whole.
    """
    package = files("lstmviz")
    for top in (package, Path(str(package)).parent):
        if top.joinpath(parts[0]).is_dir():
            return top.joinpath(*parts)
    raise FileNotFoundError(f"this installation of lstmviz has no {parts[0]!r} folder: install it again")
