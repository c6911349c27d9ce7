"""What every action does first: find, wait for its turn, check."""

from datetime import datetime
from typing import Any, Final

from evenfall.releases import errors
from evenfall.releases.models import Passage, Release

MOST_TEXT: Final = 20_000
REASON_LENGTH: Final = 500
NAME_LENGTH: Final = 120


def release(release_id: int) -> Release:
    """Locked until the transaction ends. Raises ReleaseNotFound."""
    row = Release.objects.select_for_update().filter(id=release_id).first()
    if row is None:
        raise errors.ReleaseNotFound(release=release_id)
    return row


def passage(passage_id: int) -> Passage:
    """Locked, with its release (not locked). Raises PassageNotFound."""
    rows = Passage.objects.select_for_update(of=("self",)).select_related("release")
    row = rows.filter(id=passage_id).first()
    if row is None:
        raise errors.PassageNotFound(passage=passage_id)
    return row


def about(row: Release, *, now: datetime, actor: str) -> dict[str, Any]:
    """The fields that all facts about a release share."""
    return {
        "release_id": row.pk,
        "service_id": row.service_id,
        "version": row.version,
        "at": now,
        "actor": actor,
    }


def about_passage(row: Passage, *, now: datetime, actor: str) -> dict[str, Any]:
    """The fields that all facts about a passage share."""
    place = {"passage_id": row.pk, "stage": row.stage, "environment": row.environment}
    return about(row.release, now=now, actor=actor) | place


def line_of(text: str, length: int = NAME_LENGTH) -> str:
    return " ".join(text.replace("\0", "").split())[:length]


def text_of(text: str) -> str:
    return text.replace("\0", "").strip()[:MOST_TEXT]


def reason_of(text: str, field: str = "reason") -> str:
    """One line that says why. Raises ReasonMissing."""
    reason = line_of(text, REASON_LENGTH)
    if not reason:
        raise errors.ReasonMissing(field=field)
    return reason


def name_of(text: str, length: int = NAME_LENGTH) -> str:
    """Raises NameMissing."""
    name = line_of(text, length)
    if not name:
        raise errors.NameMissing(field="name")
    return name


def link_of(text: str, field: str = "link") -> str:
    """A web address or nothing. Raises LinkNotValid."""
    url = line_of(text, 500)
    if url and not url.startswith(("https://", "http://")):
        raise errors.LinkNotValid(field=field, url=url)
    return url
