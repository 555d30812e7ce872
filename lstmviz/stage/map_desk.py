"""The Map as the stage knows it: computed inside a tick where that is quick enough, in a thread where it is not.

Words used in this file
    follower   what is worked out after the map: see ``map_followers``
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lstmviz.files import BadInput
from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.jacobian import jacobian_map
from lstmviz.lab.readiness import compile_jacobians
from lstmviz.lab.spectrum import timestep_spectrum
from lstmviz.stage.frame import Frame
from lstmviz.stage.jobs import Post, Result
from lstmviz.stage.map_followers import Followers, all_followers, numbers_in_state
from lstmviz.stage.map_frame import LOWER, NORMS, STATES, WIDE, Eigen, MapPart, NetworkMap
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

QUICK = 3.0e8  # multiplications a tick may spend on maps with compiled kernels: about 15 ms
REFERENCE_SHARE = 0.02  # of that, when NumPy answers
SPECTRAL_SHARE = 0.002  # of that, when every norm is a largest singular value


@dataclass(slots=True)
class Shown:
    """What was worked out, and of what."""

    comparison: Comparison | None = None  # of the maps
    kind: tuple[str, str] = ("", "")  # state and norm of the maps
    maps: tuple[NetworkMap, ...] = ()
    eigen: tuple[Eigen, ...] = ()
    eigen_of: tuple[object, int] = (None, 0)
    followers: Followers = field(default_factory=Followers)
    followed: tuple[object, int] = (None, 0)  # comparison and start of the followers, or of those under way


class MapDesk:
    """Keeps what the Map shows, and what it was asked for.

    Parameters
    ----------
    stage : Stage
        Whose jobs do the long work.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.start, self.by, self.norm, self.lower = 1, "h", "frobenius", "singular"
        self._kernels = stage.race.engine == "reference"  # whether the kernels of the Jacobians need no compiling
        self._ready = False  # whether they may be used
        self._shown = Shown()
        self._part: MapPart | None = None
        self._end: int | None = None  # where a change is measured; None: at T, before anything else was chosen
        self._playhead: int | None = None  # as last seen
        self._following = False  # a thread works out followers
        self._busy = ""  # in words, while a thread works out maps
        self._asked: tuple[Comparison | None, tuple[str, str]] = (None, ("", ""))  # of those maps

    # -- verbs -------------------------------------------------------------------------------------------------

    def choose(self, start: int, end: int | None = None, network: str | None = None) -> None:
        """Look at the change made at ``start``, measured at ``end``, where the playhead goes.

        A start after the end takes the end along. The network is the one looked at from now on, in every lab.
        """
        last = self._stage.playback.timesteps
        self.start = max(1, min(start, last))
        if end is None:
            end = self._end or last
        self._end = max(self.start, 1, min(end, last))
        self._playhead = self._end
        if self._end != self._stage.selection.timestep:
            self._stage.select(timestep=self._end)
        if network is not None:
            self._stage.select(network=network)
        self._part = None

    @property
    def end(self) -> int | None:
        """Where a change is measured, as it was chosen; None for T, before anything was."""
        return self._end

    def put_start(self, t: int) -> None:
        """Take a start from a session; the playhead stays."""
        self.start, self._part = t, None

    def put_end(self, t: int | None) -> None:
        """Take an end from a session; the playhead stays."""
        self._end, self._playhead, self._part = t, None, None

    def set_by(self, state: str) -> None:
        """Derivatives of h by h, or of c by c."""
        if state in STATES:
            self.by, self._part = state, None

    def set_norm(self, norm: str) -> None:
        """Frobenius norms, or largest singular values, which take tens of times as long."""
        if norm in NORMS:
            self.norm, self._part = norm, None

    def set_lower(self, lower: str) -> None:
        """What stands under the maps."""
        if lower in LOWER:
            self.lower, self._part = lower, None

    @property
    def working(self) -> bool:
        """Whether a thread still works on maps, or on what stands under them."""
        return bool(self._busy) or self._following

    # -- frame -------------------------------------------------------------------------------------------------

    def part(self, shown: Frame) -> MapPart:
        """What the Map draws; the same object until something changes."""
        self._compile()
        comparison, end = shown.comparison, self._measured(shown)
        self.start = min(self.start, shown.timesteps)
        before = (self._shown.maps, self._shown.eigen, self._shown.followers, self._busy)
        self._work_out_maps(comparison)
        self._work_out_eigenvalues(comparison, end)
        self._follow(comparison)
        if before != (self._shown.maps, self._shown.eigen, self._shown.followers, self._busy):
            self._part = None
        if self._part is None or self._part.end != end or self._part.start != self.start:
            self._part = self._resolved(end)
        return self._part

    def _measured(self, shown: Frame) -> int:
        """t: where the playhead was moved to; T until it is moved, since k = t = 1 would say nothing."""
        at = shown.position.t
        if self._playhead is not None and at != self._playhead:
            self._end = at
        self._playhead = at
        return min(self._end or shown.timesteps, shown.timesteps)

    def _resolved(self, end: int) -> MapPart:
        now, followers = self._shown, self._shown.followers
        return MapPart(
            maps=now.maps,
            by=self.by,
            norm=self.norm,
            start=self.start,
            end=end,
            eigen=now.eigen,
            lower=self.lower,
            singular=followers.singular,
            exponents=followers.exponents,
            paths=followers.paths,
            missing=followers.missing,
            layer=self._stage.settings.layer_drawn(),
            done=followers.done,
            total=followers.total,
            busy=self._busy,
        )

    def take(self, result: Result) -> None:
        """Take what a thread has worked out."""
        if result.kind == "map kernels":
            self._ready = bool(result.value)
            return
        if result.kind == "map norms" and isinstance(result.value, float):
            self._busy, self._part = tr("Computing the maps, {share} %").format(share=int(100 * result.value)), None
            return
        if result.kind == "map norms":
            self._busy = ""
            if result.error is not None:
                self._give_up(str(result.error))
            elif result.value is not None:
                self._shown.comparison, self._shown.kind, self._shown.maps = result.value
        else:
            self._following = not result.finished
            if result.error is not None:  # the banner tells it
                self._shown.followers = Followers()
            if isinstance(result.value, Followers):
                self._shown.followers = result.value
        self._part = None

    def _give_up(self, why: str) -> None:
        """Tell in the maps' places why they failed; asked again, they would fail again with every tick."""
        comparison, kind = self._asked
        racers = () if comparison is None else comparison.racers
        maps = tuple(NetworkMap(racer.network.cell, racer.name, np.zeros((0, 0)), why) for racer in racers)
        self._shown.comparison, self._shown.kind, self._shown.maps = comparison, kind, maps

    def _compile(self) -> None:
        if not self._kernels:
            self._kernels = True
            dtype = self._stage.settings.dtype
            self._stage.jobs.start("map kernels", lambda post, stop: compile_jacobians(dtype, stop))

    def _work_out_maps(self, comparison: Comparison | None) -> None:
        kind = (self.by, self.norm)
        if (comparison, kind) == (self._shown.comparison, self._shown.kind) or (comparison, kind) == self._under_way():
            return
        self._stage.jobs.stop("map norms")
        self._busy = ""
        if comparison is None or cost(comparison, self.norm) <= QUICK * (1.0 if self._ready else REFERENCE_SHARE):
            maps = () if comparison is None else tuple(map_of(racer, *kind) for racer in comparison.racers)
            self._shown.comparison, self._shown.kind, self._shown.maps = comparison, kind, maps
            return
        self._asked = (comparison, kind)
        self._busy = tr("Computing the maps …")
        self._stage.jobs.start("map norms", lambda post, stop: _all_maps(comparison, kind, post, stop))

    def _under_way(self) -> object:
        return self._asked if self._busy else None

    def _work_out_eigenvalues(self, comparison: Comparison | None, t: int) -> None:
        if self._shown.eigen_of == (comparison, t):
            return
        self._shown.eigen_of = (comparison, t)
        found = []
        for racer in comparison.racers if comparison is not None else ():
            if 1 <= t <= racer.trace.timesteps and numbers_in_state(racer.trace) <= WIDE:
                try:
                    one = timestep_spectrum(racer.trace, t)
                except BadInput:
                    continue  # the map says why
                found.append(Eigen(racer.network.cell, one.eigenvalues, one.sigma_max))
        self._shown.eigen = tuple(found)

    def _follow(self, comparison: Comparison | None) -> None:
        """Have the followers worked out in a thread; those of the networks before stay until the first new one."""
        wanted = (comparison, self.start)
        if self._shown.followed == wanted:
            return
        self._shown.followed = wanted
        if comparison is None:
            self._stage.jobs.stop("map followers")
            self._shown.followers, self._following = Followers(), False
            return
        start, self._following = self.start, True
        self._stage.jobs.start("map followers", lambda post, stop: all_followers(comparison, start, post, stop))


