"""What people were told and promised, in words for the timeline."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.wording import Sentence, Tone, Words, plain
from evenfall.platform import durations

_LABELS: Final = {audience.value: audience.label for audience in Audience}
_WORTH_TELLING: Final = 60


def _promised(data: Mapping[str, Any]) -> Sentence:
    waiting = _all(data.get("promised"), "due_at")
    return Sentence("An update is promised", Tone.QUIET, f"Due {waiting}.")


def _told(data: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{{actor}} told {_audiences(data)}{_late(data)}", Tone.ACCENT, f"{{text}} {_next(data)}"
    )


def _kept(data: Mapping[str, Any]) -> Sentence:
    text = f"{{actor}} told {_audiences(data)} on {{where}}{_late(data)}"
    return Sentence(text, Tone.ACCENT, _next(data))


def _moved(data: Mapping[str, Any]) -> Sentence:
    who, after = _label(data.get("audience")), _clock(data.get("after"))
    why = f"It was due {_clock(data.get('before'))}"
    if data.get("why"):
        return Sentence(f"The update for {who} is due {after} now", why=f"{why}; {{why}}.")
    return Sentence(f"{{actor}} promised {who} an update by {after}", why=f"{why}.")


_ASKED: Final = {
    "warn": ("An update for {who} is due soon", Tone.QUIET),
    "due": ("An update for {who} is due", Tone.WARNING),
    "help": ("An update for {who} is overdue", Tone.WARNING),
    "break": ("An update for {who} was not told in time", Tone.WARNING),
}


def _asked(data: Mapping[str, Any]) -> Sentence:
    text, tone = _ASKED.get(str(data.get("step")), _ASKED["due"])
    who = _and(_label(one) for one in data.get("audiences") or ())
    return Sentence(text.format(who=who), tone, f"{_reached(data)}{_delay(data)}")


def _reached(data: Mapping[str, Any]) -> str:
    verb = "paged" if data.get("page_id") else "reminded"
    if data.get("people"):
        return f"{{people}} {'was' if len(data['people']) == 1 else 'were'} {verb}."
    if data.get("page_id"):
        return "Nobody has a role, so its policy was paged."
    return "Nobody has a role, so nobody could be reminded."


def _broken(data: Mapping[str, Any]) -> Sentence:
    text = f"The promise to tell {_label(data.get('audience'))} is broken"
    why = f"It was due {_clock(data.get('due_at'))}.{_delay(data)}"
    return Sentence(text, Tone.CRITICAL, why)


def _long(data: Mapping[str, Any]) -> Sentence:
    if data.get("withdrawn"):
        return Sentence("{actor} says that it does not take long after all")
    return Sentence("{actor} says that it takes long", why="Updates come less often from now on.")


_DECIDED: Final = {
    "approved": Sentence("{actor} approved the update for the public", Tone.GOOD),
    "sent_back": Sentence("{actor} sent the update for the public back", Tone.WARNING, "{reason}"),
    "replaced": Sentence("A newer text took the place of the one that waited", Tone.QUIET),
}


def _decided(data: Mapping[str, Any]) -> Sentence:
    gone = Sentence("The text for the public is not needed any more", Tone.QUIET)
    return _DECIDED.get(str(data.get("decision")), gone)


_HEARD: Final = {
    "began": "Told them that it began",
    "back": "Told them that it is open again",
    "ended": "Told them that it is over",
}


def _heard(data: Mapping[str, Any]) -> Sentence:
    what = str(data.get("what"))
    text = _HEARD.get(what, f"Sent them the update for {_label(what)}")
    return Sentence(text, Tone.QUIET, "{people}")


def _audiences(data: Mapping[str, Any]) -> str:
    return _and(_label(one.get("audience")) for one in data.get("told") or ())


def _next(data: Mapping[str, Any]) -> str:
    named = [one for one in data.get("told") or () if one.get("next_update_at")]
    return f"Next: {_all(named, 'next_update_at')}." if named else "No further word is promised."


def _all(some: object, name: str) -> str:
    rows = some if isinstance(some, list | tuple) else ()
    times: dict[str, list[str]] = {}
    for one in rows:
        times.setdefault(_clock(one.get(name)), []).append(_label(one.get("audience")))
    return ", ".join(f"{_and(who)} by {at}" for at, who in times.items())


def _late(data: Mapping[str, Any]) -> str:
    worst = max((float(one.get("seconds_late") or 0) for one in data.get("told") or ()), default=0)
    return f", {durations.spoken(worst)} late" if worst >= _WORTH_TELLING else ""


def _delay(data: Mapping[str, Any]) -> str:
    late = float(data.get("seconds_late") or 0)
    return f" Noticed {durations.spoken(late)} late." if late >= _WORTH_TELLING else ""


def _label(audience: object) -> str:
    return _LABELS.get(str(audience), "somebody")


def _and(words: Iterable[str]) -> str:
    told = list(words)
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _clock(text: object) -> str:
    """A time as the journal keeps it, to the minute; "…" for anything else."""
    try:
        at = datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return "…"
    return f"{at:%d %b %H:%M} UTC"


PROMISES: Final[dict[str, Words]] = {
    "incidents.updates_promised": _promised,
    "incidents.update_told": _told,
    "incidents.promise_kept": _kept,
    "incidents.promise_moved": _moved,
    "incidents.update_asked_for": _asked,
    "incidents.promise_broken": _broken,
    "incidents.long_incident_declared": _long,
    "incidents.update_proposed": plain(
        "{actor} wrote an update for the public; it waits for approval", Tone.WARNING, "{text}"
    ),
    "incidents.proposed_decided": _decided,
    "incidents.listeners_told": _heard,
    "statuspages.post_updated": plain("Readers of {page} see: {state}", Tone.QUIET),
    "statuspages.post_edited": plain("{actor} corrected what {page} says", Tone.QUIET),
    "statuspages.post_retracted": plain(
        "{actor} retracted what {page} said", Tone.WARNING, "{reason}"
    ),
    "statuspages.post_prepared": plain("A post for {page} waits for somebody to confirm it"),
    "statuspages.prepared_changed": plain(
        "{actor} changed the post prepared for {page}", Tone.QUIET
    ),
    "statuspages.prepared_settled": plain(
        "The post prepared for {page} waits no more", Tone.QUIET, "{why}"
    ),
}
