"""Telling those whom the table names: that an incident began or ended, and what updates say.

Who is told what is kept in rows, so that anything may come late or twice; two at the same time
meet at the lock of the incident. All that one batch has for a person is one notice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct, field

from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import hearing
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.hearing import READS, Hears, Word
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.states import State
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, LifeHeard, TextHeard, UpdateText
from evenfall.incidents.queries.hearing import active_members, listener_rows
from evenfall.incidents.queries.sight import insiders
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.platform.events import SYSTEM, Event, publish

PURPOSE: Final = "hearing"
_FOR_ALL: Final = (Hears.LIFE, *READS.values())
_WORDS: Final = {Word.BEGAN: "it began", Word.BACK: "it is open again", Word.ENDED: "it is over"}
_ENDS: Final = {
    State.DECLINED: "it was none after all",
    State.MERGED: "it is part of another one now",
}
_SHORT: Final = 300
_MOST_LINES: Final = 50


class _Item(Struct, frozen=True):
    """One thing to tell about an incident, `text` is what an update says."""

    incident: Incident
    what: str
    text: str = ""

    @property
    def is_update(self) -> bool:
        return bool(self.text)


class _Desk(Struct):
    """What a batch reads once, and what comes of it: things to tell by person, and facts."""

    incidents: Mapping[int, Incident]
    rows: Sequence[hearing.Listener]
    members: dict[int, tuple[int, ...]]
    inside: Mapping[int, Collection[int]]
    now: datetime
    for_whom: dict[int, list[_Item]] = field(default_factory=dict)
    facts: list[Event] = field(default_factory=list)

    def people(self, incident: Incident, hears: Hears, severity: str) -> list[int]:
        """Who gets this of an incident that is so bad."""
        return hearing.people_of(
            (
                row
                for row in self.rows
                if row.hears is hears
                and hearing.fits(
                    row,
                    severity=severity,
                    environment=incident.environment,
                    team_id=incident.team_id,
                )
            ),
            self.members,
        )

    def may_hear(self, incident: Incident, user_id: int) -> bool:
        return not incident.is_private or user_id in self.inside[incident.pk]

    def tell(self, item: _Item, people: Sequence[int], *, what: str, update_id: int | None) -> None:
        for user_id in people:
            self.for_whom.setdefault(user_id, []).append(item)
        self.facts.append(
            events.ListenersTold(
                **moving.about(item.incident, By(actor=SYSTEM, at=self.now)),
                what=what,
                people=tuple(events.CrewMember(user_id=number) for number in people),
                update_id=update_id,
            )
        )


def tell_listeners(
    *,
    incident_ids: Collection[int],
    opened_ids: Collection[int] = (),
    update_ids: Collection[int] = (),
    now: datetime,
) -> None:
    """Tell whom the table names what they were not told yet; each thing once, one notice a person.

    `incident_ids` are those that began, changed or ended, `opened_ids` those that were opened just
    now, `update_ids` what was told just now. Of a private incident only those hear who may see it.
    Nobody is sent what they wrote. A fixed number of queries. Locks incidents.
    """
    rows = listener_rows(_FOR_ALL)
    told = LifeHeard.objects.filter(incident_id__in=incident_ids)
    if not rows and not told.exists():
        return
    texts = _texts(update_ids)
    wanted = _wanted(rows, incident_ids, texts) | set(told.values_list("incident_id", flat=True))
    with transaction.atomic():
        found = moving.lock_many(wanted)
        desk = _Desk(
            incidents={row.pk: row for row in found},
            rows=rows,
            members=active_members(rows),
            inside=insiders(found),
            now=now,
        )
        _lives(desk, set(incident_ids), opened_ids)
        _updates(desk, texts)
        if desk.facts:
            _send(desk)
            publish(*desk.facts)


def _texts(update_ids: Collection[int]) -> list[UpdateText]:
    if not update_ids:
        return []
    rows = UpdateText.objects.filter(
        update_id__in=update_ids, audience__in=[one.value for one in READS]
    )
    return list(rows.select_related("update").order_by("update_id", "audience"))


def _wanted(
    rows: Sequence[hearing.Listener], incident_ids: Collection[int], texts: Iterable[UpdateText]
) -> set[int]:
    """Those that anybody hears of, so that a storm of others is neither locked nor looked at."""
    found = Incident.objects.filter(id__in=incident_ids)
    begun = {
        number
        for number, severity, environment, team_id in found.values_list(
            "id", "severity", "environment", "team_id"
        )
        if any(
            hearing.fits(row, severity=severity, environment=environment, team_id=team_id)
            for row in rows
        )
    }
    return begun | ({text.update.incident_id for text in texts} if rows else set())


def _lives(desk: _Desk, incident_ids: Collection[int], opened_ids: Collection[int]) -> None:
    known = LifeHeard.objects.filter(incident_id__in=incident_ids)
    told = {(row.incident_id, row.user_id): row for row in known}
    new: list[LifeHeard] = []
    changed: list[LifeHeard] = []
    for incident in desk.incidents.values():
        if incident.pk not in incident_ids:
            continue
        people = dict.fromkeys(
            [
                *(number for key, number in told if key == incident.pk),
                *desk.people(incident, Hears.LIFE, incident.severity),
            ]
        )
        heard: dict[Word, list[int]] = {}
        for user_id in people:
            row = told.get((incident.pk, user_id))
            word = hearing.next_word(
                Word(row.word) if row else None,
                State(incident.state),
                opened_just_now=incident.pk in opened_ids,
            )
            if word is not None and desk.may_hear(incident, user_id):
                heard.setdefault(word, []).append(user_id)
                kept = changed if row else new
                kept.append(_heard(row, incident, user_id, word, desk.now))
        for word, listeners in heard.items():
            item = _Item(incident, _life_words(incident, word))
            desk.tell(item, listeners, what=word.value, update_id=None)
    LifeHeard.objects.bulk_create(new)
    LifeHeard.objects.bulk_update(changed, ["word", "told_at"])


def _heard(
    row: LifeHeard | None, incident: Incident, user_id: int, word: Word, now: datetime
) -> LifeHeard:
    row = row or LifeHeard(incident=incident, user_id=user_id)
    row.word, row.told_at = word.value, now
    return row


def _life_words(incident: Incident, word: Word) -> str:
    if word is Word.ENDED:
        return _ENDS.get(State(incident.state), _WORDS[word])
    return f"{_WORDS[word]}, {incident.severity}"


def _updates(desk: _Desk, texts: Sequence[UpdateText]) -> None:
    known = TextHeard.objects.filter(text__in=texts) if texts else TextHeard.objects.none()
    heard = set(known.values_list("text_id", "user_id"))
    rows: list[TextHeard] = []
    for text in texts:
        update, audience = text.update, Audience(text.audience)
        incident = desk.incidents.get(update.incident_id)
        if incident is None:
            continue
        people = [
            user_id
            for user_id in desk.people(incident, READS[audience], update.severity)
            if (text.pk, user_id) not in heard
            and user_id != update.author_id
            and desk.may_hear(incident, user_id)
        ]
        if people:
            rows += [TextHeard(text=text, user_id=number, sent_at=desk.now) for number in people]
            item = _Item(incident, f"update for {audience.label}", text.text)
            desk.tell(item, people, what=audience.value, update_id=update.pk)
    TextHeard.objects.bulk_create(rows)


def _send(desk: _Desk) -> None:
    active = identity_queries.people(desk.for_whom.keys())
    people = [number for number in desk.for_whom if active[number].is_active]
    news = [_news(number, desk.for_whom[number]) for number in people]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=desk.now)


def _news(user_id: int, items: Sequence[_Item]) -> News:
    return News(
        user_id=user_id,
        subject=f"hearing:{items[0].incident.pk}",
        content=_one(items[0]) if len(items) == 1 else _many(items),
    )


def _one(item: _Item) -> Content:
    incident = item.incident
    page = "updates/" if item.is_update else ""
    text = "Sign in to read it." if incident.is_private else hearing.shortened(item.text)
    return Content(
        title=f"#{incident.pk}: {item.what}",
        lines=(_headline(incident), *([text] if item.is_update else [])),
        url=f"/incidents/{incident.pk}/{page}",
        severity=loudness(Sev(incident.severity)).value,
        tag=f"incident-{incident.pk}-hearing",
    )


def _many(items: Sequence[_Item]) -> Content:
    """One notice for all that a storm has to say, in the order in which it was said."""
    worst = min(item.incident.severity for item in items)
    unique = {item.incident.pk for item in items}
    more = [f"… and {len(items) - _MOST_LINES} more"] if len(items) > _MOST_LINES else []
    about = "an incident" if len(unique) == 1 else f"{len(unique)} incidents"
    return Content(
        title=f"{len(items)} words about {about}",
        lines=(*(_line(item) for item in items[:_MOST_LINES]), *more),
        url=f"/incidents/{items[0].incident.pk}/" if len(unique) == 1 else "/incidents/",
        severity=loudness(Sev(worst)).value,
        tag=f"incident-{items[0].incident.pk}-hearing",
    )


def _line(item: _Item) -> str:
    said = f"#{item.incident.pk} {_headline(item.incident)}: {item.what}"
    if not item.is_update or item.incident.is_private:
        return said
    return f"{said}: {one_line(item.text, length=_SHORT)}"


def _headline(incident: Incident) -> str:
    return "A private incident" if incident.is_private else incident.headline
