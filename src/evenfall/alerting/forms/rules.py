"""The form for a routing rule."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms

from evenfall.alerting.actions.books import LONGEST_NOTE
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity, Urgency
from evenfall.alerting.queries import RuleView

_UNCHANGED = ("", "Default")
_OUTCOMES = {
    Outcome.PAGE: "Page: wakes whoever is on call",
    Outcome.LOW: "Low urgency: tells without waking",
    Outcome.TICKET: "Ticket: for the review",
    Outcome.AUTOMATE: "Automate: a repair; people only if it does not help",
    Outcome.RECORD: "Record: only kept",
}
_AFTER = frozenset(Outcome(one.value) for one in Fallback)


def _choice(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[_UNCHANGED, *choices], help_text=help_text
    )


class RuleForm(forms.Form):
    """Asks for one rule. Effects left alone stay as the alert and the defaults have them."""

    name = forms.CharField(max_length=120)
    condition = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "spellcheck": "false",
                "class": "code-input",
                "autocapitalize": "off",
                "autocomplete": "off",
                "data-condition": "",
            }
        ),
        help_text='For example: labels.team == "web" and severity in ("critical", "error")',
    )
    outcome = _choice("Outcome", [(key.value, label) for key, label in _OUTCOMES.items()])
    urgency = _choice("Urgency", [(Urgency.HIGH, "High"), (Urgency.LOW, "Low")])
    severity = _choice(
        "Severity", [(severity.value, severity.capitalize()) for severity in Severity]
    )
    service_id = _choice("Service", [], "For alerts that do not name their service.")
    policy_id = _choice("Policy", [], "Instead of the policy of the service or team.")
    runbook_id = _choice(
        "Runbook", [], "What “Automate” starts: one that has steps which can be run."
    )
    fallback = _choice(
        "If that does not help",
        [(Fallback(key.value).value, label) for key, label in _OUTCOMES.items() if key in _AFTER],
        "It fails, takes too long, or the alert stays. Default: people are called as for any error "
        "of its environment.",
    )
    clear_minutes = forms.IntegerField(
        label="Must clear within, minutes",
        required=False,
        min_value=0,
        max_value=360,
        help_text="After the runbook ended. Else it is undone. Usually 5.",
    )
    group_by = forms.CharField(
        label="Group by",
        required=False,
        max_length=500,
        help_text="Names of labels with commas between: alerts with the same values become one "
        "incident. Empty means: all of a service together.",
    )
    group_minutes = forms.IntegerField(
        label="Group window, minutes",
        required=False,
        min_value=0,
        max_value=10_080,
        help_text="An alert joins when the last one came less than this before. Usually 30.",
    )
    wait_minutes = forms.IntegerField(
        label="Wait before paging, minutes",
        required=False,
        min_value=0,
        max_value=60,
        help_text="What ends by itself until then calls nobody. Empty: people are called at once.",
    )
    is_enabled = forms.BooleanField(label="In force", required=False, initial=True)
    note = forms.CharField(
        label="Why",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="For those who read the list of versions later.",
    )
    version = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 - request.POST
        *,
        services: Mapping[int, str],
        policies: Mapping[int, str],
        runbooks: Mapping[int, str],
        initial: Mapping[str, Any] | None = None,
        is_catch_all: bool = False,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._choose("service_id", services)
        self._choose("policy_id", policies)
        self._choose("runbook_id", runbooks)
        if is_catch_all:
            for name in ("name", "condition", "is_enabled"):
                del self.fields[name]

    def _choose(self, name: str, known: Mapping[int, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [_UNCHANGED, *((str(number), label) for number, label in known.items())]

    def effects(self) -> Effects:
        """Return what a valid form decides."""
        data = self.cleaned_data
        minutes, names, within = data["group_minutes"], data["group_by"], data["clear_minutes"]
        group_by = tuple(name.strip() for name in names.split(",") if name.strip())
        return Effects(
            outcome=Outcome(data["outcome"]) if data["outcome"] else None,
            urgency=Urgency(data["urgency"]) if data["urgency"] else None,
            severity=Severity(data["severity"]) if data["severity"] else None,
            service_id=int(data["service_id"]) if data["service_id"] else None,
            policy_id=int(data["policy_id"]) if data["policy_id"] else None,
            runbook_id=int(data["runbook_id"]) if data["runbook_id"] else None,
            clear_within=None if within is None else timedelta(minutes=within),
            fallback=Fallback(data["fallback"]) if data["fallback"] else None,
            group_by=group_by or None,
            group_window=None if minutes is None else timedelta(minutes=minutes),
            wait=timedelta(minutes=data["wait_minutes"]) if data["wait_minutes"] else None,
        )


def initial_of(rule: RuleView) -> dict[str, Any]:
    """Return a rule as the form shows it."""
    window, within = rule.group_window, rule.clear_within
    return {
        "name": rule.name,
        "condition": rule.condition,
        "outcome": rule.outcome,
        "urgency": rule.urgency,
        "severity": rule.severity,
        "service_id": str(rule.service_id or ""),
        "policy_id": str(rule.policy_id or ""),
        "runbook_id": str(rule.runbook_id or ""),
        "fallback": rule.fallback,
        "clear_minutes": None if within is None else int(within.total_seconds() // 60),
        "group_by": ", ".join(rule.group_by or ()),
        "group_minutes": None if window is None else int(window.total_seconds() // 60),
        "wait_minutes": None if rule.wait is None else int(rule.wait.total_seconds() // 60),
        "is_enabled": rule.is_enabled,
    }
