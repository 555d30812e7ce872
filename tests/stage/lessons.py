"""Small lessons for the tests of reading and playing: a good one, and what to change to spoil it."""

HEAD = """```toml lesson
title = "Half-life"
minutes = 12
start = { lab = "race", task = "recall", gap = 20, cells = ["rnn", "lstm"], seed = 7 }
```

"""
FIRST = """# First page

A gate of $f$ keeps **{lstm.gradient_share}** after {gap} timesteps, press `PgDn`.

```toml stage
playhead = "forward end"
highlight = "gap"
```

---

"""
CURVE = """# Predict a curve

Above.

```toml stage
gap = 30
lstm.forget_bias = 1.0
```

```toml predict
kind = "curve"
cell = "rnn"
ask = "Draw it for the **RNN**."
```

Below: {rnn.gradient_share}.

```toml ask
ask = "What happened?"
options = [
  { text = "It fell", right = true, because = "Yes, to {rnn.gradient_share}." },
  { text = "It rose", because = "It fell to {rnn.gradient_share}." },
]
```

```toml notes
say = "Wait for *three* people."
what_if = [ { key = 1, label = "bias 0", stage = { "lstm.forget_bias" = 0.0 } } ]
```

---

"""
LAST = """# A task

```toml stage
gap = 10
playhead = "backward 3"
```

```toml check
ask = "At least 10 %."
holds = { quantity = "lstm.gradient_share", at_least = 0.1 }
hint = "A longer half-life."
```
"""
GOOD = HEAD + FIRST + CURVE + LAST


def spoiled(old: str, new: str, text: str = GOOD) -> str:
    """The good lesson with one stretch replaced, once; the stretch must be there."""
    assert old in text, old
    return text.replace(old, new, 1)
