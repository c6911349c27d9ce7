"""A version, and an exception for it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.catalog import queries as catalog_queries
from evenfall.releases.actions import DowntimeWish, ExceptionWish, Need, NewRelease
from evenfall.releases.forms.reading import KINDS, WrongLine, lines, moment, text_field
from evenfall.releases.logic.answers import NO_EXCEPTION
from evenfall.releases.logic.gates import GATES
from evenfall.releases.logic.words import ExceptionKind, Kind
from evenfall.releases.queries import ReleaseView


class ReleaseForm(forms.Form):
    """Asks what a version is; service and version are fixed once it is registered."""

    service_id = forms.TypedChoiceField(label="Service", coerce=int)
    version = forms.CharField(max_length=120, label="Version", help_text="Such as 1.4.2.")
    kind = forms.ChoiceField(choices=KINDS, label="Why it goes out")
    notes = text_field("Notes", 4, "What changes. Markdown.")
    rollback_plan = text_field("Way back", 2, "How to get back, in a sentence or a link.")
    is_irreversible = forms.BooleanField(
        required=False,
        label="It cannot be undone",
        help_text="Such as a migration that removes data: the way back is closed.",
    )
    needs = text_field("Needs", 2, "Other services, one a line: cards 2.3")
    commit = forms.CharField(required=False, max_length=80, label="Commit")
    image = forms.CharField(required=False, max_length=500, label="Image")
    artifact_url = forms.CharField(required=False, max_length=500, label="Link to the artifact")
    fixes_incident_id = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**53,
        label="Mends incident number",
        help_text="This incident then does not hold it.",
    )
    planned_downtime_minutes = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, initial=0, label="Planned downtime, minutes"
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = services  # type: ignore[attr-defined] # a choice field

    def clean_needs(self) -> list[Need]:
        pairs = [line.split(None, 1) for line in lines(self.cleaned_data["needs"])]
        if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a service and a version
            raise WrongLine("Write a service and a version on each line: cards 2.3")
        slugs = {pair[0] for pair in pairs}
        known = {
            one.slug: one.id for one in catalog_queries.services_named(ids=(), slugs=slugs).values()
        }
        if strange := sorted(slugs - known.keys()):
            raise WrongLine(f"There is no service {strange[0]}.")
        return [Need(service_id=known[slug], at_least=version) for slug, version in pairs]

    def new(self) -> NewRelease:
        values = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        values["kind"] = Kind(values["kind"])
        values["planned_downtime_minutes"] = values.get("planned_downtime_minutes") or 0
        return NewRelease(**values)


def release_initial(view: ReleaseView) -> dict[str, Any]:
    names = ("service_id", "version", "notes", "rollback_plan", "is_irreversible", "commit")
    more = ("image", "artifact_url", "fixes_incident_id", "revision")
    return {name: getattr(view, name) for name in (*names, *more)} | {
        "kind": view.kind.value,
        "needs": "\n".join(f"{one.slug} {one.at_least}" for one in view.needs),
    }


class DowntimeForm(forms.Form):
    """Asks when a deploy takes the service down, and for how long."""

    maintenance = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Maintenance window"
    )
    starts_at = moment("From", "In your own time zone.")
    minutes = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, label="Minutes", help_text="0 for none."
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        windows: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].required = False
        self.fields["maintenance"].choices = [("", "A new one"), *windows]  # type: ignore[attr-defined] # a choice field

    def wish(self) -> DowntimeWish:
        said = self.cleaned_data
        return DowntimeWish(
            starts_at=said["starts_at"],
            minutes=said["minutes"] or 0,
            maintenance_id=said["maintenance"],
        )


class ExceptionForm(forms.Form):
    """Asks which gates are to let it through, and why."""

    gates = forms.MultipleChoiceField(
        choices=[(gate.name, gate.title) for gate in GATES if gate.name not in NO_EXCEPTION],
        widget=forms.CheckboxSelectMultiple,
        label="Gates",
    )
    kind = forms.ChoiceField(
        choices=[(one.value, one.value.replace("_", " ").capitalize()) for one in ExceptionKind]
    )
    reason = forms.CharField(max_length=500, label="Why")
    expires_at = moment("Good until")
    review_on = forms.DateField(
        label="Looked back at on", widget=forms.DateInput(attrs={"type": "date"})
    )

    def wish(self) -> ExceptionWish:
        return ExceptionWish(
            **self.cleaned_data | {"kind": ExceptionKind(self.cleaned_data["kind"])}
        )
