"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django import forms

from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.changes.actions import SourceWish
from evenfall.changes.logic.words import ChangeKind, DeployState
from evenfall.changes.ports import ChangeFormat, Deploy
from evenfall.changes.queries import SourceView
from evenfall.identity.queries import TeamView

_KINDS: Final = {
    ChangeKind.DEPLOY: "Deploy: new code runs",
    ChangeKind.CONFIG: "Configuration",
    ChangeKind.FLAG: "Feature flag",
    ChangeKind.INFRASTRUCTURE: "Infrastructure: machines, network, cluster",
    ChangeKind.DATA: "Data: a migration, an import",
    ChangeKind.CERTIFICATE: "Certificate or key",
    ChangeKind.EXPERIMENT: "Experiment or drill",
    ChangeKind.OTHER: "Something else",
}
_STATES: Final = {
    DeployState.FINISHED: "It is done",
    DeployState.STARTED: "It has begun",
    DeployState.FAILED: "It failed",
}


class ChangeForm(forms.Form):
    """Asks for a change that no tool reported."""

    summary = forms.CharField(
        max_length=1024, label="What changed?", help_text="One line, such as “Deploy 1.4.2”."
    )
    kind = forms.ChoiceField(choices=[(kind.value, label) for kind, label in _KINDS.items()])
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )
    environment = forms.ChoiceField(
        choices=[(word.value, word.value) for word in Environment], initial=Environment.PROD.value
    )
    at = forms.DateTimeField(
        required=False,
        label="When",
        help_text="In your time zone. Empty is now.",
        widget=forms.DateTimeInput({"type": "datetime-local"}),
    )
    state = forms.ChoiceField(
        choices=[(state.value, label) for state, label in _STATES.items()], label="How far is it?"
    )
    version = forms.CharField(required=False, max_length=200)
    link = forms.URLField(required=False, max_length=1000, label="Link", assume_scheme="https")
    is_unplanned = forms.BooleanField(
        required=False,
        label="It was not planned",
        help_text="It was made because of an incident, or of a mistake that users met.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Collection[ServiceView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [("", "No single service"), *((one.id, one.name) for one in services)]
        self.fields["service_id"].choices = named  # type: ignore[attr-defined] # a choice field

    def told(self, now: datetime) -> dict[str, Any]:
        """Return what a valid form says, for `record_change`."""
        data = self.cleaned_data
        link = data["link"]
        return {
            "summary": data["summary"],
            "kind": data["kind"],
            "service_id": data["service_id"],
            "environment": data["environment"],
            "at": data["at"] or now,
            "links": [{"href": link, "text": ""}] if link else [],
            "deploy": Deploy(
                state=DeployState(data["state"]),
                version=data["version"],
                is_unplanned=data["is_unplanned"],
            ),
        }


class SourceForm(forms.Form):
    """Asks which tool reports, and about what."""

    kind = forms.ChoiceField(label="Tool")
    name = forms.CharField(
        max_length=120, help_text="For example “GitHub, shop”. Changes show it as their source."
    )
    service_id = forms.TypedChoiceField(
        label="Service",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="What its changes are of, unless a line below says otherwise.",
    )
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Looks after this source. Without one it may report about every service.",
    )
    environment = forms.ChoiceField(
        required=False,
        choices=[("", "None: the sender says"), *((e.value, e.value) for e in Environment)],
        help_text="Where its changes take effect when the sender does not say.",
    )
    mapping = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        label="Which service is what",
        help_text="One line for each: acme/shop = checkout. On the right stands a slug.",
    )
    is_signed = forms.BooleanField(
        required=False,
        label="What it sends must be signed",
        help_text="For plain JSON. GitHub, GitLab and Flux always sign; Argo CD never does.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        kinds: Mapping[str, ChangeFormat],
        services: Collection[ServiceView] = (),
        teams: Collection[TeamView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("kind", [(name, one.label) for name, one in kinds.items()])
        named = [(str(one.id), one.name) for one in services]
        self._offer("service_id", [("", "None: found by a line below"), *named])
        self._offer("team_id", [("", "None"), *((str(one.id), one.name) for one in teams)])

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined] # a choice field

    def clean_mapping(self) -> dict[str, str]:
        """The lines as a mapping; raises where one has no equals sign."""
        mapping = {}
        for line in self.cleaned_data["mapping"].splitlines():
            about, equals, slug = (part.strip() for part in line.rpartition("="))
            if not line.strip():
                continue
            if not (about and equals and slug):
                raise forms.ValidationError(f"Cannot read “{line[:60]}”. Write name = slug.")
            mapping[about] = slug
        return mapping

    def wish(self) -> SourceWish:
        return SourceWish(**self.cleaned_data)


def initial_of(view: SourceView) -> dict[str, Any]:
    """Return a source as the form shows it."""
    return {
        "kind": view.kind,
        "name": view.name,
        "service_id": view.service_id,
        "team_id": view.team_id,
        "environment": view.environment,
        "mapping": "\n".join(f"{about} = {slug}" for about, slug in view.mapping.items()),
        "is_signed": view.is_signed,
    }
