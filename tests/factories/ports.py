"""Ports for servers of the tests.

They lie below those that the kernel gives to connections: what the kernel calls free now may be
the end of somebody's connection before the server that is being started has taken it. Each worker
of a run has a range of its own.
"""

import os
import socket
from itertools import cycle, islice
from typing import Final

_FIRST: Final = 10_240
_LAST: Final = 32_767  # Linux gives 32768 and above to connections
_RANGES: Final = 8


def _range_of(worker: str) -> range:
    """Return the ports of a worker of pytest-xdist ("gw3"); the first range without one."""
    size = (_LAST - _FIRST + 1) // _RANGES
    first = _FIRST + int(worker.removeprefix("gw") or 0) % _RANGES * size
    return range(first, first + size)


def _begin_anywhere(ports: range) -> list[int]:
    """Two runs on one machine begin at different places."""
    middle = os.getpid() * 61 % len(ports)
    return [*ports[middle:], *ports[:middle]]


_OURS: Final = _begin_anywhere(_range_of(os.environ.get("PYTEST_XDIST_WORKER", "")))
_ports: Final = cycle(_OURS)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody has, and that this process did not give out lately."""
    return next(port for port in islice(_ports, len(_OURS)) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
