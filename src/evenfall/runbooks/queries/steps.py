"""Reads of the steps of runbooks. Secrets never leave: only whether there is one."""

import json
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from evenfall.runbooks import errors, ports
from evenfall.runbooks.logic import parameters as logic
from evenfall.runbooks.models import Parameter, Step

APPROVAL_WORDS = {
    "never": "Needs no approval",
    "prod": "A second person approves it in production",
    "always": "A second person approves it",
}


class StepView(Struct, frozen=True, kw_only=True):
    """A step as it is written. `secret_names` are the settings that hold a secret."""

    id: int
    name: str
    title: str
    kind: str
    kind_label: str
    settings: Mapping[str, str]
    secret_names: tuple[str, ...]
    approval: str
    time_limit_s: int
    test_kind: str
    test: Mapping[str, str]
    test_window_s: int
    test_every_s: int
    undo_on_failure: bool
    cool_down_s: int
    most_per_hour: int | None
    most_per_day: int | None
    facts: Sequence[tuple[str, str]] = field(default=())
    """Settings as people read them: (label, text)."""

    @property
    def approval_words(self) -> str:
        return APPROVAL_WORDS.get(self.approval, self.approval)


def steps(runbook_id: int) -> list[StepView]:
    """The steps of a runbook, in the order in which they run; one query."""
    rows = Step.objects.filter(runbook_id=runbook_id, removed_at=None)
    return [_view(row) for row in rows.order_by("position", "id")]


def step(runbook_id: int, name: str) -> StepView:
    """Raise `StepNotFound` where there is none of this name."""
    row = Step.objects.filter(runbook_id=runbook_id, name=name, removed_at=None).first()
    if row is None:
        raise errors.StepNotFound(step=name)
    return _view(row)


def known_parameters(runbook_id: int) -> list[logic.Parameter]:
    """What is asked for when steps of a runbook are started, in the order of their making."""
    rows = Parameter.objects.filter(runbook_id=runbook_id).order_by("id")
    return [_parameter(row) for row in rows]


def parameter(runbook_id: int, name: str) -> logic.Parameter:
    """Raise `ParameterNotFound` where there is none of this name."""
    row = Parameter.objects.filter(runbook_id=runbook_id, name=name).first()
    if row is None:
        raise errors.ParameterNotFound(parameter=name)
    return _parameter(row)


def parameters_asked(
    views: Iterable[StepView], known: Sequence[logic.Parameter]
) -> list[logic.Parameter]:
    """Those of the parameters that these steps ask for."""
    texts = [text for view in views for text in (*view.settings.values(), *view.test.values())]
    asked = frozenset().union(*(logic.names_in(text) for text in texts))
    return [one for one in known if one.name in asked]


def settings_facts(kind_name: str, settings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Settings with the labels of their kind; without those that are empty."""
    kind = ports.step_kind(kind_name)
    labels = {one.name: one.label for one in kind.fields} if kind else {}
    choices = {one.name: dict(one.choices) for one in (kind.fields if kind else ()) if one.choices}
    # in the order of the form: the database keeps none
    names = [*(name for name in labels if name in settings), *(settings.keys() - labels.keys())]
    return [
        (labels.get(name, name), choices.get(name, {}).get(settings[name], settings[name]))
        for name in names
        if settings[name]
    ]


def _view(row: Step) -> StepView:
    kind = ports.step_kind(row.kind)
    secrets = json.loads(row.secrets)
    return StepView(
        id=row.pk,
        name=row.name,
        title=row.title,
        kind=row.kind,
        kind_label=kind.label if kind else f"{row.kind} (not offered here)",
        settings=row.settings,
        secret_names=tuple(sorted(name for name, value in secrets.items() if value)),
        approval=row.approval,
        time_limit_s=row.time_limit_s,
        test_kind=row.test_kind,
        test=row.test,
        test_window_s=row.test_window_s,
        test_every_s=row.test_every_s,
        undo_on_failure=row.undo_on_failure,
        cool_down_s=row.cool_down_s,
        most_per_hour=row.most_per_hour,
        most_per_day=row.most_per_day,
        facts=settings_facts(row.kind, row.settings),
    )


def _parameter(row: Parameter) -> logic.Parameter:
    return logic.Parameter(
        name=row.name,
        label=row.label,
        type=logic.ParameterType(row.type),
        is_required=row.is_required,
        default=row.default,
        choices=tuple(row.choices),
        lowest=row.lowest,
        highest=row.highest,
    )
