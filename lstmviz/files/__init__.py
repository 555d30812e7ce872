"""The only code that opens or writes a user's file: caps, one error line, whole saves."""

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput
from lstmviz.files.save import Disk, atomic_save

__all__ = ["BadInput", "Disk", "atomic_save", "caps"]
