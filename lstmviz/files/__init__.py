"""The only code that opens or writes a user's file: caps, one error line, whole saves."""

from lstmviz.files import caps
from lstmviz.files.column import columns, parse_column, read_column
from lstmviz.files.error_line import BadInput
from lstmviz.files.formats import refuse_by_name
from lstmviz.files.inside import path_inside
from lstmviz.files.lines import LineFile, read_lines
from lstmviz.files.npy import npy_bytes, parse_npy, read_npy
from lstmviz.files.npz import npz_bytes, parse_npz, read_npz
from lstmviz.files.read import decode_text, read_bytes, read_text
from lstmviz.files.save import Disk, atomic_save, check_target
from lstmviz.files.table import csv_bytes, parse_csv, read_csv
from lstmviz.files.tensors import parse_safetensors, read_safetensors, safetensors_bytes
from lstmviz.files.toml import lines_to_key, parse_toml
from lstmviz.files.tree import parse_json

__all__ = [
    "BadInput",
    "Disk",
    "LineFile",
    "atomic_save",
    "caps",
    "check_target",
    "columns",
    "csv_bytes",
    "decode_text",
    "lines_to_key",
    "npy_bytes",
    "npz_bytes",
    "parse_column",
    "parse_csv",
    "parse_json",
    "parse_npy",
    "parse_npz",
    "parse_safetensors",
    "parse_toml",
    "path_inside",
    "read_bytes",
    "read_column",
    "read_csv",
    "read_lines",
    "read_npy",
    "read_npz",
    "read_safetensors",
    "read_text",
    "refuse_by_name",
    "safetensors_bytes",
]
