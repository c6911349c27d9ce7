"""Changes as JSON, for a run that is done later by another process."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from evenfall.foresight.logic.reports import Moved, Report


def to_json(value: object) -> Any:  # noqa: ANN401 - any JSON
    return msgspec.to_builtins(value, enc_hook=_written)


def change_from_json[T](stored: object, kind: type[T]) -> T:
    return msgspec.convert(stored, kind, dec_hook=_read)


def report_from_json(stored: object) -> Report:
    return msgspec.convert(stored, Report)


def totals_of(report: Report) -> Any:  # noqa: ANN401 - any JSON
    """The sums of an answer alone, for lists."""
    return to_json(
        Moved(
            pages=report.proposed.pages - report.as_is.pages,
            nights=report.proposed.nights - report.as_is.nights,
            changes_nothing=report.changes_nothing,
        )
    )


def moved_from_json(stored: object) -> Moved:
    return msgspec.convert(stored, Moved)


def _written(value: object) -> object:
    if isinstance(value, ZoneInfo):
        return value.key
    raise NotImplementedError(f"{type(value).__name__} cannot be stored")


def _read(kind: type, value: object) -> object:
    if kind is ZoneInfo:
        return ZoneInfo(str(value))
    raise NotImplementedError(f"{kind.__name__} cannot be read")
