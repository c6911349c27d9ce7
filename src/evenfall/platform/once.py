"""What a request has read once it does not read again: services, teams, people, by their ids.

A page is put together by domains that know nothing of each other, and each asks for the names of
the few services and people that all of them speak of. The memory is of one request that only
looks (GET, HEAD) and ends with it: what streams on afterwards, workers and requests that change
something always read. Within a look, a fact that is published empties it, and so nobody reads what
was before their own doing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from msgspec import Struct, field

SAFE: Final = frozenset({"GET", "HEAD"})
MOST_READS: Final = 16
"""Of each kind; an export that goes through all people would keep them all."""


class _Memory(Struct):
    """What was asked for with what was found, in the order found, newest last."""

    reads: dict[str, list[tuple[frozenset[Any], dict[Any, Any]]]] = field(default_factory=dict)
    is_open: bool = True


_memory: ContextVar[_Memory | None] = ContextVar("read_once", default=None)


def known[K, V](of: str, keys: Collection[K], read: Callable[[], dict[K, V]]) -> dict[K, V]:
    """Return what `read` finds for these keys, or what an earlier read of all of them found.

    The order is that of the read, so it must be the same however many keys are asked for. Values
    must be frozen: others are given the same ones. Nothing is read for no key.
    """
    if not keys:
        return {}
    memory = _remembered()
    if memory is None:
        return read()
    wanted = frozenset(keys)
    for asked, found in memory.reads.get(of, ()):
        if wanted <= asked:
            return {key: one for key, one in found.items() if key in wanted}
    found = read()
    _keep(memory, of, wanted, found)
    return found


def learn[K, V](of: str, found: Mapping[K, V]) -> None:
    """Keep what was found in another way than by keys, in the order of `known`."""
    memory = _remembered()
    if memory is not None:
        _keep(memory, of, frozenset(found), found)


def forget() -> None:
    """Read everything anew from here on."""
    memory = _remembered()
    if memory is not None:
        memory.reads.clear()


@contextmanager
def remembering() -> Iterator[None]:
    """Remember inside. Contexts that were copied from it end with it, too."""
    memory = _Memory()
    token = _memory.set(memory)
    try:
        yield
    finally:
        memory.is_open = False
        memory.reads.clear()
        _memory.reset(token)


class ReadOnceMiddleware:
    """Requests that only look remember what they read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self._get_response(request)
        with remembering():
            return self._get_response(request)


def _remembered() -> _Memory | None:
    memory = _memory.get()
    return memory if memory is not None and memory.is_open else None


def _keep(memory: _Memory, of: str, asked: frozenset[Any], found: Mapping[Any, Any]) -> None:
    reads = memory.reads.setdefault(of, [])
    reads.append((asked, dict(found)))
    del reads[:-MOST_READS]
