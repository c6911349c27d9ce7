"""Writing steps and parameters. What was asked for already runs as it was then."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from msgspec import Struct, field

from evenfall.platform.events import publish
from evenfall.runbooks import errors, events, ports
from evenfall.runbooks.actions.checking import (
    HTTP_TEST,
    Sorted,
    check_http_test,
    check_kind,
    sorted_settings,
)
from evenfall.runbooks.actions.writing import locked
from evenfall.runbooks.logic import parameters as logic
from evenfall.runbooks.models import Parameter, Runbook, Step
from evenfall.runbooks.queries.steps import known_parameters

MOST_STEPS: Final = 40
MOST_PARAMETERS: Final = 20
LONGEST_S: Final = 3600
# words that pages below the runbook are called by
RESERVED: Final = frozenset({"new"})
APPROVALS: Final = ("never", "prod", "always")
TEST_KINDS: Final = ("none", "http", "condition")
_TEST_SECRET: Final = "test:"  # noqa: S105 - what stands before the names of a test's secrets
_RANGES: Final = {
    "time_limit_s": (1, LONGEST_S, "The time limit"),
    "test_window_s": (0, LONGEST_S, "The time for the test"),
    "test_every_s": (1, 600, "The pause between tests"),
    "cool_down_s": (0, 30 * 86400, "The cool-down"),
    "most_per_hour": (1, 1000, "The budget of an hour"),
    "most_per_day": (1, 10000, "The budget of a day"),
}


class StepWish(Struct, frozen=True, kw_only=True):
    """What a step should be. Secrets that are left empty stay as they are.

    `settings` are those of its kind; `test` those of its success test (`url`, `status`, `text`,
    `path`, `compare`, `value`, `authorization`; or `condition`).
    """

    name: str
    title: str
    kind: str
    settings: Mapping[str, str]
    approval: str = "never"
    time_limit_s: int = 60
    test_kind: str = "none"
    test: Mapping[str, str] = field(default_factory=dict)
    test_window_s: int = 60
    test_every_s: int = 5
    undo_on_failure: bool = True
    cool_down_s: int = 0
    most_per_hour: int | None = None
    most_per_day: int | None = None


@transaction.atomic
def save_step(
    *, runbook_id: int, name: str | None, wish: StepWish, now: datetime, actor: str
) -> int:
    """Add a step (`name` None) or change the one of that name; returns its id.

    When it would act on something else than before, its secrets must be given again: they belong
    to what they were given for. Raises `StepUnclear` that names the field, `StepNotFound`.
    """
    runbook = _open(runbook_id)
    row = Step(runbook=runbook) if name is None else _step(runbook, name)
    before, secrets = (_shown(row), row.secrets) if name is not None else ({}, "{}")
    _check_name(row, wish)
    _fill(row, wish)
    row.changed_at, row.changed_by = now, actor
    if name is None:
        row.position = _next_position(runbook)
    row.save()
    after = _shown(row) | ({} if row.secrets == secrets else {"secrets_are_new": True})
    _tell(runbook, f"step {row.name}", before, after, now=now, actor=actor)
    return row.pk


@transaction.atomic
def remove_step(*, runbook_id: int, name: str, now: datetime, actor: str) -> None:
    """Take it out of the runbook; its runs stay."""
    runbook = _open(runbook_id)
    row = _step(runbook, name)
    row.removed_at, row.secrets = now, "{}"
    row.save(update_fields=["removed_at", "secrets"])
    _tell(runbook, f"step {name}", _shown(row), {}, now=now, actor=actor)


@transaction.atomic
def move_step(*, runbook_id: int, name: str, up: bool, now: datetime, actor: str) -> None:
    """Let it run before its neighbour, or after."""
    runbook = _open(runbook_id)
    rows = list(Step.objects.filter(runbook=runbook, removed_at=None).order_by("position", "id"))
    at = rows.index(_step(runbook, name))
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    before = [row.name for row in rows]
    rows[at], rows[other] = rows[other], rows[at]
    for position, row in enumerate(rows):
        row.position = position
    Step.objects.bulk_update(rows, ["position"])
    after = [row.name for row in rows]
    _tell(runbook, "order of steps", {"order": before}, {"order": after}, now=now, actor=actor)


@transaction.atomic
def save_parameter(
    *, runbook_id: int, name: str | None, parameter: logic.Parameter, now: datetime, actor: str
) -> None:
    """Add a parameter (`name` None) or change the one of that name, which keeps its name.

    Raises `StepUnclear`, `ParameterNotFound`.
    """
    runbook = _open(runbook_id)
    rows = Parameter.objects.filter(runbook=runbook)
    _check_parameter(parameter, rows.count(), is_new=name is None)
    row = rows.filter(name=parameter.name if name is None else name).first()
    if row is None and name is not None:
        raise errors.ParameterNotFound(parameter=name)
    if row is not None and name is None:
        raise errors.StepUnclear(field="name", reason="There is a parameter of this name.")
    before = _parameter_shown(row) if row else {}
    row = row or Parameter(runbook=runbook, name=parameter.name)
    _put(row, parameter)
    row.save()
    after = _parameter_shown(row)
    _tell(runbook, f"parameter {row.name}", before, after, now=now, actor=actor)


@transaction.atomic
def remove_parameter(*, runbook_id: int, name: str, now: datetime, actor: str) -> None:
    """Raises `ParameterNotFound`, and `StepUnclear` while a step asks for it."""
    runbook = _open(runbook_id)
    row = Parameter.objects.filter(runbook=runbook, name=name).first()
    if row is None:
        raise errors.ParameterNotFound(parameter=name)
    for step in Step.objects.filter(runbook=runbook, removed_at=None):
        texts = [*step.settings.values(), *step.test.values()]
        if any(name in logic.names_in(text) for text in texts):
            raise errors.StepUnclear(reason=f"The step {step.title} asks for it.")
    before = _parameter_shown(row)
    row.delete()
    _tell(runbook, f"parameter {name}", before, {}, now=now, actor=actor)


def _open(runbook_id: int) -> Runbook:
    runbook = locked(runbook_id)
    if runbook.archived_at is not None:
        raise errors.RunbookArchived
    return runbook


def _step(runbook: Runbook, name: str) -> Step:
    row = Step.objects.filter(runbook=runbook, name=name, removed_at=None).first()
    if row is None:
        raise errors.StepNotFound(step=name)
    return row


def _check_name(row: Step, wish: StepWish) -> None:
    if not logic.is_name(wish.name) or wish.name in RESERVED:
        raise errors.StepUnclear(
            field="name",
            reason="A name has small letters, digits and underscores, and begins with a letter.",
        )
    others = Step.objects.filter(runbook=row.runbook, removed_at=None).exclude(id=row.pk)
    if others.filter(name=wish.name).exists():
        raise errors.StepUnclear(field="name", reason="There is a step of this name.")
    if not row.name and others.count() >= MOST_STEPS:
        raise errors.StepUnclear(reason=f"A runbook has at most {MOST_STEPS} steps.")
    if not wish.title.strip() or len(wish.title) > 120:  # noqa: PLR2004 - as the column
        raise errors.StepUnclear(field="title", reason="A title has 1 to 120 characters.")


def _fill(row: Step, wish: StepWish) -> None:
    """Put the wish into the row; raises StepUnclear and Invalid of the kind."""
    kind = ports.step_kind(wish.kind)
    if kind is None:
        raise errors.StepUnclear(field="kind", reason="There is no such kind of step.")
    _check_numbers(wish)
    known = known_parameters(row.runbook_id)
    names = [one.name for one in known]
    old = json.loads(row.secrets)
    found = sorted_settings(kind.fields, wish.settings, old, names)
    target = check_kind(kind, found, known)
    kept = [name for name, value in found.secrets.items() if value and not wish.settings.get(name)]
    if kept and not _same_place(row, kind, target, known):
        raise errors.StepUnclear(
            field=kept[0], reason="It acts on something else now: give the secret again."
        )
    test, secrets = _test(kind, wish, row, names)
    row.name, row.title, row.kind = wish.name, wish.title.replace("\0", "").strip(), kind.name
    row.settings, row.test_kind, row.test = found.settings, wish.test_kind, test
    row.secrets = json.dumps({**found.secrets, **secrets})
    row.approval, row.undo_on_failure = wish.approval, wish.undo_on_failure
    for one in _RANGES:
        setattr(row, one, getattr(wish, one))


def _same_place(
    row: Step, kind: ports.StepKind, target: str, known: Sequence[logic.Parameter]
) -> bool:
    if row.kind != kind.name:
        return False
    old = Sorted(settings=row.settings, secrets=json.loads(row.secrets))
    return check_kind(kind, old, known) == target


def _test(
    kind: ports.StepKind, wish: StepWish, row: Step, names: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The settings of the success test, and its secrets under names of their own."""
    if wish.test_kind == "none":
        return {}, {}
    if wish.test_kind == "condition":
        condition = wish.test.get("condition", "")
        if condition not in dict(kind.conditions):
            raise errors.StepUnclear(field="test_condition", reason="Choose a condition.")
        return {"condition": condition}, {}
    if wish.test_kind != "http":
        raise errors.StepUnclear(field="test_kind", reason="There is no such test.")
    given = {name: text for name, text in wish.test.items() if name != "condition"}
    key = f"{_TEST_SECRET}authorization"
    kept = {"authorization": json.loads(row.secrets).get(key, "")}
    if given.get("url", "") != row.test.get("url"):
        kept = {}
    found = sorted_settings(HTTP_TEST, given, kept, names, prefix="test_")
    check_http_test(found.settings)
    return found.settings, {key: found.secrets["authorization"]}


