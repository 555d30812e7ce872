"""A real Dask cluster of two worker processes on this machine, with what a test runs in a process of its own.

usage: python -m tests.lab.cluster functions
       python -m tests.lab.cluster sweep SPEC.toml RUNS.jsonl
"""

import sys

from distributed import LocalCluster

from lstmviz.cli import main
from lstmviz.lab.workers import RunFailed, run_all
from tests.lab.test_workers import drawn, fails_at_three, surroundings


def cluster():
    return LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None)


def functions():
    """Results and failures of plain functions."""
    with cluster() as two:
        dask = {"backend": "dask", "scheduler": two.scheduler_address}
        print(dict(run_all(drawn, range(40), **dask)) == {seed: drawn(seed) for seed in range(40)})
        print(len({pid for _, (pid, _) in run_all(surroundings, range(40), **dask)}), "processes")
        print({threads for _, (_, threads) in run_all(surroundings, range(4), **dask)})
        try:
            list(run_all(fails_at_three, range(6), **dask))
        except RunFailed as error:
            print(error)


def sweep(spec, path):
    """``lstmviz sweep`` on the cluster."""
    with cluster() as two:
        main(["sweep", spec, "-o", path, "--scheduler", two.scheduler_address])


if __name__ == "__main__":
    {"functions": functions, "sweep": sweep}[sys.argv[1]](*sys.argv[2:])
