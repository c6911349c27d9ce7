"""Planning, applying and releasing bundles."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from evenfall.foresight.ports import AT_ONCE
from evenfall.identity.permissions import Permission, Viewer
from evenfall.manifests import errors, events
from evenfall.manifests.actions import foreseeing
from evenfall.manifests.actions.carrying_out import Plan, Wish, carry_out
from evenfall.manifests.logic.planning import Step
from evenfall.manifests.models import Bundle
from evenfall.platform.events import publish


def plan(
    *, wish: Wish, viewer: Viewer, now: datetime, days: int = 0, at_once: int = AT_ONCE
) -> Plan:
    """Say what applying would do, by doing it and taking it back, so that no check is made twice.

    With `days` it also says what the alerts of so many days would have led to; 0 does not ask,
    and more than `at_once` alerts are not replayed.
    Problems of all things are told at once. Raises BundleNameNotValid, NothingDeclared,
    DaysNotValid.
    """
    with transaction.atomic():
        seen = foreseeing.before(days=days, now=now, at_once=at_once) if days else None
        found = carry_out(wish, viewer, now)
        if seen is not None and not found.problems:
            seen = foreseeing.after(seen, found.changes, found.own_ids, now=now)
        transaction.set_rollback(True)
    # the keys are of integrations that were never made, the numbers of rows that are gone
    found = replace(found, keys={}, own_ids={})
    if seen is None or found.problems:
        return found
    # replayed out here: nothing is locked any more
    effect = foreseeing.effect(
        seen, found.changes, days=days, bundle=wish.bundle, viewer=viewer, now=now
    )
    return replace(found, effect=effect)


def apply(*, wish: Wish, viewer: Viewer, now: datetime) -> Plan:
    """Make everything as the bundle declares it, or nothing. The same again changes nothing.

    Raises ManifestNotValid, PlanOutdated, BundleNameNotValid, NothingDeclared.
    """
    with transaction.atomic():
        done = carry_out(wish, viewer, now)
        if done.problems:
            first = done.problems[0]
            line = f"{first.place.file}, line {first.place.line}: " if first.place.file else ""
            where = f"{line}{first.what}: {first.message}"
            raise errors.ManifestNotValid(count=len(done.problems), first=where)
        if wish.expected not in {"", done.digest}:
            raise errors.PlanOutdated
        if done.changes or done.adopted:
            publish(_fact(wish, done, viewer, now))
    return done


def release(*, bundle: str, viewer: Viewer, now: datetime) -> int:
    """Let a bundle manage nothing any more; what it made stays. Return how many things it had.

    Raises BundleNotFound, and Forbidden for those who do not manage the site.
    """
    viewer.check(Permission.MANAGE)
    with transaction.atomic():
        row = Bundle.objects.select_for_update().filter(name=bundle).first()
        if row is None:
            known = ", ".join(Bundle.objects.order_by("name").values_list("name", flat=True)[:20])
            raise errors.BundleNotFound(field="bundle", bundle=bundle, known=known or "none")
        count = row.things.count()
        row.delete()
        publish(events.BundleReleased(bundle=bundle, count=count, at=now, actor=viewer.actor))
    return count


def _fact(wish: Wish, done: Plan, viewer: Viewer, now: datetime) -> events.BundleApplied:
    return events.BundleApplied(
        bundle=wish.bundle,
        revision=wish.revision,
        created=done.count(Step.CREATE),
        updated=done.count(Step.UPDATE),
        deleted=done.count(Step.DELETE),
        at=now,
        actor=viewer.actor,
    )
