"""What people fill in about being away."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from evenfall.identity.queries import Person, TeamView
from evenfall.oncall.logic.away import KIND_WORDS, Kind
from evenfall.oncall.logic.calendar_events import DEFAULT_WORDS
from evenfall.oncall.models import MOST_ABSENCE_NOTE

KINDS = [(kind.value, words) for kind, words in KIND_WORDS.items()]
ME = "me"
WORDS, EVERY = "words", "every"
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class AbsenceForm(forms.Form):
    """Who is away, from when until when; times are those of the reader."""

    person = forms.TypedChoiceField(label="Who", coerce=int)
    kind = forms.ChoiceField(label="Why", choices=KINDS, initial=Kind.HOLIDAY.value)
    starts_at = forms.DateTimeField(label="From", widget=_MOMENT)
    ends_at = forms.DateTimeField(label="Until", widget=_MOMENT)
    note = forms.CharField(
        max_length=MOST_ABSENCE_NOTE,
        required=False,
        help_text="Only the person and the managers of their teams can read why and this note.",
    )

    def __init__(
        self,
        people: Sequence[Person],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["person"].choices = [(person.id, person.name) for person in people]  # type: ignore[attr-defined] # a choice field

    def fields_of(self) -> dict[str, Any]:
        """What the actions take, without the person; the form must be valid."""
        filled = self.cleaned_data
        return {
            "kind": Kind(filled["kind"]),
            "starts_at": filled["starts_at"],
            "ends_at": filled["ends_at"],
            "note": filled["note"],
        }


class AbsenceCalendarForm(forms.Form):
    """A calendar to read absences from."""

    of = forms.ChoiceField(label="Whose absences it tells")
    name = forms.CharField(max_length=120, initial="My calendar")
    url = forms.CharField(
        label="Its iCal address",
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="It is kept encrypted and never shown again.",
    )
    counts = forms.ChoiceField(
        label="Which events count",
        choices=[(WORDS, "Events with one of these words"), (EVERY, "Every event")],
        initial=WORDS,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        max_length=1300,
        required=False,
        initial=", ".join(DEFAULT_WORDS),
        help_text="In the title or the category, separated by commas.",
    )
    kind = forms.ChoiceField(label="They are", choices=KINDS, initial=Kind.HOLIDAY.value)

    def __init__(self, teams: Sequence[TeamView], data: QueryDict | None = None) -> None:
        super().__init__(data)
        named = [(str(team.id), f"Those of the members of {team.name}") for team in teams]
        self.fields["of"].choices = [(ME, "Mine"), *named]  # type: ignore[attr-defined] # a choice field

    @property
    def team_id(self) -> int | None:
        of = self.cleaned_data["of"]
        return None if of == ME else int(of)

    def fields_of(self) -> dict[str, Any]:
        """What `add_calendar` takes, without the owner; the form must be valid."""
        filled = self.cleaned_data
        return {
            "name": filled["name"],
            "url": filled["url"],
            "kind": Kind(filled["kind"]),
            "every_event": filled["counts"] == EVERY,
            "words": filled["words"].split(","),
        }


class TakePagerForm(forms.Form):
    """For how long; empty is until the end of the running duty."""

    hours = forms.IntegerField(required=False, min_value=1, max_value=24 * 14)
