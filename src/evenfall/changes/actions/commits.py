"""Which commits a deploy brought: from pushes, so that lead times begin with the first of them."""

from datetime import datetime
from typing import Final

from django.db.models import Min
from msgspec.structs import replace

from evenfall.changes.models import Change, PushedCommit
from evenfall.changes.models.ledger import PRODUCTION
from evenfall.changes.ports import Deploy, DeployState, Push

MOST_COMMITS: Final = 2000
_SHORTEST: Final = 7


def keep_push(source_id: int, push: Push) -> None:
    """Remember the commits of a push in their order; those known already keep their place."""
    PushedCommit.objects.bulk_create(
        [
            PushedCommit(
                source_id=source_id,
                about=push.about[:200],
                sha=commit.sha[:64],
                authored_at=commit.authored_at,
                is_merge=commit.is_merge,
            )
            for commit in push.commits[:MOST_COMMITS]
        ],
        ignore_conflicts=True,
    )


def with_first_commit(source_id: int, about: str, deploy: Deploy, *, is_known: bool) -> Deploy:
    """Fill in when the oldest commit was written that this deploy brings to production.

    Those are the commits that were pushed after the one that was deployed before, up to its own;
    merge commits do not count. What the sender says itself is never changed.
    """
    if is_known or not deploy.commit:
        return deploy
    rows = PushedCommit.objects.filter(source_id=source_id, about=about[:200])
    place = _place(source_id, about, deploy.commit)
    if place is None:
        return deploy
    since = _place_before(source_id, about, place)
    brought = rows.filter(id__lte=place, id__gt=since, is_merge=False)
    first: datetime | None = brought.aggregate(first=Min("authored_at"))["first"]
    return replace(deploy, first_commit_at=first) if first else deploy


def _place(source_id: int, about: str, commit: str) -> int | None:
    """Where a commit stands among those pushed; senders may say its first letters only."""
    if len(commit) < _SHORTEST:
        return None
    rows = PushedCommit.objects.filter(source_id=source_id, about=about[:200])
    return rows.filter(sha__startswith=commit).values_list("id", flat=True).first()


def _place_before(source_id: int, about: str, place: int) -> int:
    """Where production stood before: the last commit below `place` that is deployed there.

    Without such a deploy it is just below `place`, so that the first deploy of a repository brings
    its own commit and not all of its history.
    """
    deployed = Change.objects.filter(
        origin_id=source_id,
        environment=PRODUCTION,
        state=DeployState.FINISHED.value,
        commit__in=PushedCommit.objects.filter(
            source_id=source_id, about=about[:200], id__lt=place
        ).values("sha"),
    ).values("commit")
    rows = PushedCommit.objects.filter(
        source_id=source_id, about=about[:200], id__lt=place, sha__in=deployed
    )
    last = rows.order_by("-id").values_list("id", flat=True).first()
    return place - 1 if last is None else last
