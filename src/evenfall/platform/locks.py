"""Rows are locked in one order, whoever locks them: two who want the same wait, and never both."""

from collections.abc import Callable, Collection

from django.db.models import Model, QuerySet


def locked[M: Model](
    rows: QuerySet[M], ids: Collection[int], *, lost: Callable[[int], Exception]
) -> dict[int, M]:
    """Return the rows by their ids, in the order asked for, locked until the transaction ends.

    They are locked in the order of their ids, so that others may still refer to them
    (`FOR NO KEY UPDATE`). Raises what `lost` makes of the first id without a row. One query.
    """
    there = rows.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in there}
    for one in ids:
        if one not in found:
            raise lost(one)
    return {one: found[one] for one in ids}