def _check_numbers(wish: StepWish) -> None:
    if wish.approval not in APPROVALS:
        raise errors.StepUnclear(field="approval", reason=f"One of {', '.join(APPROVALS)}.")
    for name, (lowest, highest, words) in _RANGES.items():
        value = getattr(wish, name)
        if value is not None and not lowest <= value <= highest:
            raise errors.StepUnclear(
                field=name, reason=f"{words} is between {lowest} and {highest}."
            )


def _check_parameter(parameter: logic.Parameter, count: int, *, is_new: bool) -> None:
    if is_new and count >= MOST_PARAMETERS:
        raise errors.StepUnclear(reason=f"A runbook has at most {MOST_PARAMETERS} parameters.")
    if parameter.name in RESERVED:
        raise errors.StepUnclear(field="name", reason="Choose another name.")
    flaw = logic.unclear([parameter])
    if flaw is not None:
        raise errors.StepUnclear(field=_field_of(parameter), reason=flaw[1])
    if len(parameter.label) > 120 or len(parameter.choices) > 100:  # noqa: PLR2004 - the columns
        raise errors.StepUnclear(field="label", reason="That is too long.")


def _field_of(parameter: logic.Parameter) -> str:
    if not logic.is_name(parameter.name):
        return "name"
    return "choices" if parameter.type is logic.ParameterType.CHOICE else "default"


def _put(row: Parameter, parameter: logic.Parameter) -> None:
    row.label, row.type = parameter.label.replace("\0", "").strip(), parameter.type.value
    row.is_required, row.default = parameter.is_required, parameter.default
    row.choices = list(parameter.choices)
    row.lowest, row.highest = parameter.lowest, parameter.highest


def _next_position(runbook: Runbook) -> int:
    rows = Step.objects.filter(runbook=runbook, removed_at=None)
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _shown(row: Step) -> dict[str, Any]:
    """What the audit may tell of a step: of secrets only whether there are some."""
    plain = ("name", "title", "kind", "settings", "approval", "test_kind", "test", *_RANGES)
    secrets = sorted(name for name, value in json.loads(row.secrets).items() if value)
    return {**{name: getattr(row, name) for name in plain}, "secrets": secrets}


def _parameter_shown(row: Parameter) -> dict[str, Any]:
    names = ("label", "type", "is_required", "default", "choices", "lowest", "highest")
    return {name: getattr(row, name) for name in names}


def _tell(  # an event's fields
    runbook: Runbook,
    name: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    if before == after:
        return
    publish(
        events.StepsChanged(
            runbook_id=runbook.pk,
            title=runbook.title,
            name=name,
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
