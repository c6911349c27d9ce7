"""The form for an integration."""

from collections.abc import Mapping
from typing import Any

from django import forms

from evenfall.alerting.actions import IntegrationDraft
from evenfall.alerting.logic.snippets import KINDS
from evenfall.alerting.queries import IntegrationView
from evenfall.catalog.ports import Environment

_NONE = ("", "None: found by label or rule")


class IntegrationForm(forms.Form):
    """Asks which tool sends, and to whom its alerts belong."""

    kind = forms.ChoiceField(
        label="Tool", choices=[(name, kind.label) for name, kind in KINDS.items()]
    )
    name = forms.CharField(max_length=120, help_text='For example "Prometheus, main cluster".')
    service_id = forms.ChoiceField(
        label="Service",
        required=False,
        help_text="Its alerts belong to this service unless a label names another.",
    )
    team_id = forms.ChoiceField(
        label="Team", required=False, help_text="Answers for alerts without a service."
    )
    environment = forms.ChoiceField(
        required=False,
        choices=[("", "PROD, unless the alert says"), *((e.value, e.value) for e in Environment)],
    )
    secret = forms.CharField(
        label="Client secret",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=(
            "For Sentry: what its integration shows as Client Secret, so that nobody else can send "
            "here. Empty leaves it as it is."
        ),
    )
    mapping = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=(
            "Plain JSON with other field names, one per line: summary = alert.title. "
            "For mail, the words of subjects: resolve = RESOLVED, OK or critical = down, outage."
        ),
    )

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 - request.POST
        *,
        services: Mapping[int, str],
        teams: Mapping[int, str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._choose("service_id", services, _NONE)
        self._choose("team_id", teams, ("", "None"))

    def _choose(self, name: str, known: Mapping[int, str], none: tuple[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [none, *((str(number), label) for number, label in known.items())]

    def clean_mapping(self) -> dict[str, str]:
        mapping = {}
        for line in self.cleaned_data["mapping"].splitlines():
            name, equals, path = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not (name and equals and path):
                raise forms.ValidationError(f'Cannot read "{line[:60]}". Write our field = path.')
            mapping[name] = path
        return mapping

    def draft(self) -> IntegrationDraft:
        """Return what a valid form says."""
        data = self.cleaned_data
        return IntegrationDraft(
            name=data["name"],
            kind=data["kind"],
            service_id=int(data["service_id"]) if data["service_id"] else None,
            team_id=int(data["team_id"]) if data["team_id"] else None,
            environment=data["environment"],
            mapping=data["mapping"],
            secret=data["secret"].strip() or None,
        )


def initial_of(view: IntegrationView) -> dict[str, Any]:
    """Return an integration as the form shows it."""
    return {
        "kind": view.kind,
        "name": view.name,
        "service_id": str(view.service_id or ""),
        "team_id": str(view.team_id or ""),
        "environment": view.environment,
        "mapping": "\n".join(f"{name} = {path}" for name, path in view.mapping.items()),
    }
