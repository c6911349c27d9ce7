"""Columns of rows as PostgreSQL's binary arrays.

Rows of one commit are sent as one array for each column. Elements are packed as they arrive, so
that a commit only joins bytes.
"""

import struct
from datetime import UTC, datetime

# type numbers of PostgreSQL, from its pg_type catalogue
BOOLEAN, BYTES, BIGINT, TEXT, TIMESTAMP = 16, 17, 20, 25, 1184

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_header = struct.Struct("!iiiii").pack
_bigint = struct.Struct("!iq").pack
_length = struct.Struct("!i").pack
_number = struct.Struct("!q").pack
FALSE, TRUE = _length(1) + b"\0", _length(1) + b"\1"


def array(kind: int, elements: list[bytes], count: int) -> bytes:
    """Return a one-dimensional array without nulls of packed elements."""
    return _header(1, 0, kind, count, 1) + b"".join(elements)


def bigint(value: int) -> bytes:
    return _bigint(8, value)


def length(value: bytes) -> bytes:
    """Return what stands before the bytes of a text or bytes element."""
    return _length(len(value))


def parameter(value: int) -> bytes:
    """Return a bigint or timestamp as a parameter of its own."""
    return _number(value)


def microseconds(at: datetime) -> int:
    """Return an aware time as PostgreSQL counts it, exactly."""
    since = at - _EPOCH
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
