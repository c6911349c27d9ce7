"""What is kept between queries changes no word of them, and nothing of what they bring."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.backends.postgresql import compiler as djangos
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.db.models.sql.query import Query

from evenfall.platform.models import Beat
from evenfall.platform.postgres.compiler import SQLCompiler

type Shape = Callable[[QuerySet[Any]], QuerySet[Any]]
# keys of several columns are asked for in other words
MODELS: Final[Sequence[type[models.Model]]] = [
    model for model in apps.get_models() if len(model._meta.pk_fields) == 1
]
SHAPES: Final[dict[str, Shape]] = {
    "all": lambda rows: rows.all(),
    "some": lambda rows: rows.filter(pk__in=[1, 2]),
    "ordered": lambda rows: rows.order_by("-pk"),
    "by an expression": lambda rows: rows.order_by(F("pk").desc(nulls_last=True)),
    "reversed": lambda rows: rows.order_by("pk").reverse(),
    "unordered": lambda rows: rows.order_by(),
    "related": lambda rows: (
        rows.select_related(*names).order_by("pk") if (names := _relations(rows)) else rows
    ),
    "by a relation": lambda rows: rows.order_by(*_relations(rows), "pk"),
    "one column": lambda rows: rows.only("pk"),
    "values": lambda rows: rows.order_by("pk").values("pk"),
    "values of all": lambda rows: rows.order_by("pk").values_list(),
    "counted": lambda rows: rows.annotate(n=Count("pk")).order_by("n", "-pk"),
    "by another name": lambda rows: rows.annotate(it=Cast("pk", models.TextField())).order_by("it"),
    "distinct": lambda rows: rows.order_by("pk").distinct("pk"),
    "first ones": lambda rows: rows.order_by("pk")[:3],
    "those in others": lambda rows: rows.filter(pk__in=rows.order_by("-pk").values("pk")[:3]),
    "those that are": lambda rows: rows.filter(Exists(rows.filter(pk=OuterRef("pk")))),
    "with others": lambda rows: rows.order_by().union(rows.order_by()).order_by("pk"),
    "and a number": lambda rows: rows.extra(select={"one": "1"}).order_by("one", "pk"),
    "locked": lambda rows: rows.order_by("pk").select_for_update(of=("self",), no_key=True),
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_queries_are_as_django_makes_them(shape: Shape) -> None:
    for model in MODELS:
        query = shape(model._base_manager.all()).query
        theirs = _compiled(djangos.SQLCompiler, query)
        for _first_and_kept in range(2):
            assert _compiled(SQLCompiler, query) == theirs, model


def test_kept_columns_are_not_those_of_whoever_asks() -> None:
    rows = apps.get_model("identity", "Team").objects.all()
    first = SQLCompiler(rows.query.chain(), connection, "default")
    first.as_sql()
    first.select.clear()
    first.klass_info["select_fields"] = []
    assert _compiled(SQLCompiler, rows.query) == _compiled(djangos.SQLCompiler, rows.query)


def _compiled(kind: type[djangos.SQLCompiler], query: Query) -> tuple[Any, ...]:
    """The words, what becomes of the columns, and how; of a copy: compiling changes a query."""
    compiler: Any = kind(query.chain(), connection, "default")
    words = compiler.as_sql()
    converters = compiler.get_converters([column for column, _, _ in compiler.select])
    return words, converters, _places(compiler.klass_info), compiler.annotation_col_map


def _places(info: dict[str, Any] | None) -> tuple[Any, ...]:
    """Which columns make which model, and those joined to it."""
    if info is None:
        return ()
    joined = info.get("related_klass_infos", ())
    return info["model"], info["select_fields"], [_places(one) for one in joined]


def _relations(rows: QuerySet[Any]) -> list[str]:
    fields = rows.model._meta.concrete_fields
    return [field.name for field in fields if field.is_relation]


@pytest.mark.parametrize("is_streamed", [False, True])
def test_times_are_read_in_utc(is_streamed: bool) -> None:
    at = datetime(2026, 3, 29, 1, 30, 0, 250_000, tzinfo=UTC)
    Beat.objects.create(name="one", at=at)
    rows = Beat.objects.filter(name="one").values_list("at", flat=True)
    (found,) = rows.iterator() if is_streamed else rows
    assert found == at
    assert found.tzinfo is UTC
