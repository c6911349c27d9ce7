"""Calendar feeds: the address is shown once, kept as a hash and revoked at any time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, events, queries
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.models import DutyFeed
from evenfall.platform.crypto import new_token, token_hash
from evenfall.platform.events import publish

PREFIX = "evf_ical_"
MOST_FEEDS = 50
HINT_LENGTH = 4
# "Last read" is for people who tidy up; a write for every request would not be worth it.
LAST_READ_STEP = timedelta(hours=1)


@transaction.atomic
def create_feed(
    *, owner_id: int, kind: FeedKind, subject_id: int | None, now: datetime, actor: str
) -> tuple[int, str]:
    """Return the id and the secret, which nobody can show again.

    `subject_id` is the person, the rota or the team the feed is of. Raises `FeedOfNobody`,
    `TooManyFeeds`, and what says that the subject does not exist.
    """
    if subject_id is None:
        raise errors.FeedOfNobody(field="subject")
    _check_subject(kind, subject_id)
    if DutyFeed.objects.filter(owner_id=owner_id, revoked_at=None).count() >= MOST_FEEDS:
        raise errors.TooManyFeeds(most=MOST_FEEDS)
    secret = new_token(PREFIX)
    row = DutyFeed.objects.create(
        owner_id=owner_id,
        kind=kind.value,
        person_id=subject_id if kind is FeedKind.PERSON else None,
        rota_id=subject_id if kind is FeedKind.ROTA else None,
        team_id=subject_id if kind is FeedKind.TEAM else None,
        token_hash=token_hash(secret),
        hint=secret[-HINT_LENGTH:],
        created_at=now,
    )
    after = {"kind": kind.value, "subject_id": subject_id}
    publish(events.FeedCreated(feed_id=row.id, owner_id=owner_id, after=after, at=now, actor=actor))
    return row.id, secret


@transaction.atomic
def revoke_feed(*, feed_id: int, owner_id: int | None = None, now: datetime, actor: str) -> None:
    """Let the address answer nobody any more. With `owner_id` only a feed of that person.

    Raises `FeedNotFound`, also for one that is revoked already.
    """
    rows = DutyFeed.objects.select_for_update().filter(id=feed_id, revoked_at=None)
    row = (rows if owner_id is None else rows.filter(owner_id=owner_id)).first()
    if row is None:
        raise errors.FeedNotFound
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    before = {"kind": row.kind, "subject_id": row.person_id or row.rota_id or row.team_id}
    publish(
        events.FeedRevoked(
            feed_id=row.id, owner_id=row.owner_id, before=before, at=now, actor=actor
        )
    )


def note_feed_read(*, feed_id: int, now: datetime) -> None:
    """Remember that a calendar program asked, at most once an hour."""
    stale = Q(last_read_at=None) | Q(last_read_at__lt=now - LAST_READ_STEP)
    DutyFeed.objects.filter(stale, id=feed_id).update(last_read_at=now)


def _check_subject(kind: FeedKind, subject_id: int) -> None:
    if kind is FeedKind.PERSON:
        identity_queries.person(subject_id)
    elif kind is FeedKind.ROTA:
        queries.rota(subject_id)
    else:
        identity_queries.team(subject_id)
