"""The report of an upload: what is there, what a run would do, what does not come over."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.importing.logic.drafts import Finding, RotaDraft, Severity
from evenfall.importing.logic.origins import Step
from evenfall.importing.queries.comparisons import ComparedSchedule, comparisons, draft_spec
from evenfall.importing.queries.deleted import deleted_overrides
from evenfall.importing.queries.plans import PersonLine, Plan, plan
from evenfall.importing.queries.uploads import UploadView, upload
from evenfall.oncall import queries as oncall_queries

NOT_HERE = "{} (not here yet)"


class RotaLine(Struct, frozen=True, kw_only=True):
    """A rota as it would come; `weeks` are the next four, drawn by on-call.

    `deleted_overrides` came before, and a run would end them.
    """

    name: str
    step: Step
    own_id: int | None
    team: str
    time_zone: str
    layers: int
    people: int
    overrides: int
    deleted_overrides: int
    weeks: tuple[Any, ...] = ()


class PolicyLine(Struct, frozen=True, kw_only=True):
    name: str
    step: Step
    own_id: int | None
    steps: int
    rounds: int


class Report(Struct, frozen=True, kw_only=True):
    """Findings come worst first."""

    upload: UploadView
    people: tuple[PersonLine, ...]
    missing: tuple[PersonLine, ...]
    rotas: list[RotaLine]
    policies: list[PolicyLine]
    findings: list[Finding]
    comparisons: list[ComparedSchedule]

    @property
    def changes(self) -> int:
        """How many rotas and policies a run would write."""
        steps = [line.step for line in self.rotas] + [line.step for line in self.policies]
        return sum(step in {Step.CREATE, Step.UPDATE} for step in steps)

    @property
    def deleted_overrides(self) -> int:
        return sum(line.deleted_overrides for line in self.rotas)

    @property
    def to_invite(self) -> list[PersonLine]:
        """Those of the missing people who have no open invitation yet."""
        return [line for line in self.missing if line.state == "missing"]

    @property
    def cannot(self) -> list[Finding]:
        return [found for found in self.findings if found.severity is Severity.CANNOT]

    @property
    def approximated(self) -> list[Finding]:
        return [found for found in self.findings if found.severity is Severity.APPROXIMATED]

    @property
    def ignored(self) -> list[Finding]:
        return [found for found in self.findings if found.severity is Severity.IGNORED]


def report(upload_id: int, *, viewer: Viewer, now: datetime, with_pictures: bool = False) -> Report:
    """Raises what `plan` raises."""
    planned = plan(upload_id, viewer=viewer, now=now)
    order = tuple(Severity)
    return Report(
        upload=upload(upload_id),
        people=planned.people,
        missing=planned.missing,
        rotas=_rotas(planned, now, with_pictures=with_pictures),
        policies=_policies(planned),
        findings=sorted(planned.draft.findings, key=lambda found: order.index(found.severity)),
        comparisons=comparisons(planned, now=now),
    )


def _rotas(planned: Plan, now: datetime, *, with_pictures: bool) -> list[RotaLine]:
    drafts = {rota.key: rota for rota in planned.translated.rotas}
    teams = {team.id: team.name for team in identity_queries.teams()}
    here = planned.user_ids
    names = {
        line.draft.key: line.draft.name
        if line.draft.key in here
        else NOT_HERE.format(line.draft.name)
        for line in planned.people
    }
    return [
        RotaLine(
            name=one.draft.name,
            step=one.step,
            own_id=one.own_id,
            team=teams.get(one.team_id, ""),
            time_zone=one.draft.zone.key,
            layers=len(one.draft.layers),
            people=len(_members(drafts[one.draft.key])),
            overrides=len(one.draft.overrides),
            deleted_overrides=len(deleted_overrides(planned, one, now=now)),
            weeks=_weeks(drafts[one.draft.key], names, now) if with_pictures else (),
        )
        for one in planned.rotas
    ]


def _weeks(rota: RotaDraft, names: dict[int, str], now: datetime) -> tuple[Any, ...]:
    spec = draft_spec(rota, since=now - timedelta(weeks=1))
    return oncall_queries.draft_picture(spec, names, now=now)


def _members(rota: RotaDraft) -> set[int]:
    slots = (slot for layer in rota.layers for slot in layer.members)
    return {slot.user_id for slot in slots if slot.user_id is not None}


def _policies(planned: Plan) -> list[PolicyLine]:
    return [
        PolicyLine(
            name=one.draft.name,
            step=one.step,
            own_id=one.own_id,
            steps=len(one.draft.spec.steps),
            rounds=one.draft.spec.rounds,
        )
        for one in planned.policies
    ]


def plain_report(one: Report) -> dict[str, Any]:
    """The report without its pictures, as it is downloaded and as the API gives it."""
    people = [
        {
            "name": line.draft.name,
            "email": line.draft.email,
            "user_id": line.user_id,
            "state": line.state,
        }
        for line in one.people
    ]
    rotas = [
        {name: value for name, value in asdict(line).items() if name != "weeks"}
        for line in one.rotas
    ]
    return {
        "id": one.upload.id,
        "vendor": one.upload.vendor,
        "team_id": one.upload.team_id,
        "file_name": one.upload.file_name,
        "created_at": one.upload.created_at,
        "imported_at": one.upload.imported_at,
        "people": people,
        "rotas": rotas,
        "policies": [asdict(line) for line in one.policies],
        "findings": [asdict(found) for found in one.findings],
        "comparisons": [asdict(compared) for compared in one.comparisons],
    }
