"""The policy editor: one form for the policy, one for each step, rearranged without a script."""

from collections.abc import Mapping, Sequence
from typing import Any, override

from django import forms
from django.http import QueryDict
from msgspec import Struct

from evenfall.identity.queries import Person, TeamView
from evenfall.paging.errors import PolicyInvalid
from evenfall.paging.forms.targets import Choices, TargetsField, encode
from evenfall.paging.logic.policy import (
    ACK_TIMEOUT_MINUTES,
    MAX_DELAY_MINUTES,
    MAX_ROUNDS,
    MAX_STEPS,
    PolicySpec,
    StepSpec,
)
from evenfall.paging.logic.sentences import DAYS
from evenfall.paging.logic.window import WeeklyWindow, is_zone
from evenfall.paging.logic.words import AtEnd
from evenfall.paging.queries import PolicyView
from evenfall.platform.rows import rearranged

SEVERITIES = [
    ("critical", "Critical"),
    ("error", "Error"),
    ("warning", "Warning"),
    ("info", "Info"),
]
TICKS = forms.CheckboxSelectMultiple
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PolicyForm(forms.Form):
    """Asks for what a policy is called and how it ends."""

    name = forms.CharField(max_length=120)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    team_id = forms.TypedChoiceField(
        label="Owner", coerce=int, empty_value=None, required=False, help_text="May change it."
    )
    rounds = forms.IntegerField(
        min_value=1, max_value=MAX_ROUNDS, initial=3, help_text="How often all steps are taken."
    )
    at_end = forms.ChoiceField(
        label="Then",
        choices=[
            (AtEnd.CATCH_ALL.value, "Page a last person every 15 minutes"),
            (AtEnd.REPEAT.value, "Go on with the first step"),
        ],
        help_text="There is no silence at the end.",
    )
    catch_all_user_id = forms.TypedChoiceField(
        label="Last person", coerce=int, empty_value=None, required=False
    )
    ack_timeout_minutes = forms.IntegerField(
        label="Page again after",
        min_value=1,
        max_value=MAX_DELAY_MINUTES,
        initial=ACK_TIMEOUT_MINUTES,
        help_text="Minutes after an acknowledgement that nothing followed.",
    )
    seen_number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        teams: Sequence[TeamView],
        people: Sequence[Person],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        owners = [("", "Everybody's (site managers)"), *((t.id, t.name) for t in teams)]
        last = [("", "The administrators"), *((p.id, p.name) for p in people)]
        self.fields["team_id"].choices = owners  # type: ignore[attr-defined]  # a choice field
        self.fields["catch_all_user_id"].choices = last  # type: ignore[attr-defined]  # as above


