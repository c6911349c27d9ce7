"""The story of a page for the why-page: every step, who and why, every notice, every answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.queries import AnswerView, AttemptView, NoticeView
from evenfall.paging import events
from evenfall.paging.logic import sentences
from evenfall.paging.logic.texts import LABELS
from evenfall.paging.models import PageAnswer, Participation
from evenfall.paging.ports import Response
from evenfall.platform import durations, journal
from evenfall.platform.journal import Entry


class StoryNotice(Struct, frozen=True, kw_only=True):
    """One message of a step: to whom, over what, what became of it; times are UTC.

    `attempts` are the tries behind it, `answers` what was answered to this very message;
    `fallback_for_id` is the message that did not arrive, in whose place it went out.
    """

    id: int
    user_id: int
    name: str
    kind: str
    channel: str
    urgency: str
    state: str
    reason: str
    planned_at: datetime
    due_at: datetime
    handed_over_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    read_at: datetime | None
    provider_id: str
    fallback_for_id: int | None
    attempts: tuple[AttemptView, ...] = ()
    answers: tuple[AnswerView, ...] = ()


class StoryEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened. `kind` is the event's, `details` say why, one sentence each."""

    at: datetime
    kind: str
    words: str
    details: tuple[str, ...] = ()
    notices: tuple[StoryNotice, ...] = ()


type Names = Mapping[int, str]


def page_story(page_id: int) -> list[StoryEntry]:
    """What happened to a page, oldest first; empty for one that never was.

    Facts come from the journal; answers that came too late, which are no facts, from their rows.
    """
    facts = journal.entries(subject=f"page:{page_id}", limit=1000)
    answers = list(PageAnswer.objects.filter(page_id=page_id).order_by("id"))
    notices = _notices(page_id)
    names = _names(facts, answers, notices)
    entries = [_entry(fact, names) for fact in facts if fact.kind in TELLERS]
    entries += [_late(answer, names) for answer in answers if answer.reason in IGNORED]
    told = sorted(entries, key=lambda entry: entry.at)
    return _with_notices(told, _messages(notices, names))


IGNORED = frozenset({"already_closed", "already_mobilised"})


def _notices(page_id: int) -> list[NoticeView]:
    digests = Participation.objects.filter(page_id=page_id, digest__isnull=False)
    listed = digests.values_list("digest_id", "user_id").distinct()
    subjects = [f"page:{page_id}", *(f"digest:{digest_id}" for digest_id, _ in listed)]
    return notifications_queries.notices_about(subjects)


def _names(
    facts: Sequence[Entry], answers: Sequence[PageAnswer], notices: Sequence[NoticeView]
) -> Names:
    ids = {answer.user_id for answer in answers} | {notice.user_id for notice in notices}
    for fact in facts:
        people = (*fact.data.get("people", ()), *fact.data.get("missing", ()))
        ids |= {person.get("user_id") for person in people} | {fact.data.get("user_id")}
    people_of = identity_queries.people({i for i in ids if i is not None})
    return {user_id: person.name for user_id, person in people_of.items()}


def _entry(fact: Entry, names: Names) -> StoryEntry:
    words, details = TELLERS[fact.kind](fact.data, names)
    return StoryEntry(at=fact.at, kind=fact.kind, words=words, details=tuple(details))


def _late(answer: PageAnswer, names: Names) -> StoryEntry:
    label = LABELS[Response(answer.response)]
    who = _name(names, answer.user_id)
    return StoryEntry(
        at=answer.at,
        kind="paging.answer_ignored",
        words=f"{who} answered “{label}” over {answer.via}; it changed nothing any more",
    )


def _messages(notices: Sequence[NoticeView], names: Names) -> list[StoryNotice]:
    ids = [notice.id for notice in notices]
    attempts, answers = (
        notifications_queries.attempts_of(ids),
        notifications_queries.answers_to(ids),
    )
    return [
        replace(
            _notice(notice, names),
            attempts=attempts.get(notice.id, ()),
            answers=answers.get(notice.id, ()),
        )
        for notice in notices
    ]


