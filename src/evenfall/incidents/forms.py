"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Collection
from typing import Any

from django import forms

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity.queries import TeamView

_SEVERITIES = {
    Severity.CRITICAL: "Critical: customers cannot work",
    Severity.ERROR: "Error: something important is broken",
    Severity.WARNING: "Warning: it will break if nobody looks",
    Severity.INFO: "Info: worth knowing",
}
_URGENCIES = {
    Urgency.HIGH: "High: wake whoever is on call",
    Urgency.LOW: "Low: in working hours is soon enough",
}


class DeclareForm(forms.Form):
    """Asks for an incident that a person saw before any monitor."""

    title = forms.CharField(
        max_length=200, label="What is wrong?", help_text="In a few words, as customers see it."
    )
    severity = forms.ChoiceField(
        choices=[(word.value, label) for word, label in _SEVERITIES.items()],
        initial=Severity.ERROR.value,
    )
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        empty_value=None,
        required=False,
    )
    environment = forms.ChoiceField(
        choices=[(word.value, word.value) for word in Environment], initial=Environment.PROD.value
    )
    urgency = forms.ChoiceField(
        choices=[(word.value, label) for word, label in _URGENCIES.items()],
        initial=Urgency.HIGH.value,
    )
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}), label="What do you know so far?"
    )
    page = forms.BooleanField(
        required=False,
        initial=True,
        label="Page for it now",
        help_text="Calls whoever the policy of the service or team leads to.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Collection[ServiceView] = (),
        teams: Collection[TeamView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(service.id, service.name) for service in services]
        self._offer("service_id", [("", "None, or not known yet"), *named])
        owners = [(team.id, team.name) for team in teams]
        self._offer("team_id", [("", "The owner of the service"), *owners])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field
