"""One bundle while it is carried out, thing by thing; whoever calls decides whether it stays."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import Final

import msgspec
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting.queries import keyed_by
from evenfall.identity.permissions import Viewer
from evenfall.manifests import errors
from evenfall.manifests.actions import alerts, people, policies, quiet, rotas, services
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.logic.effects import Effect
from evenfall.manifests.logic.ending import is_over
from evenfall.manifests.logic.planning import Change, Live, Step, changes
from evenfall.manifests.logic.reading import Declaration, Place, Problem, Thing, declaration
from evenfall.manifests.logic.specs import Integration, Key, Spec
from evenfall.manifests.models import Bundle, Managed
from evenfall.manifests.queries.live import live as read_live
from evenfall.manifests.queries.names import UnknownName, managed_things, names
from evenfall.platform.crypto import token_hash
from evenfall.platform.errors import DomainError
from evenfall.platform.events import published_together

type Writer = Callable[[Sequence[Change], Hands], Sequence[int]]


def _each(write: Callable[[Change, Hands], int]) -> Writer:
    return lambda changes, hands: [write(change, hands) for change in changes]


WRITERS: Final[Mapping[str, Writer]] = {
    "teams": people.teams,
    "services": services.services,
    "dependencies": services.dependencies,
    "rotas": _each(rotas.rota),
    "policies": policies.policies,
    "integrations": _each(alerts.integration),
    "rules": _each(alerts.rules),
    "inhibitions": _each(alerts.inhibition),
    "silences": _each(quiet.silence),
    "maintenance": _each(quiet.maintenance),
    "recurring_maintenance": _each(quiet.recurring),
}
NOWHERE: Final = Place("", 1)


class Wish(Struct, frozen=True, kw_only=True):
    """What somebody wants applied.

    `files` are texts by the names people know them by; `secrets` values by their references.
    `revision` is what the files are called, such as a commit. `expected` is the digest of the
    plan that was looked at. `may_empty` says that a bundle without anything is meant.
    """

    bundle: str
    files: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    revision: str = ""
    expected: str = ""
    may_empty: bool = False


class Plan(Struct, frozen=True, kw_only=True):
    """What applying would do, or did. With `problems` it does nothing.

    `adopted` are things that are there just so already and that the bundle takes over. `digest`
    is another one as soon as anything is planned otherwise. `keys` are those of new integrations,
    known only after applying, `own_ids` the rows that were written. `over` are silences and
    planned work that ended and are left out. `effect` is what it would do to people, if asked.
    """

    bundle: str
    changes: tuple[Change, ...] = ()
    adopted: tuple[Thing, ...] = ()
    over: tuple[Thing, ...] = ()
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    keys: Mapping[Thing, str] = field(default_factory=dict)
    own_ids: Mapping[Thing, int] = field(default_factory=dict)
    effect: Effect | None = None

    def count(self, step: Step) -> int:
        return sum(change.step is step for change in self.changes)


def carry_out(wish: Wish, viewer: Viewer, now: datetime) -> Plan:
    """Write all that differs inside the transaction of whoever calls.

    Bundles are carried out one at a time: takes the advisory lock of manifests. Raises
    BundleNameNotValid, NothingDeclared.
    """
    _check_name(wish.bundle)
    said = declaration(wish.files)
    if said.problems:
        return Plan(bundle=wish.bundle, problems=tuple(said.problems))
    _lock()
    return _Work(wish, said, viewer, now).done()


class _Work:
    """The things of one bundle, those that are managed already, and what became of each."""

    def __init__(self, wish: Wish, said: Declaration, viewer: Viewer, now: datetime) -> None:
        self.wish, self.places = wish, said.places
        self.problems: list[Problem] = []
        self.failed: set[tuple[str, str]] = set()
        self.own_ids: dict[Thing, int] = {}
        self.managed = managed_things()
        self.mine = {t for t, row in self.managed.items() if row.bundle.name == wish.bundle}
        self.hands = Hands(
            names=names(self.managed), viewer=viewer, now=now, secrets=dict(wish.secrets)
        )
        self.over = tuple(t for t, spec in said.specs.items() if is_over(spec, now=now))
        self.specs = {t: spec for t, spec in said.specs.items() if t not in self.over}
        self.live = self._live(now)

    def done(self) -> Plan:
        if self.mine and not self.specs and not self.wish.may_empty:
            raise errors.NothingDeclared(bundle=self.wish.bundle, count=len(self.mine))
        self._refuse_what_others_manage()
        found = changes(self.specs, self.live, self.mine, now=self.hands.now)
        for _, together in groupby(found, key=lambda one: (one.thing.kind, one.after is None)):
            self._write(tuple(together))
        own_ids, changed = self.own_ids, {change.thing for change in found}
        adopted = tuple(thing for thing in self.specs if thing not in self.mine | changed)
        if not self.problems:
            self._remember(own_ids)
        return Plan(
            bundle=self.wish.bundle,
            changes=tuple(found),
            adopted=adopted,
            over=self.over,
            problems=tuple(self.problems),
            digest=_digest(found, adopted),
            keys=self.hands.new_keys,
            own_ids=own_ids,
        )

    def _live(self, now: datetime) -> dict[Thing, Live]:
        """What is there; an integration whose key or secret is another now seems to have none."""
        found = read_live(self.hands.names, now=now)
        said = {
            thing: (spec, there)
            for thing, spec in self.specs.items()
            if isinstance(spec, Integration) and (there := found.get(thing)) is not None
        }
        # a key is compared with the one it has, whoever gave it that; without one it stays
        keys = {there.own_id: self._value(spec.key) for spec, there in said.values()}
        keyed = keyed_by({own_id: token_hash(key) for own_id, key in keys.items() if key})
        for thing, (spec, there) in said.items():
            has_key = not spec.key or there.own_id in keyed
            found[thing] = Live(
                there.own_id, self._with_references(thing, spec, there, has_key=has_key)
            )
        return found

    def _with_references(
        self, thing: Thing, spec: Integration, there: Live, *, has_key: bool
    ) -> Spec:
        row = self.managed.get(thing)
        is_known = row is not None and row.secret_digest == self._secret_digest(spec)
        said: dict[str, str | None] = {"key": spec.key if has_key else None}
        return replace(there.spec, **(said if is_known else said | {"secret": None}))

    def _value(self, reference: str | None) -> str:
        return self.hands.secrets.get(reference, "") if reference else ""

    def _secret_digest(self, spec: Spec) -> str:
        value = self._value(spec.secret) if isinstance(spec, Integration) else ""
        return _digest_of_secret(value) if value else ""

    def _key_digest(self, spec: Spec) -> str:
        value = self._value(spec.key) if isinstance(spec, Integration) else ""
        return token_hash(value).hex() if value else ""

    def _refuse_what_others_manage(self) -> None:
        for thing in self.specs:
            row = self.managed.get(thing)
            if row is not None and row.bundle.name != self.wish.bundle:
                text = f"The bundle “{row.bundle.name}” manages it. Say it there, or release it."
                self.problems.append(Problem(self.places[thing], str(thing), text))

    def _write(self, group: Sequence[Change]) -> None:
        """Write things of one kind together.

        Where that cannot be, each half of them, down to the one that a problem is told of: few
        statements more for few problems, and everything that came before it has been written.
        """
        try:
            with transaction.atomic(), published_together():
                own_ids = WRITERS[group[0].thing.kind](group, self.hands)
        except (UnknownName, DomainError) as error:
            if len(group) > 1:
                self._write(group[: len(group) // 2])
                self._write(group[len(group) // 2 :])
            else:
                self._refuse(group[0], error)
            return
        for change, own_id in zip(group, own_ids, strict=True):
            self.own_ids[change.thing] = own_id
            self.hands.names.add(change.thing.kind, own_id, change.thing.key)

    def _refuse(self, change: Change, error: UnknownName | DomainError) -> None:
        if isinstance(error, DomainError):
            self._fail(change, error.message, getattr(error, "field", None))
        elif (error.kind, error.key) in self.failed:
            # what failed itself has been told
            self.failed.add((change.thing.kind, change.thing.key))
        else:
            self._fail(change, str(error))

    def _fail(self, change: Change, message: str, field_name: str | None = None) -> None:
        thing = change.thing
        self.failed.add((thing.kind, thing.key))
        place = self.places.get(thing, NOWHERE)
        what = f"{thing}.{field_name}" if field_name else str(thing)
        self.problems.append(Problem(place, what, message))

    def _remember(self, written: Mapping[Thing, int]) -> None:
        """Note what the bundle manages now; nothing is written where that is known."""
        wish, now = self.wish, self.hands.now
        gone = [self.managed[thing].pk for thing in self.mine - self.specs.keys()]
        wanted = {thing: self._row(thing, written) for thing in self.specs}
        if not gone and all(_same(self.managed.get(t), row) for t, row in wanted.items()):
            Bundle.objects.filter(name=wish.bundle).exclude(revision=wish.revision).update(
                revision=wish.revision
            )
            return
        bundle, _ = Bundle.objects.update_or_create(
            name=wish.bundle,
            defaults={
                "revision": wish.revision,
                "applied_at": now,
                "applied_by": self.hands.viewer.actor,
            },
        )
        stale = [
            self.managed[t].pk
            for t, row in wanted.items()
            if t in self.managed and not _same(self.managed[t], row)
        ]
        Managed.objects.filter(id__in=[*gone, *stale]).delete()
        for row in wanted.values():
            row.bundle = bundle
        Managed.objects.bulk_create(
            row for thing, row in wanted.items() if not _same(self.managed.get(thing), row)
        )

    def _row(self, thing: Thing, written: Mapping[Thing, int]) -> Managed:
        there = self.live.get(thing)
        own_id = written.get(thing, there.own_id if there else 0)
        spec = self.specs[thing]
        return Managed(
            kind=thing.kind,
            key=thing.key,
            own_id=own_id,
            # as it comes back from a JSON column, where a tuple is a list
            spec=msgspec.json.decode(msgspec.json.encode(spec)),
            secret_digest=self._secret_digest(spec),
            key_digest=self._key_digest(spec),
            written_at=self.hands.now,
        )


def _same(row: Managed | None, other: Managed) -> bool:
    return row is not None and all(
        getattr(row, name) == getattr(other, name)
        for name in ("own_id", "spec", "secret_digest", "key_digest")
    )


def _digest(found: list[Change], adopted: tuple[Thing, ...]) -> str:
    words = [(str(c.thing), c.step.value, c.own_id, c.before, c.after) for c in found]
    encoded = msgspec.json.encode([words, sorted(map(str, adopted))], order="deterministic")
    return blake2b(encoded, digest_size=16).hexdigest()


def _digest_of_secret(value: str) -> str:
    return salted_hmac("evenfall.manifests", value, algorithm="sha256").hexdigest()


def _check_name(bundle: str) -> None:
    try:
        msgspec.convert(bundle, Key)
    except msgspec.ValidationError:
        raise errors.BundleNameNotValid(field="bundle", bundle=bundle) from None


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('evenfall.manifests'))")