def cost(comparison: Comparison, norm: str) -> float:
    """Multiplications of the maps of all networks."""
    products = sum(_products(racer) for racer in comparison.racers)
    return comparison.settings.timesteps() ** 2 * products / (1.0 if norm == "frobenius" else SPECTRAL_SHARE)


def _products(racer: Racer) -> float:
    """Multiplications for one pair of timesteps."""
    return (2.0 if racer.network.cell == "lstm" else 1.0) * float(racer.network.hidden) ** 3


def map_of(racer: Racer, by: str, norm: str, goes_on: Callable[[float], bool] | None = None) -> NetworkMap:
    """One network's map; networks without a cell state show h. ``goes_on`` as for ``jacobian_map``."""
    cell, name = racer.network.cell, racer.name
    state = by if cell == "lstm" else "h"
    try:
        found = jacobian_map(racer.trace, by=state, norm=norm, goes_on=goes_on)
    except BadInput as error:
        refused = tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed)
        return NetworkMap(cell, name, np.zeros((0, 0)), refused)
    log10 = found.log10_c if state == "c" else found.log10_h
    assert log10 is not None
    return NetworkMap(cell, name, log10[1:, 1:])


def _all_maps(
    comparison: Comparison, kind: tuple[str, str], post: Post, stop: threading.Event
) -> tuple[Comparison, tuple[str, str], tuple[NetworkMap, ...]] | None:
    """The maps of all networks; the share of the work that is done is posted on the way. None when stopped."""
    works = [_products(racer) for racer in comparison.racers]
    maps: list[NetworkMap] = []
    for number, racer in enumerate(comparison.racers):

        def goes_on(share: float, before: float = sum(works[:number]), work: float = works[number]) -> bool:
            post((before + share * work) / sum(works))
            return not stop.is_set()

        maps.append(map_of(racer, *kind, goes_on))
    return None if stop.is_set() else (comparison, kind, tuple(maps))
