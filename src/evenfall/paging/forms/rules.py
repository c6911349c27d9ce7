"""The editor of personal rules: a row each, rearranged without a script."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from msgspec import Struct

from evenfall.paging.logic.rules import MAX_DELAY_MINUTES, MAX_RULES, PersonRule
from evenfall.paging.logic.window import DAY_NAMES, OpenHours
from evenfall.paging.logic.words import Hours, Urgency
from evenfall.platform.rows import rearranged

EVERY_TEAM = 0


class RuleForm(forms.Form):
    """Asks for one rule."""

    urgency = forms.ChoiceField(
        label="When a page is",
        choices=[(Urgency.HIGH.value, "urgent"), (Urgency.LOW.value, "not urgent")],
    )
    kind = forms.ChoiceField(label="use")
    team_id = forms.TypedChoiceField(label="for pages of", coerce=int, initial=EVERY_TEAM)
    delay_minutes = forms.IntegerField(
        label="after (minutes)", min_value=0, max_value=MAX_DELAY_MINUTES, initial=0
    )
    hours = forms.ChoiceField(
        label="at",
        choices=[
            (Hours.ALWAYS.value, "any time"),
            (Hours.WORKING.value, "in my hours"),
        ],
    )

    def __init__(self, *args: Any, offered: "Offered", **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = offered.kinds  # type: ignore[attr-defined]  # a choice field
        self.fields["team_id"].choices = offered.teams  # type: ignore[attr-defined]  # as above
        if len(offered.teams) == 1:
            del self.fields["team_id"]

    def rule(self) -> PersonRule:
        said = self.cleaned_data
        return PersonRule(
            urgency=Urgency(said["urgency"]),
            kind=said["kind"],
            delay_minutes=said["delay_minutes"],
            hours=Hours(said["hours"]),
            team_id=said.get("team_id", EVERY_TEAM) or None,
        )


class HoursForm(forms.Form):
    """Asks when somebody may be disturbed with what is not urgent."""

    days = forms.TypedMultipleChoiceField(
        label="On these days",
        coerce=int,
        choices=list(enumerate(DAY_NAMES)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    start = forms.TimeField(label="from", widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(
        label="to",
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="Earlier than the start: the following day.",
    )

    def hours(self) -> OpenHours:
        said = self.cleaned_data
        return OpenHours(days=frozenset(said["days"]), start=said["start"], end=said["end"])


class Offered(Struct, frozen=True, kw_only=True):
    """What a rule may choose from: values with their labels."""

    kinds: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]


class RulesEditor:
    """All rows of one person."""

    def __init__(self, rows: Sequence[RuleForm]) -> None:
        self.rows = list(rows)

    @classmethod
    def of(cls, rules: Sequence[PersonRule], offered: Offered) -> "RulesEditor":
        return cls(_forms([_initial(rule) for rule in rules], offered))

    @classmethod
    def posted(cls, data: QueryDict, offered: Offered) -> "RulesEditor":
        return cls(
            [RuleForm(data, prefix=f"rules-{n}", offered=offered) for n in range(_count(data))]
        )

    @classmethod
    def rearranged(cls, data: QueryDict, offered: Offered, wish: str) -> "RulesEditor":
        names = list(RuleForm.base_fields)
        rows = [
            {name: data.get(f"rules-{n}-{name}") for name in names} for n in range(_count(data))
        ]
        fresh: dict[str, Any] = {"urgency": Urgency.HIGH.value, "delay_minutes": 0}
        return cls(_forms(rearranged(rows, wish, fresh=fresh, most=MAX_RULES), offered))

    def is_valid(self) -> bool:
        judged = [row.is_valid() for row in self.rows]  # each shows its own errors
        return all(judged)

    def drafted(self) -> tuple[PersonRule, ...]:
        """The rules as they stand in the rows, without those that cannot be read yet."""
        drafts = (_draft(row) for row in self.rows)
        return tuple(rule for rule in drafts if rule is not None)

    def rules(self) -> tuple[PersonRule, ...]:
        return tuple(row.rule() for row in self.rows)


def _forms(rows: Sequence[dict[str, Any]], offered: Offered) -> list[RuleForm]:
    return [
        RuleForm(initial=row, prefix=f"rules-{n}", offered=offered) for n, row in enumerate(rows)
    ]


def _draft(row: RuleForm) -> PersonRule | None:
    said = {
        name: str(row[name].value() if row[name].value() is not None else "") for name in row.fields
    }
    if not said["delay_minutes"].isdecimal() or said["urgency"] not in set(Urgency):
        return None
    return PersonRule(
        urgency=Urgency(said["urgency"]),
        kind=said["kind"],
        delay_minutes=int(said["delay_minutes"]),
        hours=Hours(said["hours"]) if said["hours"] in set(Hours) else Hours.ALWAYS,
        team_id=int(said["team_id"]) or None if said.get("team_id", "").isdecimal() else None,
    )


def _initial(rule: PersonRule) -> dict[str, Any]:
    return {
        "urgency": rule.urgency.value,
        "kind": rule.kind,
        "delay_minutes": rule.delay_minutes,
        "hours": rule.hours.value,
        "team_id": rule.team_id or EVERY_TEAM,
    }


def _count(data: QueryDict) -> int:
    said = data.get("rule_count", "")
    return min(int(said), MAX_RULES) if said.isdecimal() else 0
