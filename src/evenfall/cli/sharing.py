"""What the processes of a tree share: a page of memory that nobody writes to is there once.

Code is not written to when it runs, but its counts of references are: each look at a function, a
name or a class goes up and down by one, and the page around it is copied for the process that did
it. CPython has a count that is never touched, that of None (PEP 683, immortal objects), made so
that a loaded program can be forked without these copies; it offers no call to give it to others.
"""

import contextlib
import ctypes
import gc
import sys
import sysconfig
from collections.abc import Iterable
from itertools import chain
from types import CodeType, FrameType
from typing import Final

_NEVER_COUNTED: Final = sys.getrefcount(None)


def share_what_is_loaded() -> None:
    """Keep every child from writing to what is loaded by now; call it once, before they fork.

    What is loaded is kept for good: the collector does not look at it again, for it would leave a
    mark, and its references are not counted. What loading left free is handed back: 4 MB, which
    children would also copy when they use it. Takes a second, a fifth of it to collect.
    """
    gc.collect()
    if _counts_as_known():
        _keep(_loaded())
    gc.freeze()
    with contextlib.suppress(AttributeError):  # a C library other than glibc
        ctypes.CDLL(None).malloc_trim(0)


def _counts_as_known() -> bool:
    """Whether a count is where it is in every CPython from 3.12 on that has the global lock."""
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    wide = sys.maxsize > 2**32 and sys.byteorder == "little"
    return sys.implementation.name == "cpython" and wide and not free_threaded


def _loaded() -> Iterable[object]:
    """All that the collector knows, and what it does not: the texts, numbers and code they hold."""
    tracked = gc.get_objects()
    return chain(tracked, gc.get_referents(*tracked))


def _keep(loaded: Iterable[object]) -> None:
    for one in loaded:
        if sys.getrefcount(one) < _NEVER_COUNTED and not _ends(one):
            ctypes.c_uint32.from_address(id(one)).value = _NEVER_COUNTED
            if isinstance(one, CodeType):  # it hides what it holds from the collector
                _keep((one.co_names, one.co_consts, *one.co_names, *one.co_consts))


def _ends(one: object) -> bool:
    """Whether it does something when nobody refers to it any more: a file closes, a call ends."""
    return hasattr(type(one), "__del__") or isinstance(one, FrameType)
