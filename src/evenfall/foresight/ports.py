"""What can be asked about: one `Kind` for each sort of change, registered by the composition root.

The domain that owns a sort of change reads it, from its own form and from its own API body, with
the checks that saving it would make: a what-if says no to what could not be saved.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from evenfall.foresight import errors
from evenfall.foresight.logic.headlines import headline
from evenfall.foresight.logic.reports import PersonLine, Report
from evenfall.foresight.logic.states import AT_ONCE, MOST_DAYS
from evenfall.identity.permissions import Viewer

if TYPE_CHECKING:
    from django.http import QueryDict

__all__ = [
    "AT_ONCE",
    "MOST_DAYS",
    "Kind",
    "PersonLine",
    "Report",
    "headline",
    "kind_named",
    "kinds",
    "register_kind",
]

type FromApi = Callable[[int | None, Mapping[str, Any] | None], object]
type FromForm = Callable[["QueryDict", int | None, Viewer], object]


class Kind(Struct, frozen=True, kw_only=True):
    """`type` is the value a reader returns. `from_api` gets the number of what is changed (None: it
    is new) and the body that saving it would take (None: it is deleted). A form reader also checks
    that whoever asks might save it.
    """

    name: str
    type: type
    from_api: FromApi
    from_form: FromForm | None = None


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises `KindUnknown`."""
    if name not in _kinds:
        raise errors.KindUnknown(field="kind", kind=name, kinds=", ".join(sorted(_kinds)))
    return _kinds[name]


def kinds() -> tuple[str, ...]:
    return tuple(_kinds)
