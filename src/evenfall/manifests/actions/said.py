"""Texts of a manifest as the values that actions take; what cannot be read says so."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from evenfall.alerting.ports import Matcher, MatcherError, parse_matchers
from evenfall.manifests import errors


def matchers(field: str, said: Iterable[str]) -> Sequence[Matcher]:
    """Raises MatcherNotValid, which names the field."""
    try:
        return [matcher for text in said for matcher in parse_matchers(text)]
    except MatcherError as error:
        raise errors.MatcherNotValid(field=field, reason=str(error)) from None


def moment(field: str, said: str) -> datetime:
    """Raises NoSuchTime for a time without a zone and for what is none."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise errors.NoSuchTime(field=field, time=said) from None
    if found.tzinfo is None:
        raise errors.NoSuchTime(field=field, time=said)
    return found


def day(text: str) -> date:
    """Raises NoSuchDay."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.NoSuchDay(day=text) from None
