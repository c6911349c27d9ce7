"""The backend that settings name: Django's own, with another compiler and psycopg's own times.

Times are UTC here, and so is every session: psycopg's C code reads them as they are. Django would
put each into the same zone once more, in Python.
"""

from datetime import UTC
from functools import cache
from typing import Any, Final, override

import psycopg
from django.db.backends.postgresql import base, operations
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format

_TIMESTAMPTZ: Final = "timestamptz"


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module: str = "evenfall.platform.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    @override
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if self._reads_utc:
            params["context"] = _with_own_times(params["context"])
        return params

    @override
    def create_cursor(self, name: str | None = None) -> Any:
        if not self._reads_utc:
            return super().create_cursor(name)
        if name:
            held = self.connection.autocommit
            return self.connection.cursor(name, scrollable=False, withhold=held)
        return self.connection.cursor()

    @property
    def _reads_utc(self) -> bool:
        """As our settings say; any other wish is left to Django."""
        is_bound = self.settings_dict["OPTIONS"].get("server_side_binding") is True
        return is_bound and self.timezone is UTC and self.timezone_name == "UTC"


@cache
def _with_own_times(djangos: AdaptersMap) -> AdaptersMap:
    """How values are read: as Django says, but times as psycopg does."""
    loader = psycopg.adapters.get_loader(psycopg.adapters.types[_TIMESTAMPTZ].oid, Format.TEXT)
    assert loader is not None, "psycopg reads times"  # noqa: S101 - narrows the type
    found = AdaptersMap(djangos)
    found.register_loader(_TIMESTAMPTZ, loader)
    return found
