"""What people fill in. Rules live in the actions; a form only reads and shows."""

from typing import Any

from django import forms

from evenfall.catalog.actions import ServiceFields
from evenfall.catalog.ports import Criticality, DependencyKind, Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity.queries import TeamView

_TIERS = [
    (1, "1: what customers touch"),
    (2, "2: what those need"),
    (3, "3: internal"),
    (4, "4: experimental"),
]
_CRITICALITIES = {
    Criticality.CRITICAL: "Critical: the business stops",
    Criticality.HIGH: "High: many customers notice",
    Criticality.MEDIUM: "Medium: some notice",
    Criticality.LOW: "Low: nobody notices soon",
}


class ServiceForm(forms.Form):
    """Asks for everything that is said about a service."""

    name = forms.CharField(max_length=120)
    team_id = forms.TypedChoiceField(
        label="Team", coerce=int, help_text="Owns the service and is paged for it."
    )
    tier = forms.TypedChoiceField(label="Support tier", coerce=int, choices=_TIERS, initial=2)
    criticality = forms.ChoiceField(
        choices=[(key.value, label) for key, label in _CRITICALITIES.items()],
        initial=Criticality.MEDIUM.value,
    )
    environments = forms.MultipleChoiceField(
        choices=[(environment.value, environment.value) for environment in Environment],
        initial=[Environment.PROD.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="Only PROD pages people at night.",
    )
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    runbook_url = forms.URLField(
        label="Runbook", required=False, assume_scheme="https", help_text="Shown on every page."
    )
    dashboard_url = forms.URLField(label="Dashboard", required=False, assume_scheme="https")
    repository_url = forms.URLField(label="Repository", required=False, assume_scheme="https")
    point_of_contact = forms.CharField(
        max_length=200, required=False, help_text="A person, a channel or an address."
    )

    def __init__(self, teams: list[TeamView], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices = [(team.id, team.name) for team in teams]
        self.fields["team_id"].choices = choices  # type: ignore[attr-defined]  # a choice field


def fields_of(data: dict[str, Any]) -> ServiceFields:
    """What a valid form says."""
    return ServiceFields(**data)


def initial_of(service: ServiceView) -> dict[str, Any]:
    """What the form shows of a service at first."""
    return {
        "name": service.name,
        "team_id": service.team_id,
        "tier": service.tier,
        "criticality": service.criticality.value,
        "environments": [environment.value for environment in service.environments],
        "description": service.description,
        "runbook_url": service.runbook_url,
        "dashboard_url": service.dashboard_url,
        "repository_url": service.repository_url,
        "point_of_contact": service.contact,
    }


class DependencyForm(forms.Form):
    """Asks what a service needs."""

    depends_on_id = forms.TypedChoiceField(label="Needs", coerce=int)
    kind = forms.ChoiceField(
        choices=[
            (DependencyKind.HARD.value, "Hard: stops without it"),
            (DependencyKind.SOFT.value, "Soft: degrades without it"),
        ]
    )

    def __init__(self, services: list[ServiceView], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices = [(service.id, service.name) for service in services]
        self.fields["depends_on_id"].choices = choices  # type: ignore[attr-defined]  # a choice field
