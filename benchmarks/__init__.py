"""How long things take on this machine; ratios are what to compare, times drift."""
