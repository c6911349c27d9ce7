"""Many numbers are one parameter: `id__in` with two hundred ids asks `id = ANY (array)`.

Django writes a placeholder for each number. To make, to send and to read a statement of two hundred
takes a millisecond of processor time more than the same with an array, a page asks several, and
none is ever prepared, since each has another length.
"""

from collections.abc import Collection
from typing import Any, Final, override

from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

FEW: Final = 8
"""So many stay placeholders: the planner does not know how long an array will be."""
_BIGINT: Final = range(-(2**63), 2**63)


class _Numbers(list[int]):
    """What goes as one parameter."""


class _Array(In):
    @override
    def get_prep_lookup(self) -> Any:
        """Numbers are as the column wants them: nothing to look at one by one."""
        return _numbers(self.rhs) or super().get_prep_lookup()

    @override
    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, _Numbers):
            return "ANY (%s::bigint[])", (list(self.rhs),)
        return super().process_rhs(compiler, connection)

    @override
    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= {rhs}" if isinstance(self.rhs, _Numbers) else super().get_rhs_op(connection, rhs)


class NumberIn(_Array):
    """Of a column of numbers."""


class RelatedNumberIn(_Array, RelatedIn):
    """Of a foreign key."""


def _numbers(wanted: object) -> _Numbers:
    """Each of these once; none where they are few, or not all of them fit a column of numbers."""
    if not isinstance(wanted, Collection) or len(wanted) <= FEW:
        return _Numbers()
    known = dict.fromkeys(one for one in wanted if one is not None)
    fit = all(type(one) is int and one in _BIGINT for one in known)
    return _Numbers(known if fit else ())


def register() -> None:
    IntegerField.register_lookup(NumberIn)
    ForeignKey.register_lookup(RelatedNumberIn)
