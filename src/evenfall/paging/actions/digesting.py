"""The storm rule in the database: who already got many pages, and which digest lists the rest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Max
from msgspec import Struct

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.paging.logic import storm, texts
from evenfall.paging.logic.rules import Wishes, plan_notices_for
from evenfall.paging.logic.storm import Call, Split
from evenfall.paging.logic.words import Urgency
from evenfall.paging.models import Digest, Page, Participation
from evenfall.paging.queries.directory import Snapshot
from evenfall.paging.queries.habits import Habits
from evenfall.paging.queries.live import content_of

# Reminders of a digest end with the first step of most policies; the pages go on by themselves.
CUT_OFF = timedelta(minutes=5)
SPOKEN = 3  # nobody remembers more from a call


class OpenDigest(Struct, frozen=True, kw_only=True):
    """A digest of one person with the pages it got now and those it had; headlines in order.

    `about` are the first of them in parts, for who hears instead of reads.
    """

    id: int
    user_id: int
    starts_at: datetime
    new_page_ids: tuple[int, ...]
    headlines: tuple[str, ...]
    about: tuple[notifications_ports.About, ...] = ()


def split_calls(calls: Sequence[Call], habits: Mapping[int, Habits], *, now: datetime) -> Split:
    """Which calls get notices of their own, by what each person got during the last minute.

    Two transactions at the same time may each let a few through: a doubled page is cheaper than
    one that waits.
    """
    called = {call.user_id for call in calls}
    return storm.split(
        calls,
        recent={user_id: habits[user_id].calls for user_id in called},
        in_storm={
            user_id for user_id in called if storm.is_storm(habits[user_id].last_digest, now=now)
        },
    )


def _last_digests(user_ids: Collection[int]) -> dict[int, datetime]:
    """When the newest digest of each person went, or will go, out."""
    rows = Digest.objects.filter(user_id__in=user_ids).values_list("user_id")
    return dict(rows.annotate(last=Max("starts_at")))


def join_digests(
    gathered: Mapping[int, tuple[int, ...]], *, now: datetime
) -> dict[int, OpenDigest]:
    """For each person a digest for these pages: the one that still waits, or a new one.

    Locks the digests that wait; their planned notices are taken back, to be planned again with the
    whole list.
    """
    if not gathered:
        return {}
    waiting = _waiting(gathered, now)
    notifications_actions.cancel_notices(
        subjects=[f"digest:{digest.id}" for digest in waiting.values()],
        reason="listed in a newer digest",
        now=now,
    )
    fresh = _create_missing(gathered, waiting, now)
    return _with_headlines({**waiting, **fresh}, gathered)


def _waiting(gathered: Mapping[int, tuple[int, ...]], now: datetime) -> dict[int, Digest]:
    rows = Digest.objects.select_for_update().filter(user_id__in=gathered, starts_at__gt=now)
    return {row.user_id: row for row in rows.order_by("id")}


def _create_missing(
    gathered: Mapping[int, tuple[int, ...]], waiting: Mapping[int, Digest], now: datetime
) -> dict[int, Digest]:
    missing = [user_id for user_id in gathered if user_id not in waiting]
    last = _last_digests(missing)
    rows = Digest.objects.bulk_create(
        [
            Digest(
                user_id=user_id,
                starts_at=storm.digest_starts_at(last.get(user_id), now=now),
            )
            for user_id in missing
        ]
    )
    return {row.user_id: row for row in rows}


def _with_headlines(
    digests: Mapping[int, Digest], gathered: Mapping[int, tuple[int, ...]]
) -> dict[int, OpenDigest]:
    listed: dict[int, list[int]] = {digest.id: [] for digest in digests.values()}
    earlier = Participation.objects.filter(digest_id__in=listed, page__ended_at=None)
    for digest_id, page_id in earlier.order_by("id").values_list("digest_id", "page_id"):
        listed[digest_id].append(page_id)
    for user_id, digest in digests.items():
        listed[digest.id].extend(gathered[user_id])
    pages = Page.objects.in_bulk({page_id for ids in listed.values() for page_id in ids})
    headlines = {page_id: _headline(page) for page_id, page in pages.items()}
    shown = {digest_id: tuple(dict.fromkeys(ids)) for digest_id, ids in listed.items()}
    return {
        user_id: OpenDigest(
            id=digest.id,
            user_id=user_id,
            starts_at=digest.starts_at,
            new_page_ids=gathered[user_id],
            headlines=tuple(headlines[i] for i in shown[digest.id]),
            about=tuple(_about(pages[i]) for i in shown[digest.id][:SPOKEN]),
        )
        for user_id, digest in digests.items()
    }


def _headline(page: Page) -> str:
    content = content_of(page)
    return texts.headline(content.title, service=content.service, severity=page.severity)


def _about(page: Page) -> notifications_ports.About:
    content = content_of(page)
    return notifications_ports.About(
        what=content.title, service=content.service, severity=page.severity or ""
    )


def digest_id(digests: Mapping[int, OpenDigest], user_id: int, page_id: int) -> int | None:
    """The digest that carries this page for this person; None when it has a notice of its own."""
    digest = digests.get(user_id)
    return digest.id if digest is not None and page_id in digest.new_page_ids else None


def notices(
    digests: Iterable[OpenDigest],
    *,
    snapshot: Snapshot,
    wishes: Mapping[int, Wishes],
) -> list[notifications_ports.NewNotice]:
    """The notices of these digests, by the rules of each person."""
    return [
        notifications_ports.NewNotice(
            user_id=digest.user_id,
            subject=f"digest:{digest.id}",
            purpose="page",
            kind=planned.kind,
            urgency=Urgency.HIGH.value,
            due_at=planned.due_at,
            content=_content(digest),
        )
        for digest in digests
        for planned in plan_notices_for(
            wishes[digest.user_id].rules,
            urgency=Urgency.HIGH,
            team_id=None,
            start=digest.starts_at,
            cut_off=digest.starts_at + CUT_OFF,
            working=wishes[digest.user_id].hours,
            kinds=snapshot.kinds.get(digest.user_id, ()),
        )
    ]


def _content(digest: OpenDigest) -> notifications_ports.Content:
    actions = tuple(
        notifications_ports.Action(name=response.value, label="Acknowledge all")
        for response in texts.OFFERED_FOR_A_DIGEST
    )
    return notifications_ports.Content(
        title=texts.digest_headline(len(digest.headlines)),
        lines=texts.digest_body(digest.headlines),
        url=f"/pages/digests/{digest.id}/",
        actions=actions,
        tag=f"digest-{digest.id}",
        about=digest.about,
        count=len(digest.headlines),
    )
