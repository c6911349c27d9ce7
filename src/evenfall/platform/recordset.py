"""Many rows as one parameter of a statement: what `jsonb_to_recordset` reads."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


def json_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as one JSON text; dates, times, enums and structs may stand in them.

    The driver looks at each member of an array, in Python: for a page that took longer than
    PostgreSQL does for the whole statement.
    """
    return msgspec.json.encode(rows).decode()
