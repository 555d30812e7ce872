"""Pictures of a lesson: PNG or JPEG from the lesson's own folder, told by their first bytes and measured unopened."""

from pathlib import Path

from lstmviz.files import caps, path_inside, read_bytes
from lstmviz.stage.lesson_place import Place
from lstmviz.words import tr

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# Frame headers of JPEG: all of C0..CF but the tables C4, C8 and CC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def checked_picture(name: str, place: Place) -> str:
    """The path of a picture that a lesson may show.

    Parameters
    ----------
    name : str
        As the lesson names it, relative to its own folder.
    place : Place
        Where it is named.

    Raises
    ------
    BadInput
        If the name leads out of the folder, there is no such file, it is neither PNG nor JPEG, too large or cut off.
    """
    path = path_inside(Path(place.file).parent, name, file=place.file, line=place.line)
    data = read_bytes(path, cap=caps.IMAGE_BYTES, kind=tr("a PNG or JPEG picture"))
    size = picture_size(data)
    allowed = tr("PNG or JPEG, at most {side} x {side} pixels").format(side=caps.IMAGE_SIDE)
    if size is None:
        raise place.refuse(tr("{name} is no whole PNG or JPEG").format(name=name), allowed)
    if not all(1 <= side <= caps.IMAGE_SIDE for side in size):
        wrong = tr("{name} has {width} x {height} pixels").format(name=name, width=size[0], height=size[1])
        raise place.refuse(wrong, allowed)
    return path


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, read from its header; None when it is neither."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return _jpeg_size(data) if data.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        if marker == 0xFF:  # a fill byte
            at += 1
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
