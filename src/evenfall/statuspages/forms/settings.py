"""Forms for pages, groups and components."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms

from evenfall.catalog.queries import ServiceView
from evenfall.identity.queries import TeamView
from evenfall.incidents.ports import Sev
from evenfall.statuspages.actions import ComponentWish, GroupWish, PageWish
from evenfall.statuspages.logic.words import BY_HAND, Collapsed, Status, Visibility
from evenfall.statuspages.queries import GroupView, PageView, Part

_VISIBILITIES = [
    (Visibility.PUBLIC.value, "Everybody"),
    (Visibility.SIGNED_IN.value, "Whoever is signed in here"),
    (Visibility.TOKEN.value, "Whoever has the secret link"),
]
_COLLAPSED = [
    (Collapsed.OPEN.value, "Always open at first"),
    (Collapsed.UNLESS_TROUBLE.value, "Closed, unless something is wrong"),
    (Collapsed.CLOSED.value, "Closed at first"),
]
_MAINTENANCE = [("", "Is left out"), ("yes", "Counts as downtime")]
_PREPARES = [
    ("", "Never"),
    (Sev.SEV1.value, "From SEV1"),
    *((sev.value, f"From {sev.value}, and worse") for sev in tuple(Sev)[1:]),
]
_GROUPS = [("", "The mean of its components"), ("yes", "Up only while all of them are up")]


def _weight(label: str, initial: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=1, max_digits=4, decimal_places=3, initial=initial
    )


class PageForm(forms.Form):
    """Asks for everything that is said about a page."""

    title = forms.CharField(max_length=120, help_text="Readers see it, such as “Status of Shop”.")
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        required=False,
        help_text="What comes after /status/. Made from the title when left empty.",
    )
    description = forms.CharField(max_length=300, required=False)
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Its managers change the page, its responders post.",
    )
    visibility = forms.ChoiceField(label="Who may see it", choices=_VISIBILITIES)
    time_zone = forms.ChoiceField(
        label="Time zone", choices=[(zone, zone) for zone in sorted(available_timezones())]
    )
    weight_major = _weight("A minute of major outage", "1")
    weight_partial = _weight("Of partial outage", "0.3")
    weight_degraded = _weight("Of degraded", "0")
    counts_maintenance = forms.ChoiceField(
        label="Maintenance", choices=_MAINTENANCE, required=False
    )
    groups_need_all = forms.ChoiceField(
        label="The figure of a group", choices=_GROUPS, required=False
    )

    prepare_from = forms.ChoiceField(
        label="Prepare a first post",
        choices=_PREPARES,
        required=False,
        help_text="For incidents in production of a linked service. A person always confirms it.",
    )

    def __init__(self, teams: Sequence[TeamView], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices = [("", "The whole site"), *((team.id, team.name) for team in teams)]
        self.fields["team_id"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def wish(self) -> PageWish:
        said = dict(self.cleaned_data)
        said["visibility"] = Visibility(said["visibility"])
        said["counts_maintenance"] = said["counts_maintenance"] == "yes"
        said["groups_need_all"] = said["groups_need_all"] == "yes"
        said["prepare_from"] = Sev(said["prepare_from"]) if said["prepare_from"] else None
        return PageWish(**said)

    @staticmethod
    def initial_of(page: PageView) -> dict[str, Any]:
        """What the form shows of a page at first."""
        shown = {name: getattr(page, name) for name in PageWish.__struct_fields__}
        shown["visibility"] = page.visibility.value
        shown["counts_maintenance"] = "yes" if page.counts_maintenance else ""
        shown["prepare_from"] = page.prepare_from.value if page.prepare_from else ""
        shown["groups_need_all"] = "yes" if page.groups_need_all else ""
        return shown


class GroupForm(forms.Form):
    """Asks for a heading."""

    name = forms.CharField(max_length=80)
    collapsed = forms.ChoiceField(label="Shown", choices=_COLLAPSED)

    def wish(self) -> GroupWish:
        said = self.cleaned_data
        return GroupWish(name=said["name"], collapsed=Collapsed(said["collapsed"]))


class ComponentForm(forms.Form):
    """Asks what readers see, and which services stand behind it."""

    name = forms.CharField(max_length=80, help_text="In words of your readers.")
    description = forms.CharField(max_length=300, required=False)
    group_id = forms.TypedChoiceField(label="Group", coerce=int, empty_value=None, required=False)
    service_ids = forms.TypedMultipleChoiceField(
        label="Services behind it",
        coerce=int,
        required=False,
        help_text="An incident of one of them suggests a post about this component.",
    )
    shows_uptime = forms.BooleanField(label="Show its uptime", required=False, initial=True)

    def __init__(
        self,
        groups: Sequence[GroupView],
        services: Sequence[ServiceView],
        *args: Any,  # noqa: ANN401 - Django's signature
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["group_id"].choices = [("", "None"), *((one.id, one.name) for one in groups)]
        fields["service_ids"].choices = [(one.id, one.name) for one in services]

    def wish(self) -> ComponentWish:
        return ComponentWish(**self.cleaned_data)

    @staticmethod
    def initial_of(part: Part) -> dict[str, Any]:
        return {
            "name": part.name,
            "description": part.description,
            "group_id": part.group_id,
            "service_ids": list(part.service_ids),
            "shows_uptime": part.shows_uptime,
        }


class StatusForm(forms.Form):
    """Says by hand how a component is."""

    status = forms.ChoiceField(choices=[(one.value, one.label) for one in BY_HAND])

    @property
    def said(self) -> Status:
        return Status(self.cleaned_data["status"])
