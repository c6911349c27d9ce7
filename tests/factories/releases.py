"""Releases and what stands around them, for tests. Times are `NOW` unless given."""

import itertools
from datetime import datetime
from typing import Any

from msgspec import Struct
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.paging import make_paged_team

from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.releases import actions
from evenfall.releases.actions import NewRelease, Outcome, TrainWish
from evenfall.releases.logic.rules import ALWAYS, Rules, stored
from evenfall.releases.models import Passage, Release, Stage

_numbers = itertools.count(1)
FULL = Rules()
"""Every gate, one sign-off of the own team."""


class Ready(Struct, frozen=True, kw_only=True):
    """A release that only waits for a sign-off: Ada made it and is on call, Dan leads."""

    service: Service
    passage: Passage
    ada: User
    ben: User
    dan: User


def make_stages(
    service: Service | None, *named: tuple[str, Rules] | str, environment: str = "PROD"
) -> list[Stage]:
    """A way of its own; a bare name is a stage that asks for nothing but no stop and no freeze."""
    pairs = [(one, Rules(gates=ALWAYS)) if isinstance(one, str) else one for one in named]
    return [
        Stage.objects.create(
            service=service,
            name=name,
            position=place,
            environment=name if name in {"DEV", "UAT", "PROD"} else environment,
            rules=stored(rules),
        )
        for place, (name, rules) in enumerate(pairs, start=1)
    ]


def make_release(
    service: Service | None = None,
    version: str = "",
    *,
    author: User | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Release:
    """A release with its planned passages."""
    service = service or make_service()
    new = NewRelease(service_id=service.pk, version=version or f"1.{next(_numbers)}.0", **more)
    actor = f"user:{author.pk}" if author else "system"
    number = actions.register_release(
        new=new, now=now, actor=actor, author_id=author.pk if author else None
    )
    return Release.objects.get(id=number)


def passage_of(release: Release, stage: str = "PROD") -> Passage:
    """The last try of a release in a stage."""
    return Passage.objects.filter(release=release, stage=stage).order_by("-attempt")[0]


def ready_release(*, rules: Rules = FULL, now: datetime = NOW) -> Ready:
    """Of a team in which Ben and Dan may sign for PROD."""
    paged = make_paged_team()
    make_stages(paged.service, ("PROD", rules))
    release = make_release(
        paged.service, author=paged.ada, rollback_plan="Deploy the one before", now=now
    )
    return Ready(
        service=paged.service,
        passage=passage_of(release),
        ada=paged.ada,
        ben=paged.ben,
        dan=paged.dan,
    )


def deploy(passage: Passage, *, proven: bool = False, now: datetime = NOW) -> Passage:
    """As if it had been deployed by somebody who did not ask the gates."""
    actions.begin_deploy(passage_id=passage.pk, observed=True, now=now, actor="system")
    actions.finish_deploy(passage_id=passage.pk, outcome=Outcome.DEPLOYED, now=now, actor="system")
    if proven:
        actions.mark_proven(passage_id=passage.pk, now=now)
    passage.refresh_from_db()
    return passage


def put_on_train(
    *releases: Release, name: str = "March", departs_at: datetime | None = None, now: datetime = NOW
) -> int:
    wish = TrainWish(
        name=name, departs_at=departs_at, release_ids=[release.pk for release in releases]
    )
    return actions.save_train(wish=wish, now=now, actor="system")
