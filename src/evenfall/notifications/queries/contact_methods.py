"""Reads of contact methods: how people can be reached."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.notifications import errors
from evenfall.notifications.logic.checks import CheckState
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.queries.channels import INBOX, channel_icon, channel_label

FOR_PEOPLE = ("email", "phone", "sms", "voice")
"""Kinds whose address is of use to another person."""


class ContactMethodView(Struct, frozen=True, kw_only=True):
    """A contact method as its owner sees it. `state` is verified, unverified or broken."""

    id: int
    user_id: int
    kind: str
    channel: str
    label: str
    address: str
    state: str
    is_primary: bool
    broken_reason: str
    created_at: datetime
    verified_at: datetime | None
    last_accepted_at: datetime | None
    last_seen_at: datetime | None
    check_state: str
    check_asked_at: datetime | None
    check_answered_at: datetime | None
    challenge_asked_at: datetime | None

    @property
    def icon(self) -> str:
        return channel_icon(self.kind)

    @property
    def name(self) -> str:
        """What its owner calls it; an endpoint of a push service says nothing to a person."""
        return self.label or (self.channel if self.kind == "webpush" else self.address)


def contact_methods(user_id: int) -> list[ContactMethodView]:
    """A person's contact methods, the primary one of each kind first."""
    rows = ContactMethod.objects.filter(user_id=user_id).defer("secret")
    return [_method_view(row) for row in rows.order_by("kind", "-is_primary", "id")]


def contact_methods_of(user_ids: Collection[int]) -> dict[int, list[ContactMethodView]]:
    """The contact methods of each of these people, [] for none; one query."""
    found: dict[int, list[ContactMethodView]] = {user_id: [] for user_id in user_ids}
    rows = ContactMethod.objects.filter(user_id__in=user_ids).defer("secret")
    for row in rows.order_by("kind", "-is_primary", "id"):
        found[row.user_id].append(_method_view(row))
    return found


def contact_method_of(*, contact_method_id: int, user_id: int) -> ContactMethodView:
    """One contact method of this person. Raises ContactMethodNotFound."""
    row = (
        ContactMethod.objects.filter(id=contact_method_id, user_id=user_id).defer("secret").first()
    )
    if row is None:
        raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
    return _method_view(row)


def is_taken(*, kind: str, address: str) -> bool:
    """Whether anybody has this address."""
    return ContactMethod.objects.filter(kind=kind, address=address).exists()


def reachable_kinds(user_ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds by which each person can be reached now; the inbox always is one."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = ContactMethod.objects.filter(
        user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).values_list("user_id", "kind")
    for user_id, kind in rows:
        found[user_id].add(kind)
    return {user_id: found[user_id] | {INBOX} for user_id in user_ids}


class Ways(Struct, frozen=True):
    """What works for some people: the kinds of each, the inbox among them, and the methods."""

    kinds: dict[int, set[str]]
    methods: tuple[ContactMethod, ...] = ()


_WORKING: Final = """
SELECT id, user_id, kind, address, is_primary, verified_at, broken_at
  FROM notifications_contact_method
 WHERE user_id = ANY(%s) AND verified_at IS NOT NULL AND broken_at IS NULL
 ORDER BY id
"""


def ways_of(user_ids: Collection[int]) -> Ways:
    """As `reachable_kinds`, with the methods, so that `plan_notices` need not read them again."""
    methods = tuple(ContactMethod.objects.raw(_WORKING, [list(user_ids)]))
    kinds = {user_id: {INBOX} for user_id in user_ids}
    for method in methods:
        kinds[method.user_id].add(method.kind)
    return Ways(kinds, methods)


def doubtful_kinds(user_ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds of which every device of a person was silent when it was checked last."""
    found: dict[int, dict[str, bool]] = {user_id: {} for user_id in user_ids}
    rows = ContactMethod.objects.filter(
        user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).values_list("user_id", "kind", "check_state")
    for user_id, kind, state in rows:
        is_silent = state == CheckState.SILENT
        found[user_id][kind] = found[user_id].get(kind, True) and is_silent
    return {
        user_id: {kind for kind, is_doubtful in kinds.items() if is_doubtful}
        for user_id, kinds in found.items()
    }


def verified_addresses(user_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """(kind, address) of what works and a person can write to or call: no device, no web hook."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = ContactMethod.objects.filter(
        user_id__in=user_ids, kind__in=FOR_PEOPLE, verified_at__isnull=False, broken_at=None
    ).order_by("kind", "-is_primary", "id")
    for user_id, kind, address in rows.values_list("user_id", "kind", "address"):
        found[user_id].append((kind, address))
    return dict(found)


def owners_of(kind: str, address: str) -> list[int]:
    """The people who proved that this address is theirs, by id."""
    rows = ContactMethod.objects.filter(kind=kind, address=address, verified_at__isnull=False)
    return list(rows.order_by("user_id").values_list("user_id", flat=True))


def addresses_of(kind: str, user_ids: Collection[int]) -> dict[int, str]:
    """One proved address of this kind for each of these people who has one, the primary first."""
    rows = ContactMethod.objects.filter(
        kind=kind, user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).order_by("is_primary", "-id")
    return dict(rows.values_list("user_id", "address"))


def method_state(row: ContactMethod) -> str:
    if row.broken_at is not None:
        return "broken"
    return "unverified" if row.verified_at is None else "verified"


def _method_view(row: ContactMethod) -> ContactMethodView:
    return ContactMethodView(
        id=row.id,
        user_id=row.user_id,
        kind=row.kind,
        channel=channel_label(row.kind),
        label=row.label,
        address=row.address,
        state=method_state(row),
        is_primary=row.is_primary,
        broken_reason=row.broken_reason,
        created_at=row.created_at,
        verified_at=row.verified_at,
        last_accepted_at=row.last_accepted_at,
        last_seen_at=row.last_seen_at,
        check_state=row.check_state,
        check_asked_at=row.check_asked_at,
        check_answered_at=row.check_answered_at,
        challenge_asked_at=row.challenge_asked_at,
    )
