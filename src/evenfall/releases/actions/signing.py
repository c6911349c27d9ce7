"""People say yes or no; items are ticked; pipelines push results."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import asking, loading, planning
from evenfall.releases.logic.gates.approvals import groups_of
from evenfall.releases.logic.rules import Item
from evenfall.releases.logic.states import WAITING
from evenfall.releases.models import Passage, QualityResult, SignOff, Tick
from evenfall.releases.queries.facts import facts_of


class Evidence(Struct, frozen=True, kw_only=True):
    """What shows that an item is done: some text, a link, or both."""

    text: str = ""
    link: str = ""


@transaction.atomic
def sign_off(
    *,
    passage_id: int,
    user_id: int,
    team_id: int | None = None,
    is_yes: bool,
    comment: str = "",
    now: datetime,
    actor: str,
) -> None:
    """One person's word for a team that the stage asks; the newest word counts.

    A no wants a reason. Whoever made the release has no say. Two at once wait for each other.
    Raises PassageNotFound, NotWaiting, NotByOneself, TeamNotAsked, NotOfTheTeam, ReasonMissing.
    """
    row = _waiting(passage_id)
    if row.release.author_id == user_id:
        raise errors.NotByOneself
    why = loading.text_of(comment) if is_yes else loading.reason_of(comment, "comment")
    team = _team_for(row, user_id, team_id, now)
    SignOff.objects.update_or_create(
        passage=row,
        user_id=user_id,
        defaults={"team_id": team, "is_yes": is_yes, "comment": why, "at": now},
    )
    _signed(row, user_id, team, is_yes=is_yes, comment=why, now=now, actor=actor)


@transaction.atomic
def take_back(*, passage_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Unsay one's yes or no; nothing happens without one. Raises PassageNotFound, NotWaiting."""
    row = _waiting(passage_id)
    word = row.sign_offs.filter(user_id=user_id).first()
    if word is None:
        return
    word.delete()
    _signed(row, user_id, word.team_id, is_yes=None, comment="", now=now, actor=actor)


@transaction.atomic
def tick(
    *,
    passage_id: int,
    item: str,
    is_done: bool = True,
    evidence: Evidence | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Say that an item of the checklist is done, or is not after all.

    Raises PassageNotFound, NotWaiting, ItemNotFound, LinkNotValid.
    """
    row = _waiting(passage_id)
    items = queries.stage_rules(row.service_id, row.stage).checklist
    found = next((one for one in items if one.key == item), None)
    if found is None:
        known = ", ".join(one.key for one in items) or "none"
        raise errors.ItemNotFound(item=item, known=known)
    _tick(row, found, evidence or Evidence(), is_done=is_done, now=now, actor=actor)
    asking.keep(row, queries.answers_of([row], now=now)[row.pk], now=now, actor=actor)


class NewResult(Struct, frozen=True, kw_only=True):
    """What a pipeline says. `measured_at` is when it looked."""

    name: str
    is_good: bool
    text: str = ""
    link: str = ""
    measured_at: datetime


@transaction.atomic
def push_result(*, release_id: int, result: NewResult, now: datetime, actor: str) -> int:
    """Keep a result and tick the items that wait for a check of this name; return its id.

    A time in the future is taken as now. Raises ReleaseNotFound, NameMissing, LinkNotValid.
    """
    release = loading.release(release_id)
    row = QualityResult.objects.create(
        release=release,
        name=loading.name_of(result.name, 80),
        is_good=result.is_good,
        text=loading.text_of(result.text)[:2000],
        link=loading.link_of(result.link),
        measured_at=min(result.measured_at, now),
        reported_at=now,
        reported_by=actor,
    )
    for passage, item in _checked_by(row.name, release.passages.filter(state__in=WAITING)):
        evidence = Evidence(text=row.text, link=row.link)
        _tick(passage, item, evidence, is_done=row.is_good, check=row.name, now=now, actor=actor)
    publish(
        events.ResultPushed(
            **loading.about(release, now=now, actor=actor),
            name=row.name,
            is_good=row.is_good,
            text=row.text,
            link=row.link,
        )
    )
    planning.ask_again(release, now=now)
    return row.pk


def _waiting(passage_id: int) -> Passage:
    row = loading.passage(passage_id)
    if row.state not in WAITING:
        raise errors.NotWaiting(state=row.state)
    return row


def _team_for(row: Passage, user_id: int, team_id: int | None, now: datetime) -> int:
    """The team that this person signs for: the one named, else the first asked that they are in."""
    facts = facts_of([row], now=now)[row.pk]
    asked = [group.team_id for group in groups_of(facts)] or [facts.team_id]
    if team_id is not None and team_id not in asked:
        known = ", ".join(facts.teams.get(one, "") for one in asked)
        raise errors.TeamNotAsked(field="team_id", known=known)
    mine = set(identity_queries.team_ids_of(user_id))
    wanted = asked if team_id is None else [team_id]
    for one in wanted:
        if one in mine:
            return one
    raise errors.NotOfTheTeam(team=", ".join(facts.teams.get(one, "") for one in wanted))


def _signed(
    row: Passage,
    user_id: int,
    team_id: int,
    *,
    is_yes: bool | None,
    comment: str,
    now: datetime,
    actor: str,
) -> None:
    about = loading.about_passage(row, now=now, actor=actor)
    publish(
        events.SignedOff(**about, user_id=user_id, team_id=team_id, is_yes=is_yes, comment=comment)
    )
    asking.keep(row, queries.answers_of([row], now=now)[row.pk], now=now, actor=actor)


def _tick(
    row: Passage,
    item: Item,
    evidence: Evidence,
    *,
    is_done: bool,
    check: str = "",
    now: datetime,
    actor: str,
) -> None:
    text, link = loading.text_of(evidence.text)[:2000], loading.link_of(evidence.link)
    said = {"is_done": is_done, "text": text, "link": link}
    Tick.objects.update_or_create(
        passage=row,
        item=item.key,
        defaults={**said, "check_name": check, "by": actor, "at": now},
    )
    about = loading.about_passage(row, now=now, actor=actor)
    publish(events.ItemTicked(**about, item=item.key, is_done=is_done, text=text, link=link))


def _checked_by(name: str, passages: Iterable[Passage]) -> list[tuple[Passage, Item]]:
    return [
        (row, item)
        for row in passages
        for item in queries.stage_rules(row.service_id, row.stage).checklist
        if item.check == name
    ]
