"""From queries to SQL as Django does it, without finding out again what the models say.

Django asks every column of every query for its quoted name and for what turns its values into
Python's, and makes a reference to each of them wherever rows are ordered. All of that follows from
the models, which never change while a process lives; kept, a query takes a fifth to a quarter less.
What a query says of its own is left to Django, and so is every query that is not as plain as most.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, override

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models import Model
from django.db.models.expressions import Col, Expression
from django.db.models.options import Options
from django.db.models.sql.query import Query

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]

# each is as large as the models and the names in our own code, whatever people ask for
_QUOTED: Final[dict[str, str]] = {"*": "*"}
_SELECTED: Final[dict[type[Model] | None, tuple[Sequence[Any], Mapping[str, Any]]]] = {}
_COLUMNS: Final[dict[tuple[type[Model], str], list[Expression]]] = {}
# fields are compared by slow means, so they are known by their ids, and held to keep these theirs
_CONVERTERS: Final[dict[tuple[int, int], tuple[Col, list[Any]]]] = {}


class SQLCompiler(compiler.SQLCompiler):
    """Django's, with what follows from models kept for all queries of the process.

    Threads need no lock: whoever comes at the same time keeps the same.
    """

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quote_cache = _QUOTED

    @override
    def get_select(
        self, with_col_aliases: bool = False
    ) -> tuple[list[Any], dict[str, Any] | None, dict[str, int]]:
        """Keep the columns of a model where a query asks for all of these and nothing else."""
        query = self.query
        if with_col_aliases or not _asks_for_rows(query):
            return super().get_select(with_col_aliases)
        kept = _SELECTED.get(query.model)
        if kept is None:
            select, info, _ = super().get_select()
            kept = _SELECTED[query.model] = (tuple(select), info or {})
        else:
            query.get_initial_alias()  # Django counts here how often the table is used
        return list(kept[0]), dict(kept[1]), {}

    @override
    def get_default_columns(
        self,
        select_mask: Any,
        start_alias: str | None = None,
        opts: "Options[Any] | None" = None,
        from_parent: type[Model] | None = None,
    ) -> list[Expression]:
        """Keep the columns of a joined model, by the name under which it is joined."""
        if select_mask or from_parent or start_alias is None or opts is None:
            return super().get_default_columns(select_mask, start_alias, opts, from_parent)
        key = opts.model, start_alias
        if key not in _COLUMNS:
            _COLUMNS[key] = super().get_default_columns(select_mask, start_alias, opts)
        return _COLUMNS[key]

    @override
    def compile(self, node: Any) -> tuple[str, Any]:
        """A column is written in one way by all databases: no need to look for one of ours."""
        if type(node) is Col:
            return node.as_sql(self, self.connection)
        return super().compile(node)

    @override
    def get_converters(self, expressions: Iterable[Any]) -> dict[int, tuple[list[Any], Any]]:
        """Keep how the values of a column become Python's."""
        expressions = list(expressions)
        if any(type(one) is not Col for one in expressions):
            return super().get_converters(expressions)
        known = ((place, one, self._converters(one)) for place, one in enumerate(expressions))
        return {place: (converters, one) for place, one, converters in known if converters}

    def _converters(self, column: Col) -> list[Any]:
        key = id(column.target), id(column.output_field)
        if key not in _CONVERTERS:
            of_backend = self.connection.ops.get_db_converters(column)
            _CONVERTERS[key] = (column, of_backend + column.get_db_converters(self.connection))
        return _CONVERTERS[key][1]

    @override
    def _order_by_pairs(self) -> Iterator[tuple[Any, bool]]:  # type: ignore[override]  # a generator, whatever its stub says
        """Order by fields of models without a look for them among what is selected.

        Django looks there for what is selected under a name of its own, which only annotations
        are, and makes a reference to each column first.
        """
        pairs: Callable[[], Iterator[tuple[Any, bool]]] = super()._order_by_pairs  # type: ignore[assignment]
        if not _orders_by_fields(self.query):
            yield from pairs()
            return
        select, self.select = self.select, None
        try:
            yield from list(pairs())
        finally:
            self.select = select


def _asks_for_rows(query: Query) -> bool:
    """Whether it selects all columns of its own table, and nothing else."""
    return (
        _selects_columns(query)
        and not query.select_related
        and not query.deferred_loading[0]
        and query.base_table == query.get_meta().db_table
    )


def _orders_by_fields(query: Query) -> bool:
    named = all(type(one) is str for one in query.order_by)
    return named and _selects_columns(query) and not query.distinct_fields


def _selects_columns(query: Query) -> bool:
    own = query.annotations or query.extra or query.selected is not None or query.combinator
    return query.default_cols and not own
