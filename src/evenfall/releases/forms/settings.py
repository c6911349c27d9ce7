"""Stops, freezes, windows, stages, standard changes."""

from datetime import timedelta
from typing import Any

from django import forms
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.releases.actions import NewFreeze, StageWish, StandardWish, WindowWish
from evenfall.releases.forms.reading import (
    ENVIRONMENTS,
    KINDS,
    ReachForm,
    environments,
    expected,
    group,
    hours_of,
    hours_text,
    item,
    lines,
    moment,
    text_field,
)
from evenfall.releases.logic.gates import GATES
from evenfall.releases.logic.rules import ALWAYS, Expected, Group, Item, Rules
from evenfall.releases.logic.windows import Hours, Window
from evenfall.releases.logic.words import Kind
from evenfall.releases.queries import StageView


class StopForm(ReachForm):
    """Asks only how far, and why."""

    reason = forms.CharField(max_length=500, label="Why")


class FreezeForm(ReachForm):
    """Asks from when until when nothing goes out."""

    environments = environments()
    reason = forms.CharField(max_length=500, label="Why", help_text="Such as: the winter sale.")
    starts_at = moment("From", "In your own time zone.")
    ends_at = moment("Until")
    exempt = forms.MultipleChoiceField(
        choices=KINDS,
        required=False,
        initial=["security", "p0", "rollback"],
        widget=forms.CheckboxSelectMultiple,
        label="Let through",
    )

    def new(self) -> NewFreeze:
        said = self.cleaned_data
        return NewFreeze(
            reach=self.chosen(),
            environments=said["environments"],
            reason=said["reason"],
            starts_at=said["starts_at"],
            ends_at=said["ends_at"],
            exempt=[Kind(one) for one in said["exempt"]],
        )


class WindowForm(ReachForm):
    """Asks when deploys are open."""

    name = forms.CharField(max_length=120, label="Name")
    environments = environments()
    time_zone = forms.CharField(max_length=64, label="Time zone", initial="Europe/Berlin")
    hours = forms.CharField(
        initial="Mon-Thu 09:00-16:00\nFri 09:00-12:00",
        max_length=2000,
        label="Hours",
        help_text="One stretch a line.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    country = forms.CharField(
        required=False, max_length=8, label="Country", help_text="Closed on its holidays: DE."
    )
    region = forms.CharField(required=False, max_length=8, label="Region", help_text="Such as BY.")
    handover_minutes = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_080,
        initial=60,
        label="Closed before a handover, minutes",
        help_text="Whoever is on call should still be there when it goes wrong.",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_hours(self) -> list[Hours]:
        return hours_of(self.cleaned_data["hours"])

    def wish(self) -> WindowWish:
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"reach", "revision"}
        }
        said["handover_minutes"] = said["handover_minutes"] or 0
        return WindowWish(reach=self.chosen(), **said)


def window_initial(window: Window) -> dict[str, Any]:
    return {
        "name": window.name,
        "time_zone": window.zone.key,
        "hours": hours_text(window.hours),
        "country": window.country,
        "region": window.region,
        "handover_minutes": window.handover // timedelta(minutes=1),
    }


class StageForm(forms.Form):
    """Asks what one stage is and asks for."""

    name = forms.CharField(max_length=40, label="Name")
    environment = forms.ChoiceField(choices=ENVIRONMENTS, label="Environment")
    gates = forms.MultipleChoiceField(
        choices=[(gate.name, gate.title) for gate in GATES if gate.name not in ALWAYS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Gates",
        help_text="The stop button and freezes always count.",
    )
    need = forms.IntegerField(
        min_value=0, max_value=100, label="Sign-offs of the own team", initial=1
    )
    groups = text_field("Or of teams", 3, "One a line, with how many people: security 1")
    at_least = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=50,
        label="How many of these teams",
        help_text="Empty: all of them.",
    )
    checklist = text_field(
        "Definition of done", 4, "One item a line; “= name” lets a check tick it."
    )
    quality = text_field("Expected results", 3, "One a line, with hours of age: unit-tests 24")
    previous_proven = forms.BooleanField(
        required=False, label="The stage before must be proven, not only deployed"
    )
    watch_minutes = forms.IntegerField(
        min_value=0, max_value=10_080, initial=60, label="Somebody is on call for, minutes"
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_groups(self) -> tuple[Group, ...]:
        known = {one.slug: one.id for one in identity_queries.teams()}
        return tuple(group(line, known) for line in lines(self.cleaned_data["groups"]))

    def clean_checklist(self) -> tuple[Item, ...]:
        return tuple(item(line) for line in lines(self.cleaned_data["checklist"]))

    def clean_quality(self) -> tuple[Expected, ...]:
        return tuple(expected(line) for line in lines(self.cleaned_data["quality"]))

    def wish(self, before: Rules) -> StageWish:
        """What the form does not ask for stays as it was."""
        said = dict(self.cleaned_data)
        name, environment = said.pop("name"), said.pop("environment")
        said.pop("revision")
        said |= {"gates": frozenset(said["gates"]) | ALWAYS, "at_least": said["at_least"] or 0}
        return StageWish(name=name, environment=environment, rules=replace(before, **said))


def stage_initial(view: StageView) -> dict[str, Any]:
    rules = view.rules
    slugs = {one.id: one.slug for one in identity_queries.teams()}
    return {
        "name": view.name,
        "environment": view.environment.value,
        "gates": sorted(rules.gates - ALWAYS),
        "need": rules.need,
        "groups": "\n".join(f"{slugs.get(one.team_id, '?')} {one.need}" for one in rules.groups),
        "at_least": rules.at_least,
        "checklist": "\n".join(
            one.text + (f" = {one.check}" if one.check else "") for one in rules.checklist
        ),
        "quality": "\n".join(f"{one.name} {one.fresh_hours}" for one in rules.quality),
        "previous_proven": rules.previous_proven,
        "watch_minutes": rules.watch_minutes,
    }


class StandardForm(ReachForm):
    """Asks which changes need no sign-off."""

    name = forms.CharField(max_length=120, label="Name", help_text="Such as: texts of the shop.")
    environments = environments()
    kinds = forms.MultipleChoiceField(
        choices=KINDS, widget=forms.CheckboxSelectMultiple, label="Kinds"
    )
    most_downtime_minutes = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, initial=0, label="Most downtime, minutes"
    )
    conditions = text_field("Conditions", 3, "What people must keep to.")
    expires_at = moment("Good until")

    def wish(self) -> StandardWish:
        said = {name: value for name, value in self.cleaned_data.items() if name != "reach"}
        said["kinds"] = [Kind(one) for one in said["kinds"]]
        said["most_downtime_minutes"] = said["most_downtime_minutes"] or 0
        return StandardWish(reach=self.chosen(), **said)
