"""Print the part of requirements.lock that lstmviz itself asks for: no build back end, no development tools.

Run with the Python of .venv, which has all of the lock installed: what each package asks for is read from there.
usage: .venv/bin/python scripts/runtime_lock.py >runtime.lock
"""

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"


def closure(name: str) -> set[str]:
    """Every package that ``name`` needs on this machine, and all that those need."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for line in requires(waiting.pop()) or []:
            requirement = Requirement(line)
            wanted = canonicalize_name(requirement.name)
            if wanted not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                found.add(wanted)
                waiting.append(wanted)
    return found


def main() -> None:
    needed = closure("lstmviz")
    blocks = re.split(r"\n(?=\S)", LOCK.read_text().strip())
    print("\n".join(block for block in blocks if block.partition("==")[0] in needed))


if __name__ == "__main__":
    main()
