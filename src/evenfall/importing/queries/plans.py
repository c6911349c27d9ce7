"""What a run would do with an upload: the same for the dry run and for the run itself."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.importing import errors, ports
from evenfall.importing.logic.drafts import (
    Draft,
    PersonDraft,
    PolicyDraft,
    RotaDraft,
    moments,
)
from evenfall.importing.logic.export import Unreadable, restored
from evenfall.importing.logic.origins import OriginKind, Step, digest, step
from evenfall.importing.logic.resolving import resolved, with_rotas
from evenfall.importing.models import Origin, Upload
from evenfall.importing.queries.uploads import KEPT_DAYS
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.errors import TimeOutOfRange
from evenfall.paging import queries as paging_queries


class PersonLine(Struct, frozen=True, kw_only=True):
    """Somebody of the export; `user_id` is None when nobody here has the address.

    `state` is matched, inactive, missing, invited or no_address.
    """

    draft: PersonDraft
    user_id: int | None
    state: str


class PlannedRota(Struct, frozen=True, kw_only=True):
    """A rota with ids of people; `own_id` is that of the rota that came from it before."""

    draft: RotaDraft
    step: Step
    own_id: int | None
    team_id: int


class PlannedPolicy(Struct, frozen=True, kw_only=True):
    draft: PolicyDraft
    step: Step
    own_id: int | None
    team_id: int


class Plan(Struct, frozen=True, kw_only=True):
    """`translated` has keys, `draft` ids. The policies name rotas by key."""

    vendor: str
    label: str
    translated: Draft
    draft: Draft
    people: tuple[PersonLine, ...]
    rotas: tuple[PlannedRota, ...]
    policies: tuple[PlannedPolicy, ...]

    @property
    def user_ids(self) -> dict[int, int]:
        """The people who are here and active, by their key."""
        return {
            line.draft.key: line.user_id
            for line in self.people
            if line.user_id is not None and line.state == "matched"
        }

    @property
    def missing(self) -> tuple[PersonLine, ...]:
        """Who has no account here yet, invited or not."""
        return tuple(line for line in self.people if line.state in {"missing", "invited"})


def plan(upload_id: int, *, viewer: Viewer, now: datetime) -> Plan:
    """Raises `UploadNotFound`, `UploadForgotten`, `ExportUnreadable`."""
    row = Upload.objects.filter(id=upload_id).first()
    if row is None:
        raise errors.UploadNotFound(upload_id=upload_id)
    if row.items is None:
        raise errors.UploadForgotten(days=KEPT_DAYS)
    return _Planning(row, viewer).plan(now)


def translated(vendor: str, items: list[dict[str, object]], *, now: datetime) -> Draft:
    """Raises `VendorUnknown`, `ExportUnreadable`."""
    try:
        draft = known_translator(vendor).translate(restored(items), now=now)
        oncall_queries.check_times(*moments(draft))
    except Unreadable as error:
        raise errors.ExportUnreadable(where=error.where, why=error.why, field="file") from error
    except (OverflowError, TimeOutOfRange) as error:
        why = "A time in it lies outside of the years that are known here."
        raise errors.ExportUnreadable(where="the file", why=why, field="file") from error
    return draft


def known_translator(vendor: str) -> ports.Translator:
    """Raises `VendorUnknown`."""
    found = ports.translator(vendor)
    if found is None:
        known = ", ".join(one.kind for one in ports.translators())
        raise errors.VendorUnknown(vendor=vendor, known=known, field="vendor")
    return found


def rota_digest(rota: RotaDraft) -> str:
    return digest(rota.name, rota.description, rota.zone.key, rota.layers)


def policy_digest(policy: PolicyDraft) -> str:
    return digest(policy.name, policy.description, policy.spec.steps, policy.spec.rounds)


class _Planning:
    """One upload while it is being compared with what is here."""

    def __init__(self, row: Upload, viewer: Viewer) -> None:
        self.row, self.viewer = row, viewer
        self.origins = {
            (origin.kind, origin.origin): origin
            for origin in Origin.objects.filter(vendor=row.vendor)
        }
        self.teams = {team.name.lower(): team.id for team in identity_queries.teams()}
        self.own_rotas = {rota.id: rota for rota in oncall_queries.rotas()}
        self.own_policies = {view.id: view for view in paging_queries.policies()}

    def plan(self, now: datetime) -> Plan:
        draft = translated(self.row.vendor, self.row.items or [], now=now)
        people = _people(draft, now)
        here = {p.draft.key: p.user_id for p in people if p.user_id and p.state == "matched"}
        teams = {
            t.key: self.teams[t.name.lower()] for t in draft.teams if t.name.lower() in self.teams
        }
        ready = resolved(draft, here, teams)
        rotas = tuple(self._rota(rota) for rota in ready.rotas)
        return Plan(
            vendor=self.row.vendor,
            label=known_translator(self.row.vendor).label,
            translated=draft,
            draft=ready,
            people=people,
            rotas=rotas,
            policies=tuple(self._policy(policy, rotas) for policy in ready.policies),
        )

    def _rota(self, rota: RotaDraft) -> PlannedRota:
        own_id, known = self._known(OriginKind.ROTA, rota.origin)
        shown = self.own_rotas.get(own_id or 0)
        team_id = shown.team_id if shown else self._team(rota.team)
        return PlannedRota(
            draft=rota,
            step=step(
                shown.id if shown else None,
                known,
                rota_digest(rota),
                may=self.viewer.can(Permission.MANAGE, team_id=team_id),
            ),
            own_id=shown.id if shown else None,
            team_id=team_id,
        )

    def _policy(self, policy: PolicyDraft, rotas: Sequence[PlannedRota]) -> PlannedPolicy:
        own_id, known = self._known(OriginKind.POLICY, policy.origin)
        shown = self.own_policies.get(own_id or 0)
        team_id = (shown.team_id if shown else None) or self._team(policy.team)
        ids = {rota.draft.key: rota.own_id for rota in rotas if rota.own_id is not None}
        ready = with_rotas(policy, ids)
        wanted = policy_digest(ready) if ready else ""
        may = self.viewer.can(Permission.MANAGE, team_id=shown.team_id if shown else team_id)
        own = shown.id if shown else None
        return PlannedPolicy(
            draft=policy, step=step(own, known, wanted, may=may), own_id=own, team_id=team_id
        )

    def _known(self, kind: OriginKind, origin: str) -> tuple[int | None, str]:
        found = self.origins.get((kind.value, origin))
        return (found.own_id, found.digest) if found else (None, "")

    def _team(self, name: str) -> int:
        """The team of this name if the viewer manages it, else the one chosen for the upload."""
        team_id = self.teams.get(name.lower(), self.row.team_id)
        may = self.viewer.can(Permission.MANAGE, team_id=team_id)
        return team_id if may else self.row.team_id


def _people(draft: Draft, now: datetime) -> tuple[PersonLine, ...]:
    known = {person.email.lower(): person for person in identity_queries.all_people()}
    invited = {one.email.lower() for one in identity_queries.open_invitations(now)}
    return tuple(_line(one, known.get(one.email), invited) for one in draft.people)


def _line(
    one: PersonDraft, found: identity_queries.Person | None, invited: Collection[str]
) -> PersonLine:
    if found:
        state = "matched" if found.is_active else "inactive"
        return PersonLine(draft=one, user_id=found.id, state=state)
    state = "invited" if one.email in invited else "missing" if one.email else "no_address"
    return PersonLine(draft=one, user_id=None, state=state)
