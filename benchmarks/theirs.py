"""The same work in PyTorch, where it is installed; every function gives None where it is not."""

from collections.abc import Callable

from benchmarks.ours import INPUTS
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Recipe, Training

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

Run = Callable[[], object] | None


def fused(cell: str, dtype: str, hidden: int, sequences: int, timesteps: int) -> Run:
    """nn.LSTM, nn.GRU or nn.RNN forward and backward: fast, and nothing but h is kept."""
    if torch is None:
        return None
    torch.manual_seed(0)
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[cell]
    net = kind(INPUTS, hidden, dtype=getattr(torch, dtype))
    x = torch.randn(timesteps, sequences, INPUTS, dtype=getattr(torch, dtype), requires_grad=True)

    def run() -> None:
        net.zero_grad(set_to_none=True)
        x.grad = None
        net(x)[0][-1].sum().backward()

    return run


def loop(dtype: str, hidden: int, sequences: int, timesteps: int) -> Run:
    """An LSTM as one writes it to see inside: a loop that keeps every gate and asks for its gradient."""
    if torch is None:
        return None
    torch.manual_seed(0)
    kind = {"dtype": getattr(torch, dtype)}
    weights = [torch.randn(4 * hidden, n, **kind) / hidden**0.5 for n in (INPUTS, hidden)]
    weights.append(torch.zeros(4 * hidden, **kind))
    for weight in weights:
        weight.requires_grad_()
    x = torch.randn(timesteps, sequences, INPUTS, **kind)

    def run() -> list[list[torch.Tensor]]:
        for weight in weights:
            weight.grad = None
        h = c = torch.zeros(sequences, hidden, **kind)
        kept = []
        for row in x:
            z = row @ weights[0].T + h @ weights[1].T + weights[2]
            i, f, g, o = z.chunk(4, 1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            tanh_c = c.tanh()
            h = o * tanh_c
            kept.append([z, i, f, g, o, c, tanh_c, h])
            for value in kept[-1]:
                value.retain_grad()
        h.sum().backward()
        return kept

    return run


def training(hidden: int, sequences: int, dtype: str) -> Run:
    """One update on the adding problem with nn.LSTM, nn.Linear, clipping and Adam; the same batches."""
    if torch is None:
        return None
    source = Training(
        Settings(task="adding", gap=99, cells=("lstm",), hidden=hidden, dtype=dtype), Recipe(batch=sequences)
    )
    kind = getattr(torch, dtype)
    inputs = source.batch(0).x.shape[2]
    lstm, linear = torch.nn.LSTM(inputs, hidden, dtype=kind), torch.nn.Linear(hidden, 1, dtype=kind)
    parameters = [*lstm.parameters(), *linear.parameters()]
    adam, update = torch.optim.Adam(parameters, 3e-3), iter(range(10**9))

    def run() -> None:
        batch = source.batch(next(update))
        x = torch.tensor(batch.x, dtype=kind)
        targets = torch.tensor(batch.targets, dtype=kind).reshape(-1, 1)
        adam.zero_grad(set_to_none=True)
        loss = ((linear(lstm(x)[0][-1]) - targets) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()

    return run
