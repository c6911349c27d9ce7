"""What the library may reach: the same addresses as our own guarded client, and nothing else.

It connects with urllib3, deep below code that is not ours. So the one function there that opens
connections is replaced by one that, inside `fenced`, looks up the name, checks the address and
connects to that very address: neither a name that changes its mind nor a redirect gets around it.
Threads that are not inside `fenced` are served as before.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from urllib3.util import connection

from evenfall.platform.http import is_allowed

_here = threading.local()
_connect: Final = connection.create_connection


class RefusedError(OSError):
    """The address is not public."""


@contextmanager
def fenced() -> Iterator[None]:
    """Let this thread connect only to what is allowed, until the end of the block."""
    _here.is_fenced = True
    try:
        yield
    finally:
        _here.is_fenced = False


def checked(host: str, port: int) -> str:
    """The first address of a name. Raises RefusedError, and OSError for an unknown name."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0]).partition("%")[0]
    if not is_allowed(address, settings.EVENFALL.allow_private_addresses):
        raise RefusedError(f"{host} is at {address}, which is not public")
    return address


def _guarded(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:  # noqa: ANN401 - urllib3's signature
    host, port = address
    if getattr(_here, "is_fenced", False):
        host = checked(host, port)
    return _connect((host, port), *args, **kwargs)


connection.create_connection = _guarded
