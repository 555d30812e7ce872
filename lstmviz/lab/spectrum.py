"""Eigenvalues, singular values and Lyapunov exponents: what a recurrence does to small changes, direction by direction.

Words used in this file
    T, H, S           timesteps, hidden units, numbers in the state (2H for the LSTM: c, then h; else H)
    spectral radius   largest magnitude of an eigenvalue: what a matrix does in the long run
    sigma_max         largest singular value: the most that it does at once. The two differ, and gradients may grow
                      for many timesteps before they fade, when the matrix is far from normal
    exponent          natural logarithm of a factor per timestep
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import graded
from lstmviz.engine.arrays import extremes_allowed
from lstmviz.engine.jacobian import one_timestep
from lstmviz.files import BadInput
from lstmviz.lab.arguments import check_range
from lstmviz.lab.gradient_flow import frozen, kept
from lstmviz.lab.network import Network
from lstmviz.lab.slopes import blocks_of, local_slopes, recurrent_weights
from lstmviz.lab.trace import Trace
from lstmviz.words import tr

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class Spectrum:
    """Eigenvalues and singular values of one square matrix."""

    eigenvalues: NDArray[np.complex128]  # (S,) largest magnitude first
    singular_values: Array  # (S,) largest first

    @property
    def spectral_radius(self) -> float:
        """Largest magnitude of an eigenvalue."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def sigma_max(self) -> float:
        """Largest singular value: no vector is lengthened by more."""
        return float(self.singular_values[0])