def _with_notices(
    entries: Sequence[StoryEntry], notices: Sequence[StoryNotice]
) -> list[StoryEntry]:
    """Each notice stands with the last step at or before the moment it was planned."""
    steps = [i for i, entry in enumerate(entries) if entry.kind in STEPS]
    placed: dict[int, list[StoryNotice]] = {}
    for notice in notices:
        before = [i for i in steps if entries[i].at <= notice.planned_at]
        if before:
            placed.setdefault(before[-1], []).append(notice)
    return [replace(entry, notices=tuple(placed.get(i, ()))) for i, entry in enumerate(entries)]


def _notice(notice: NoticeView, names: Names) -> StoryNotice:
    return StoryNotice(
        id=notice.id,
        user_id=notice.user_id,
        name=_name(names, notice.user_id),
        kind=notice.kind,
        channel=notice.channel,
        urgency=notice.urgency,
        state=notice.state,
        reason=notice.reason,
        planned_at=notice.planned_at,
        due_at=notice.first_due_at,
        handed_over_at=notice.handed_over_at,
        accepted_at=notice.accepted_at,
        finished_at=notice.finished_at,
        read_at=notice.read_at,
        provider_id=notice.provider_id,
        fallback_for_id=notice.fallback_for_id,
    )


type Teller = Callable[[dict[str, Any], Names], tuple[str, Iterable[str]]]


def _name(names: Names, user_id: int | None) -> str:
    return "Somebody" if user_id is None else names.get(user_id, "somebody who left")


def _started(data: dict[str, Any], _names: Names) -> tuple[str, Iterable[str]]:
    return f"Started with {data['urgency']} urgency: {data['title']}", ()


def _step(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
    people = [_name(names, one["user_id"]) for one in data["people"]]
    whys = [
        f"{_name(names, one['user_id'])}: {one['why']}"
        + ("; listed in one message with other pages" if one["digest_id"] else "")
        for one in data["people"]
    ]
    words = sentences.move_sentence(data["reason"], people)
    if data["step"] is not None:
        words = f"Round {data['round']}, step {data['step'] + 1}: {words}"
    return words, (*whys, *_missing(data, names))


def _nobody(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
    at = "" if data["step"] is None else f"Round {data['round']}, step {data['step'] + 1}: "
    reasons = {one["reason"] for one in data["missing"]}
    return f"{at}{sentences.nobody_sentence(reasons)}", _missing(data, names)


def _missing(data: dict[str, Any], names: Names) -> list[str]:
    return [
        sentences.missing_sentence(
            one["reason"], one["target"], names.get(one["user_id"] or 0, ""), one.get("why", "")
        )
        for one in data["missing"]
    ]


def _answered(words: str) -> Teller:
    def tell(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
        timing = [_timing(data)] if "in_time" in data else []
        return f"{_name(names, data['user_id'])} {words} over {data['via']}", timing

    return tell


def _timing(data: dict[str, Any]) -> str:
    total = int(data["seconds"])
    took = f"{durations.exact(total)} after the page began"
    return f"{took}: {'in time' if data['in_time'] else 'later than the target'}"


def _resolved(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
    words = "resolved it" if data["actionable"] else "closed it as not actionable"
    return _answered(words)(data, names)


def _stopped(data: dict[str, Any], _names: Names) -> tuple[str, Iterable[str]]:
    return f"Stopped: {data['reason']}", ()


def _expired(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
    who = _name(names, data["user_id"])
    return f"Nothing followed the acknowledgement of {who}; paging again", ()


def _handed_on(data: dict[str, Any], names: Names) -> tuple[str, Iterable[str]]:
    return f"{_name(names, data['user_id'])} handed the duty over, and this page with it", ()


TELLERS: Mapping[str, Teller] = {
    events.PageStarted.kind: _started,
    events.PageStepTaken.kind: _step,
    events.PageNobodyFound.kind: _nobody,
    events.PageAcknowledged.kind: _answered("acknowledged"),
    events.PageMobilised.kind: _answered("is on it"),
    events.PageEscalated.kind: _answered("escalated"),
    events.HelpRequested.kind: _answered("asked for help"),
    events.PageResolved.kind: _resolved,
    events.PageStopped.kind: _stopped,
    events.AckExpired.kind: _expired,
    events.PageHandedOn.kind: _handed_on,
}
STEPS = frozenset({events.PageStepTaken.kind, events.PageNobodyFound.kind})
