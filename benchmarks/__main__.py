"""``python -m benchmarks`` prints every table."""

import os

# One core: NumPy's matrix library would otherwise keep a second one spinning, whose time counts as ours.
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(variable, "1")

from benchmarks import engine, jacobian  # noqa: E402

if __name__ == "__main__":
    engine.main()
    jacobian.main()
