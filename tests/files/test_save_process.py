"""A save in a process of its own: on a file system that is full, and killed at a random moment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits, fork and signals of POSIX")
OLD, NEW = b"old" * 1000, bytes(range(256)) * 64


def own_code() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


FULL = """
import resource, sys
from lstmviz.files import BadInput, atomic_save
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
try:
    atomic_save("file", bytes(range(256)) * 64)
except BadInput as error:
    print(error)
else:
    print("saved")
"""


@pytest.mark.parametrize("room", [0, 1, 4096, len(NEW) - 1, len(NEW)])
def test_a_file_system_that_takes_only_so_much_keeps_the_old_file(room: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(room)],
        cwd=tmp_path,
        env=own_code(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if room < len(NEW):
        line = "file: cannot be saved: the file is too large for this disk (nothing was changed)\n"
        assert (run.stdout, run.stderr) == (line, "")
        assert [file.read_bytes() for file in tmp_path.iterdir()] == [OLD]
    else:
        assert (run.stdout, run.stderr) == ("saved\n", "")
        assert [file.read_bytes() for file in tmp_path.iterdir()] == [NEW]


# One process imports everything once and starts a child for each round; the child saves over and over until killed.
KILLED = """
import os, random, signal, sys, time
import numpy as np
from lstmviz.files import atomic_save, csv_bytes, npz_bytes, read_csv, read_npz, read_safetensors, safetensors_bytes

def table(k):
    return csv_bytes(["a", "b"], np.full((3000, 2), float(k)))
def archive(k):
    return npz_bytes({"a": np.full((200, 200), float(k)), "b": np.full(3, float(k))})
def weights(k):
    return safetensors_bytes({"a": np.full((200, 200), float(k)), "b": np.full(3, float(k))})

KINDS = [("f.csv", table, read_csv), ("f.npz", archive, read_npz), ("f.safetensors", weights, read_safetensors)]
whole = late = 0
for round_number in range(int(sys.argv[1])):
    random.seed(round_number)
    name, make, read = KINDS[round_number % 3]
    versions = [make(k) for k in range(5)]
    atomic_save(name, versions[0])
    child = os.fork()
    if not child:
        while True:
            for version in versions:
                atomic_save(name, version)
    time.sleep(random.uniform(0.001, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    read(name)
    with open(name, "rb") as file:
        number = versions.index(file.read())
    whole += 1
    late += number > 0
    for left in os.listdir("."):
        if left.endswith(".tmp"):
            os.unlink(left)
print(whole, late)
"""


def test_a_process_killed_while_it_saves_leaves_a_whole_file(tmp_path: Path) -> None:
    rounds = 45
    run = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", KILLED, str(rounds)],
        cwd=tmp_path, env=own_code(), capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert run.stderr == ""
    whole, late = map(int, run.stdout.split())
    assert whole == rounds
    assert late > 0  # some children were killed after they had replaced the file at least once
