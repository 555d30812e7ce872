"""How large a user's file may be, and what may be in it; checked before anything is parsed or allocated.

Bytes unless a comment says otherwise. One number, one place: the error lines quote these constants, and the
tests stand at each of them and one above.
"""

from __future__ import annotations

import re

KB = 1 << 10
MB = 1 << 20

# Lessons
LESSON_BYTES = 1 * MB
LESSON_PAGES = 200
LESSON_PAGE_CHARACTERS = 20_000
LESSON_LINE_CHARACTERS = 2_000
LESSON_EMPHASIS_MARKS = 200  # in one paragraph
LESSON_LIST_DEPTH = 6  # Qt's rich text layout is exponential in the nesting

# Pictures in lessons
IMAGE_BYTES = 4 * MB
IMAGE_SIDE = 4096  # pixels, width and height
LESSON_IMAGES = 20

# JSON and TOML, wherever they appear
TREE_DEPTH = 32
TREE_NODES = 100_000

# Weights
WEIGHTS_BYTES = 64 * MB  # of the file, and of what a packed file unpacks to
WEIGHTS_HEADER_BYTES = 256 * KB  # a header of 99 MB costs 1.4 GB to parse
ARRAY_BYTES = 64 * MB  # of a file that holds one array
TENSORS = 64
TENSOR_DIMENSIONS = 4
TENSOR_NAME = re.compile(r"[A-Za-z0-9_.]{1,128}")

# Networks
HIDDEN = 512  # 1..512
INPUTS = 256  # 1..256
LAYERS = 4  # 1..4
TIMESTEPS = 10_000  # 1..10,000
TRACE_BYTES = 512 * MB  # shown before allocation

# Input sequences
CSV_BYTES = 32 * MB
CSV_ROWS = 200_000
CSV_COLUMNS = 64

# Sweeps
SPEC_BYTES = 256 * KB
SPEC_GROUPS = 200
SPEC_VALUES = 10_000  # of one key
RUNS = 100_000  # of one sweep, and lines of its file
RUNS_BYTES = 256 * MB

# Text to learn the letters of
TEXT_BYTES = 4 * MB

# Sessions, undo, log
SESSION_BYTES = 16 * MB
SESSION_WEIGHTS_BYTES = 10 * MB  # that a session holds itself; larger ones are named with their checksum
SESSION_DATA_BYTES = 2 * MB
UNDO_ENTRIES = 200
UNDO_BYTES = 64 * MB
LOG_BYTES = 2 * MB  # of one file
LOG_FILES = 5
