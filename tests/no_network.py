"""Refuse any use of a socket, here and, through PYTHONPATH, in every Python that a test starts.

conftest.py copies this file into a folder of its own under the name ``sitecustomize``, which a Python imports when it
starts. It is an audit hook, so it also stops code that took hold of ``socket.socket`` before, or is written in C.
A test that starts a cluster on this machine sets LSTMVIZ_TEST_LOOPBACK=1 for its child: addresses of this machine are
then allowed there, and no others.
"""

import os
import sys

ATTEMPTS: list[str] = []
EVENTS = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}


class NetworkRefused(OSError):
    """Raised in place of any use of a socket."""


def is_this_machine(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether a use of a socket stays on the loopback."""
    place = arguments[0] if event == "socket.getaddrinfo" else arguments[-1]
    return (place[0] if isinstance(place, tuple) else place) in ("127.0.0.1", "::1", "localhost")


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in EVENTS:
        return
    family = getattr(arguments[0], "family", None)
    if getattr(family, "name", "") == "AF_UNIX":  # multiprocessing's pipes; they reach no other machine
        return
    if os.environ.get("LSTMVIZ_TEST_LOOPBACK") == "1" and is_this_machine(event, arguments):
        return
    ATTEMPTS.append(f"{event}{arguments[1:] if family is not None else arguments}")
    raise NetworkRefused(f"lstmviz never uses the network, but here is {ATTEMPTS[-1]}")


# A worker of pytest-xdist is no test's child: it runs conftest.py, whose hook must be the only one, since it records.
if __name__ != "sitecustomize" or "PYTEST_CURRENT_TEST" in os.environ:
    sys.addaudithook(refuse)
