"""What tools tell us: checked, read and written down, or refused with a reason people can see."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.changes import errors
from evenfall.changes.actions.commits import keep_push, with_first_commit
from evenfall.changes.actions.recording import record_change
from evenfall.changes.models import ChangeSource, RefusedReport
from evenfall.changes.ports import Knock, Reading, Report, Unreadable, formats
from evenfall.platform.crypto import token_hash

REFUSALS_KEPT: Final = 50
_REASON_LENGTH: Final = 500
_NUMBER_LENGTH: Final = 200


class Outcome(Struct, frozen=True, kw_only=True):
    """`change_ids` are those in the ledger now; `ignored` says why there is none."""

    change_ids: tuple[int, ...] = ()
    ignored: str = ""


def receive(*, key: str, knock: Knock) -> Outcome:
    """Take a request in; what it tells is committed when this returns.

    The same report again is the same row. Raises `KeyUnknown`, `SignatureWrong`,
    `ReportUnreadable`; whoever calls notes a refusal of a known source with `note_refusal`.
    """
    source = ChangeSource.objects.filter(key_hash=token_hash(key), is_enabled=True).first()
    one = formats().get(source.kind) if source is not None else None
    if source is None or one is None:
        raise errors.KeyUnknown
    if source.secret and not one.is_signed(knock, secret=source.secret):
        raise errors.SignatureWrong
    try:
        reading = one.read(knock, names=frozenset(source.mapping))
    except Unreadable as error:
        raise errors.ReportUnreadable(reason=str(error)) from error
    return _keep(source, reading, knock)


@transaction.atomic
def note_refusal(*, key: str, reason: str, now: datetime) -> None:
    """Let people see that a request with a key that exists led to nothing, and why.

    Only the last ones are kept: somebody who knows a key must not fill the table.
    """
    source = ChangeSource.objects.filter(key_hash=token_hash(key)).first()
    if source is None:
        return
    text = reason[:_REASON_LENGTH]
    RefusedReport.objects.create(source=source, at=now, reason=text)
    kept = RefusedReport.objects.filter(source=source).order_by("-id")
    oldest = kept.values_list("id", flat=True)[REFUSALS_KEPT : REFUSALS_KEPT + 1].first()
    if oldest is not None:
        RefusedReport.objects.filter(source=source, id__lte=oldest).delete()
    ChangeSource.objects.filter(id=source.pk).update(last_error=text)


@transaction.atomic
def _keep(source: ChangeSource, reading: Reading, knock: Knock) -> Outcome:
    now = knock.at
    if reading.push is not None:
        keep_push(source.pk, reading.push)
    services = _services(source, reading.reports)
    ids = [
        _record(source, report, _service_of(source, report, services), now)
        for report in reading.reports
    ]
    ChangeSource.objects.filter(id=source.pk).update(last_seen_at=now, last_error="")
    return Outcome(change_ids=tuple(ids), ignored=reading.ignored)


def _record(
    source: ChangeSource, report: Report, service: ServiceView | None, now: datetime
) -> int:
    deploy = report.deploy
    if deploy is not None:
        deploy = with_first_commit(
            source.pk, report.repository or report.about, deploy, is_known=_is_known(report)
        )
    details = {**report.details, **({"by": report.by} if report.by else {})}
    return record_change(
        service_id=service.id if service else None,
        summary=report.summary,
        source=source.name,
        at=report.at or now,
        links=report.links,
        details=details,
        kind=report.kind.value,
        environment=report.environment or source.environment,
        external_id=_short(report.external_id),
        deploy=deploy,
        origin_id=source.pk,
        now=now,
        actor=f"change_source:{source.pk}",
    )


def _is_known(report: Report) -> bool:
    return bool(report.deploy and report.deploy.first_commit_at)


def _short(external_id: str) -> str:
    """The id; a long one by its digest, so that two with the same beginning stay two."""
    if len(external_id) <= _NUMBER_LENGTH:
        return external_id
    return hashlib.sha256(external_id.encode()).hexdigest()


def _services(source: ChangeSource, reports: Collection[Report]) -> dict[str, ServiceView]:
    """The services that the reports may mean, by slug; one query."""
    slugs = {report.service for report in reports if report.service}
    slugs |= {source.mapping[report.about] for report in reports if report.about in source.mapping}
    ids = [source.service_id] if source.service_id is not None else []
    found = catalog_queries.services_named(ids=ids, slugs=slugs)
    return {service.slug: service for service in found.values()}


def _service_of(
    source: ChangeSource, report: Report, services: dict[str, ServiceView]
) -> ServiceView | None:
    """What the mapping says, then the sender, then the source.

    A key of a team may report about its own services only: what the sender says of others is
    about no service. The mapping was written by somebody who may manage them.
    """
    mapped = services.get(source.mapping.get(report.about, ""))
    if mapped is not None:
        return mapped
    said = services.get(report.service)
    if said is not None and source.team_id in {None, said.team_id}:
        return said
    by_id = {service.id: service for service in services.values()}
    return by_id.get(source.service_id or 0)
