"""What the machine's registers hold: how wide a vector is, and which tiles of a product fit into them.

AVX-512 has 32 registers of 64 bytes, AVX2 16 of 32 bytes; elsewhere (NEON, SSE) LLVM splits vectors of 32 bytes. A
processor named by NUMBA_CPU_NAME is taken for one with AVX2 unless NUMBA_CPU_FEATURES says more.
"""

from typing import Any

import llvmlite.binding as llvm
import numba

config: Any = numba.config


def _features() -> str:
    if config.CPU_FEATURES is not None:
        return str(config.CPU_FEATURES)
    if config.CPU_NAME is not None and config.CPU_NAME != llvm.get_host_cpu_name():
        return ""
    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:  # LLVM does not know this processor
        return ""


AVX512 = "+avx512f" in _features().split(",") and "+avx512vl" in _features().split(",")
BYTES = 64 if AVX512 else 32  # of a vector
ROWS = 4 if AVX512 else 2  # sequences in one tile of a product with the weights
WIDEST = 6 if AVX512 else 3  # vectors side by side in one tile
