"""The cells once more, as the definition: lists of numbers, one unit at a time, one sequence.

Slow on purpose, and written for any kind of number: complex ones give derivatives by complex steps, mpmath's give
values to 50 digits. Every computed number passes through ``node``, where a nudge can be added to it: the derivative of
the loss by anything is how the loss answers to that nudge.
"""

import cmath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mpmath


@dataclass
class Numbers:
    exp: Callable[[Any], Any]

    def sigmoid(self, a: Any) -> Any:
        return 1 / (1 + self.exp(-a))

    def tanh(self, a: Any) -> Any:
        return 1 - 2 / (1 + self.exp(2 * a))

    def relu(self, a: Any) -> Any:
        return a if a.real > 0 else 0 * a


COMPLEX = Numbers(cmath.exp)
FIFTY = mpmath.MPContext()
FIFTY.dps = 60
FIFTY_DIGITS = Numbers(FIFTY.exp)


@dataclass
class Run:
    """One sequence through one cell; ``found[name, t, unit]`` is everything it computed."""

    numbers: Numbers
    parameters: Any
    form: str = ""  # activation of the RNN, variant of the LSTM, place of the GRU's reset gate
    nudge: dict = field(default_factory=dict)
    found: dict = field(default_factory=dict)

    def node(self, *key: Any, value: Any) -> Any:
        self.found[key] = value + self.nudge.get(key, 0)
        return self.found[key]

    def weight(self, name: str, *place: int) -> Any:
        value = getattr(self.parameters, name)
        for index in place:
            value = value[index]
        return self.node(name, *place, value=value)

    def product(self, name: str, row: int, vector: list) -> Any:
        return sum(self.weight(name, row, k) * v for k, v in enumerate(vector))

    def rnn(self, t: int, x: list, h: list) -> list:
        squash = getattr(self.numbers, self.form or "tanh")
        a = [self.node("a", t, k, value=self.affine(k, x) + self.product("weight_hh", k, h)) for k in range(len(h))]
        return [self.node("h", t + 1, k, value=squash(a[k])) for k in range(len(h))]

    def affine(self, row: int, x: list) -> Any:
        return self.product("weight_ih", row, x) + self.weight("bias", row)

    def lstm(self, t: int, x: list, h: list, c: list) -> tuple[list, list]:
        n, form, linear, c_before = len(h), self.form, lambda a: a, c
        there = {"nfg": "igo", "nig": "fgo", "nog": "ifg", "cifg": "igo"}.get(form, "ifgo")
        squash = {"g": linear if form == "niaf" else self.numbers.tanh}

        def gate(name: str, seen: list) -> list:
            if name not in there:
                ones = [1 - i[k] for k in range(n)] if (name, form) == ("f", "cifg") else [1] * n
                return [self.node(name, t, k, value=ones[k]) for k in range(n)]
            found = []
            for k in range(n):
                row = there.index(name) * n + k
                z = self.affine(row, x) + self.product("weight_hh", row, h)
                if form == "peephole" and name != "g":
                    z += self.weight("peephole", "ifo".index(name) * n + k) * seen[k]
                if form == "fgr" and name != "g" and t > 0:
                    before = [self.found[other, t - 1, unit] for other in "ifo" for unit in range(n)]
                    z += self.product("weight_gates", "ifo".index(name) * n + k, before)
                z = self.node("z", t, row, value=z)
                found.append(self.node(name, t, k, value=squash.get(name, self.numbers.sigmoid)(z)))
            return found

        i = gate("i", c)
        f, g = gate("f", c), gate("g", c)
        c = [self.node("c", t + 1, k, value=f[k] * c_before[k] + i[k] * g[k]) for k in range(n)]
        o = gate("o", c)
        out = linear if form == "noaf" else self.numbers.tanh
        tanh_c = [self.node("tanh_c", t, k, value=out(c[k])) for k in range(n)]
        return [self.node("h", t + 1, k, value=o[k] * tanh_c[k]) for k in range(n)], c

    def gru(self, t: int, x: list, h: list) -> list:
        m, sigmoid, tanh = len(h), self.numbers.sigmoid, self.numbers.tanh
        a = [self.node("a", t, k, value=self.affine(k, x) + self.product("weight_hh", k, h)) for k in range(2 * m)]
        r = [self.node("r", t, k, value=sigmoid(a[k])) for k in range(m)]
        z = [self.node("z", t, k, value=sigmoid(a[m + k])) for k in range(m)]
        seen = [r[k] * h[k] for k in range(m)] if self.form == "before" else h
        hn = [self.product("weight_hh", 2 * m + k, seen) + self.weight("bias_hn", k) for k in range(m)]
        hn = [self.node("hn", t, k, value=hn[k]) for k in range(m)]
        told = hn if self.form == "before" else [r[k] * hn[k] for k in range(m)]
        a_n = [self.node("a", t, 2 * m + k, value=self.affine(2 * m + k, x) + told[k]) for k in range(m)]
        n = [self.node("n", t, k, value=tanh(a_n[k])) for k in range(m)]
        return [self.node("h", t + 1, k, value=(1 - z[k]) * n[k] + z[k] * h[k]) for k in range(m)]

    def loss(self, cell: str, x: list, state: tuple, loss_weight: list) -> Any:
        """sum of loss_weight * h; ``x`` (T, I), ``state`` is (h0,) or (h0, c0), ``loss_weight`` (T, H)."""
        state = [
            [self.node(name, 0, k, value=v) for k, v in enumerate(row)] for name, row in zip("hc", state, strict=False)
        ]
        total = 0
        for t, row in enumerate(x):
            row = [self.node("x", t, k, value=v) for k, v in enumerate(row)]
            after = getattr(self, cell)(t, row, *state)
            state = list(after) if cell == "lstm" else [after]
            total += sum(w * h for w, h in zip(loss_weight[t], state[0], strict=True))
        return total
