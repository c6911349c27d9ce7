"""The life of an incident in words: who moved it where, and which times were corrected."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from evenfall.incidents.logic.wording import Sentence, Tone, Words, plain

_MOVES: Final = {
    "acknowledged": Sentence("{actor} goes on investigating", Tone.ACCENT),
    "fixing": Sentence("{actor} is fixing it", Tone.ACCENT),
    "monitoring": Sentence("{actor} put a fix in and watches it", Tone.GOOD),
}
_WATCHED: Final = "The fix did not hold, so the harm has not ended."


def _moved(data: Mapping[str, Any]) -> Sentence:
    said = _MOVES.get(str(data.get("after")), Sentence("{actor} moved it to {after}"))
    before = data.get("before")
    why = {"monitoring": _WATCHED, "paused": "It was paused."}.get(str(before), "")
    return Sentence(said.text, said.tone, why)


def _paused(data: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{{actor}} paused it until {_moment(data.get('resume_by'))}", Tone.WARNING, "{reason}"
    )


def _pause_over(data: Mapping[str, Any]) -> Sentence:
    text = "The pause is over" if data.get("user_id") is None else "The pause is over, told {user}"
    return Sentence(text, Tone.WARNING)


_STAMPS: Final = {
    "impact_started": "when the harm began",
    "detected": "when it was noticed",
    "declared": "when it was opened",
    "acknowledged": "when it was acknowledged",
    "mitigated": "when the harm ended",
    "resolved": "when it was resolved",
    "closed": "when it was closed",
}


def _corrected(data: Mapping[str, Any]) -> Sentence:
    what = _STAMPS.get(str(data.get("stamp")), "{stamp}")
    before, after = data.get("before"), data.get("after")
    if before is None:
        return Sentence(f"{{actor}} said {what}", why=f"{_moment(after)}: {{why}}")
    now_said = _moment(after) if after else "not known"
    return Sentence(
        f"{{actor}} corrected {what}", why=f"{now_said}, it was {_moment(before)}: {{why}}"
    )


def _recurs(data: Mapping[str, Any]) -> Sentence:
    if data.get("of_id") is None:
        return Sentence("{actor} says that #{incident_id} is no recurrence of #{before_id}")
    return Sentence(
        "#{incident_id} is a recurrence of #{of_id}, says {actor}", Tone.WARNING, "{of_title}"
    )


def _moment(text: object) -> str:
    """A time as the journal keeps it, to the minute; "…" for anything else."""
    try:
        at = datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return "…"
    return f"{at:%d %b %H:%M} UTC"


LIFE: Final[dict[str, Words]] = {
    "incidents.incident_moved": _moved,
    "incidents.incident_paused": _paused,
    "incidents.pause_over": _pause_over,
    "incidents.incident_declined": plain("{actor} declined it", Tone.QUIET, "{reason}"),
    "incidents.incident_sent_to_review": plain("{actor} sent it to review", Tone.ACCENT),
    "incidents.incident_closed": plain("{actor} closed it", Tone.GOOD),
    "incidents.stamp_corrected": _corrected,
    "incidents.recurrence_linked": _recurs,
}