def spectrum(matrix: Array) -> Spectrum:
    """Eigenvalues and singular values of a square matrix.

    Parameters
    ----------
    matrix : float (S, S)

    Raises
    ------
    BadInput
        If it is not square or not finite.
    """
    matrix = np.asarray(matrix, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        shape = "x".join(map(str, matrix.shape))
        what = tr("shape {shape} is not square").format(shape=shape)
        raise BadInput("spectrum", tr("matrix"), what, tr("needs (S, S)"))
    if not np.isfinite(matrix).all():
        raise BadInput("spectrum", tr("matrix"), tr("it holds NaN or infinity"), tr("finite numbers"))
    eigenvalues = np.linalg.eigvals(matrix).astype(np.complex128)
    eigenvalues = eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")]
    eigenvalues.flags.writeable = False
    return Spectrum(eigenvalues, frozen(np.linalg.svd(matrix, compute_uv=False)))


def recurrent_spectra(network: Network) -> dict[str, Spectrum]:
    """Spectra of the recurrent weights, one for each block: "h" of a vanilla RNN; i, f, g, o; r, z, n."""
    blocks = network.parameters.weight_hh.reshape(-1, network.hidden, network.hidden)
    names = ("h",) if network.cell == "rnn" else blocks_of(network)
    return {name: spectrum(block) for name, block in zip(names, blocks, strict=True)}


def timestep_spectrum(trace: Trace, timestep: int, sequence: int = 0) -> Spectrum:
    """Spectrum of the Jacobian of one timestep, of the state after it by the state before.

    Parameters
    ----------
    trace : Trace
    timestep : int
        1 to T.
    sequence : int
        0 to B - 1.
    """
    check_range("spectrum", "timestep", timestep, 1, trace.timesteps)
    local = local_slopes(trace, sequence)
    one = type(local)(*(array[timestep - 1 : timestep] for array in local))
    return spectrum(one_timestep(one, recurrent_weights(trace.network))[0])


@extremes_allowed
def log10_bound(trace: Trace, sequence: int = 0) -> Array:
    """An upper bound of the spectral norm of d state_T / d state_k, from gates and slopes but without any product.

    Parameters
    ----------
    trace : Trace
    sequence : int
        0 to B - 1.

    Returns
    -------
    float64 (T + 1,)
        log10; row T is 0. With s_k the largest ``drive`` of a block and sigma_k the sigma_max of its weights, one
        timestep is at most max keep + sum s_k sigma_k, and for the LSTM sqrt(1 + max out^2) (max f + s_i sigma_i +
        s_f sigma_f + s_g sigma_g) + s_o sigma_o.

    References
    ----------
    Pascanu, Mikolov & Bengio (2013), section 2.1: the vanilla RNN, where this is the largest slope times sigma_max.
    """
    local = local_slopes(trace, sequence)
    blocks = recurrent_weights(trace.network).reshape(-1, trace.network.hidden, trace.network.hidden)
    sigmas = np.array([spectrum(block).sigma_max for block in blocks])
    most = np.abs(local.drive.astype(np.float64)).max(axis=2) * sigmas
    keep = np.abs(local.keep.astype(np.float64)).max(axis=1)
    if trace.network.cell == "lstm":
        out = np.abs(local.out.astype(np.float64)).max(axis=1)
        per_timestep = np.hypot(1.0, out) * (keep + most[:, :3].sum(axis=1)) + most[:, 3]
        if len(local.stay):  # frozen units are apart from the others: of both, the larger counts
            frozen_too = np.maximum(np.hypot(1.0, out) * keep, local.stay.max(axis=1))
            per_timestep = frozen_too + np.hypot(1.0, out) * most[:, :3].sum(axis=1) + most[:, 3]
    else:
        per_timestep = keep + most.sum(axis=1)
    with np.errstate(divide="ignore"):
        back = np.log10(per_timestep)[::-1].cumsum()[::-1]
    return frozen(np.concatenate([back, [0.0]]))


def log10_singular_values(trace: Trace, distances: tuple[int, ...], sequence: int = 0) -> Array:
    """Singular values of d state_T / d state_(T - distance), each with its digits, however small.

    Parameters
    ----------
    trace : Trace
    distances : tuple of int
        0 to T, in any order.
    sequence : int
        0 to B - 1.

    Returns
    -------
    float64 (distances, S)
        log10, largest first; -inf for directions that are lost altogether.

    Raises
    ------
    BadInput
        If a distance is longer than the trace, or a Jacobian is not finite.

    References
    ----------
    Pennington, Schoenholz & Ganguli (2017), Resurrecting the sigmoid: dynamical isometry, all of them near 1.
    See ``engine.graded`` for how they keep their digits.
    """
    for distance in distances:
        check_range("spectrum", "distance", distance, 0, trace.timesteps)
    furthest = max(distances, default=0)
    jacobians = _jacobians(trace, sequence)[trace.timesteps - furthest :]
    product = graded.identity(jacobians.shape[1])
    found = np.full((len(distances), jacobians.shape[1]), -np.inf)
    for distance in range(furthest + 1):
        if distance > 0:
            product = graded.times(jacobians[-distance].T, product)
        places = [place for place, wanted in enumerate(distances) if wanted == distance]
        if places:
            found[places] = graded.log10_singular_values(product)
    return frozen(found)


def singular_values_from(
    trace: Trace, start: int, ends: tuple[int, ...], sequence: int = 0
) -> Iterator[tuple[int, Array]]:
    """Singular values of d state_t / d state_start as t grows, one t after the other.

    Parameters
    ----------
    trace : Trace
    start : int
        0 to T.
    ends : tuple of int
        The t that are wanted, ``start`` to T.
    sequence : int
        0 to B - 1.

    Yields
    ------
    int, float64 (S,)
        t, rising, and log10 of the singular values, largest first; -inf for directions that are lost altogether.

    Raises
    ------
    BadInput
        If a timestep lies outside the trace, or a Jacobian is not finite.

    References
    ----------
    As for ``log10_singular_values``, which holds the end instead.
    """
    check_range("spectrum", "start", start, 0, trace.timesteps)
    for end in ends:
        check_range("spectrum", "end", end, start, trace.timesteps)
    jacobians = _jacobians(trace, sequence)
    product = graded.identity(jacobians.shape[1])
    for t in range(start, max(ends, default=start - 1) + 1):
        if t > start:
            product = graded.times(jacobians[t - 1], product)
        if t in ends:
            yield t, frozen(graded.log10_singular_values(product))


@dataclass(frozen=True, eq=False, slots=True)
class Lyapunov:
    """Lyapunov exponents along one trace: how fast small changes of the state grow (above 0) or fade (below)."""

    exponents: Array  # (S,) per timestep, natural logarithms, largest first; -inf for directions that are lost
    running: Array  # (timesteps used, S) the same after each timestep, in the order of the directions followed

    @property
    def largest(self) -> float:
        """The first exponent: gradients fade or explode as exp(exponent * timesteps)."""
        return float(self.exponents[0])

    @property
    def half_life(self) -> float:
        """Timesteps in which a change along the slowest direction is halved; infinite if it does not fade."""
        return math.log(0.5) / self.largest if self.largest < 0 else math.inf


def lyapunov(trace: Trace, *, sequence: int = 0, transient: int = 0) -> Lyapunov:
    """Lyapunov spectrum along a trace, by QR decompositions.

    An orthogonal basis is moved through each timestep and made orthogonal again; the logarithms of what the
    triangular factor shrank are summed, so nothing ever leaves floating point.

    Parameters
    ----------
    trace : Trace
    sequence : int
        0 to B - 1.
    transient : int
        So many timesteps at the beginning turn the basis and are not counted, 0 to T - 1.

    Returns
    -------
    Lyapunov

    Raises
    ------
    BadInput
        If an argument lies outside its range, or a Jacobian is not finite.

    References
    ----------
    Benettin, Galgani, Giorgilli & Strelcyn (1980), Lyapunov characteristic exponents, part 2. Engelken, Wolf & Abbott
    (2023), Lyapunov spectra of chaotic recurrent neural networks, Physical Review Research 5, 043044.
    """
    check_range("spectrum", "transient", transient, 0, trace.timesteps - 1)
    jacobians = _jacobians(trace, sequence)
    basis = np.eye(jacobians.shape[1])
    logs = np.empty(jacobians.shape[:2])
    for t, jacobian in enumerate(jacobians):
        moved = jacobian @ basis
        basis, r = np.linalg.qr(moved)
        left = np.abs(np.diag(r))
        left[left <= len(r) * np.finfo(np.float64).eps * np.linalg.norm(moved, axis=0)] = 0  # nothing but rounding
        with np.errstate(divide="ignore"):
            logs[t] = np.log(left)
    counted = logs[transient:]
    running = counted.cumsum(axis=0) / np.arange(1, len(counted) + 1)[:, None]
    return Lyapunov(frozen(np.sort(running[-1])[::-1]), frozen(running))


def cell_path_exponents(trace: Trace, sequence: int = 0) -> Array:
    """Lyapunov exponents of an LSTM's cell state alone: the mean of ln f of each unit, (H,).

    They are the exponents of the whole LSTM when its recurrent weights are cut. Where c is held, 0 counts for f, and 1
    where it is frozen. BadInput for other cells.
    """
    if trace.network.cell != "lstm":
        raise BadInput("spectrum", tr("network"), tr("it has no cell state"), "LSTM")
    check_range("spectrum", "sequence", sequence, 0, trace.tape.x.shape[1] - 1)
    with np.errstate(divide="ignore"):
        return frozen(np.log(np.abs(kept(trace.tape.f, trace.held)[:, sequence].astype(np.float64))).mean(axis=0))


def _jacobians(trace: Trace, sequence: int) -> NDArray[np.float64]:
    """One-timestep Jacobians (T, S, S), all finite."""
    local = local_slopes(trace, sequence)
    jacobians = one_timestep(local, recurrent_weights(trace.network)).astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(jacobians).all(axis=(1, 2)))
    if len(bad):
        what = tr("the Jacobian of timestep {t} holds NaN or infinity").format(t=int(bad[0]) + 1)
        raise BadInput("spectrum", tr("trace"), what, tr("finite numbers"))
    return jacobians
