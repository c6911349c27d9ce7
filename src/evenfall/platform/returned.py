"""Whole rows that a statement of ours returns, as models."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


class Returned[M: Model]:
    """The columns of a model under an alias, for a statement that changes rows and tells them.

    What a change returns need not be read again: that would be another round trip, and a query to
    be put together. `columns` is the list for SQL; `len` is how many they are.
    """

    def __init__(self, model: type[M], alias: str) -> None:
        fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented name
        self._model = model
        self._names = [field.attname for field in fields]
        self._readers: list[tuple[int, Callable[..., Any]]] = [
            (place, field.from_db_value)
            for place, field in enumerate(fields)
            if hasattr(field, "from_db_value")
        ]
        self.columns = ", ".join(f"{alias}.{field.column}" for field in fields)

    def __len__(self) -> int:
        return len(self._names)

    def read(self, values: Sequence[Any]) -> M:
        """The row as a model; raises what its fields raise, such as for a lost key."""
        told = list(values)
        for place, reader in self._readers:
            told[place] = reader(told[place], None, connection)
        return self._model.from_db(connection.alias, self._names, told)
