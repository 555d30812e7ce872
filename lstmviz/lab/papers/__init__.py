"""Published experiments: the set-ups of their papers, run again."""
