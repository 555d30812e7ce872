"""Formulas and loops: each cell forward and backward, as plain NumPy and as Numba kernels.

The engine validates nothing: callers promise the shapes documented in ``arrays``. Importing it does not
import Numba; ``choose.cell_functions`` does so when kernels are asked for.
"""
