"""``python -m benchmarks [P1 P5 ...]`` prints the rows of the table of goals, and which of them fall short.

With PyTorch installed (an extra nobody needs) as ratios; without it, our times alone.
"""

import os
import sys

# One core: a matrix library's second thread keeps spinning after its work, and that time counts as ours.
for variable in (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
):
    os.environ.setdefault(variable, "1")

from benchmarks import table  # noqa: E402

if __name__ == "__main__":
    table.main(sys.argv[1:])