class StepForm(forms.Form):
    """Asks for one step. The hours count only when days are chosen."""

    targets = TargetsField(label="Page", required=False)
    delay_minutes = forms.IntegerField(
        label="Wait", min_value=1, max_value=MAX_DELAY_MINUTES, initial=5
    )
    severities = forms.MultipleChoiceField(
        label="Only for", choices=SEVERITIES, required=False, widget=TICKS
    )
    days = forms.TypedMultipleChoiceField(
        label="Only on", coerce=int, choices=list(enumerate(DAYS)), required=False, widget=TICKS
    )
    start = forms.TimeField(label="From", required=False, widget=CLOCK)
    end = forms.TimeField(label="Until", required=False, widget=CLOCK)
    zone = forms.CharField(label="Time zone", required=False, max_length=64)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self.fields["targets"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.choices = choices

    @override
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("days"):
            for name in ("start", "end"):
                if said.get(name) is None and name not in self.errors:
                    self.add_error(name, "Say at what time, or choose no day.")
            if not is_zone(said.get("zone") or ""):
                self.add_error("zone", "Write a time zone such as Europe/Lisbon.")
        return said

    @property
    def chosen_targets(self) -> list[str]:
        """The values of the selects to draw: those chosen, and an empty one for another."""
        value = self["targets"].value() or []
        return [*(one for one in value if one), ""]

    @property
    def has_conditions(self) -> bool:
        return bool(self["severities"].value() or self["days"].value())

    def spec(self) -> StepSpec:
        said = self.cleaned_data
        window = None
        if said["days"]:
            window = WeeklyWindow(
                zone=said["zone"],
                days=frozenset(said["days"]),
                start=said["start"],
                end=said["end"],
            )
        return StepSpec(
            targets=said["targets"],
            delay_minutes=said["delay_minutes"],
            severities=frozenset(said["severities"]),
            window=window,
        )


class Chooseable(Struct, frozen=True, kw_only=True):
    """What the editor offers: owners, people and everything that can be paged."""

    teams: Sequence[TeamView]
    people: Sequence[Person]
    targets: Choices
    zone: str


class Editor:
    """The whole editor: `policy` and `steps` are its forms."""

    def __init__(self, policy: PolicyForm, steps: Sequence[StepForm]) -> None:
        self.policy = policy
        self.steps = list(steps)

    @classmethod
    def of(cls, view: PolicyView | None, spec: PolicySpec, offered: Chooseable) -> "Editor":
        """Show a policy as it is, or a fresh one with the steps of `spec`."""
        initial = {
            "name": view.name if view else "",
            "description": view.description if view else "",
            "team_id": view.team_id if view else None,
            "seen_number": view.number if view else None,
            "rounds": spec.rounds,
            "at_end": spec.at_end.value,
            "catch_all_user_id": spec.catch_all_user_id,
            "ack_timeout_minutes": spec.ack_timeout_minutes,
        }
        rows = [_initial_step(step, offered.zone) for step in spec.steps]
        return cls(_policy_form(offered, initial=initial), _step_forms(rows, offered))

    @classmethod
    def posted(cls, data: QueryDict, offered: Chooseable) -> "Editor":
        """Read what was filled in."""
        steps = [
            StepForm(data, prefix=f"steps-{n}", choices=offered.targets)
            for n in range(_count(data))
        ]
        return cls(_policy_form(offered, data), steps)

    @classmethod
    def rearranged(cls, data: QueryDict, offered: Chooseable, wish: str) -> "Editor":
        """Show what was filled in with a step more, less or elsewhere; nothing is judged yet."""
        rows = [_raw_step(data, n) for n in range(_count(data))]
        fresh = {"delay_minutes": 5, "zone": offered.zone}
        rows = rearranged(rows, wish, fresh=fresh, most=MAX_STEPS)
        initial = {name: data.get(name) for name in PolicyForm.base_fields}
        return cls(_policy_form(offered, initial=initial), _step_forms(rows, offered))

    def is_valid(self) -> bool:
        judged = [form.is_valid() for form in (self.policy, *self.steps)]  # all show their errors
        return all(judged)

    def spec(self) -> PolicySpec:
        said = self.policy.cleaned_data
        return PolicySpec(
            steps=tuple(step.spec() for step in self.steps),
            rounds=said["rounds"],
            at_end=AtEnd(said["at_end"]),
            catch_all_user_id=said["catch_all_user_id"],
            ack_timeout_minutes=said["ack_timeout_minutes"],
        )

    def refuse(self, error: PolicyInvalid) -> None:
        """Show what the action refused at its field."""
        part, _, rest = (error.field or "").partition(".")
        number, _, field = rest.partition(".")
        if part == "steps" and number.isdecimal():
            step = self.steps[int(number)]
            step.add_error(field if field in step.fields else None, error.message)
        else:
            self.policy.add_error(part if part in self.policy.fields else None, error.message)


def _policy_form(
    offered: Chooseable, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None
) -> PolicyForm:
    return PolicyForm(data, initial=initial, teams=offered.teams, people=offered.people)


def _step_forms(rows: Sequence[Mapping[str, Any]], offered: Chooseable) -> list[StepForm]:
    return [
        StepForm(initial=row, prefix=f"steps-{n}", choices=offered.targets)
        for n, row in enumerate(rows)
    ]


def _count(data: QueryDict) -> int:
    said = data.get("step_count", "")
    return min(int(said), MAX_STEPS) if said.isdecimal() else 0


def _raw_step(data: QueryDict, number: int) -> dict[str, Any]:
    many = {
        name: data.getlist(f"steps-{number}-{name}") for name in ("targets", "severities", "days")
    }
    one = {
        name: data.get(f"steps-{number}-{name}")
        for name in ("delay_minutes", "start", "end", "zone")
    }
    return {**many, **one}


def _initial_step(step: StepSpec, zone: str) -> dict[str, Any]:
    window = step.window
    return {
        "targets": [encode(target) for target in step.targets],
        "delay_minutes": step.delay_minutes,
        "severities": sorted(step.severities),
        "days": sorted(window.days) if window else [],
        "start": window.start if window else None,
        "end": window.end if window else None,
        "zone": window.zone if window else zone,
    }
