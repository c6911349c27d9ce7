"""What people fill in to be relieved of a shift."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, override

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from evenfall.identity.queries import Person
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.requests import Way
from evenfall.oncall.ports import Role
from evenfall.oncall.queries import NamedShift

SWAP = "swap"
WAYS = [
    (Way.ONE_BY_ONE.value, "One after the other, whoever carried least first"),
    (Way.EVERYBODY.value, "Everybody at once; the first yes counts"),
    (Way.PERSON.value, "One person"),
    (SWAP, "Swap: I take a shift in return"),
]
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RequestForm(forms.Form):
    """Which shift, all of it or a part, and whom to ask; times are those of the reader."""

    shift = forms.ChoiceField(label="Which shift")
    part_starts_at = forms.DateTimeField(
        label="Only from", required=False, widget=_MOMENT, help_text="Empty: from its start."
    )
    part_ends_at = forms.DateTimeField(
        label="Only until", required=False, widget=_MOMENT, help_text="Empty: until its end."
    )
    way = forms.ChoiceField(
        label="Whom to ask",
        choices=WAYS,
        widget=forms.RadioSelect,
        initial=Way.ONE_BY_ONE.value,
    )
    person = forms.TypedChoiceField(
        label="The one person", required=False, coerce=int, empty_value=None
    )
    back = forms.ChoiceField(label="The shift I take in return", required=False)
    insist = forms.BooleanField(
        label="Ask also somebody who is on call elsewhere then", required=False
    )
    note = forms.CharField(max_length=200, required=False, help_text="Whoever is asked reads it.")

    def __init__(
        self,
        own: Sequence[NamedShift],
        others: Sequence[NamedShift],
        people: Sequence[Person],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self._shifts = {key_of(one.shift): one.shift for one in (*own, *others)}
        self._offer("shift", [(key_of(one.shift), _label(one)) for one in own])
        self._offer("back", [("", "-"), *((key_of(one.shift), _label(one)) for one in others)])
        self._offer("person", [("", "-"), *((str(one.id), one.name) for one in people)])

    @override
    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if filled.get("way") == Way.PERSON.value and not filled.get("person"):
            self.add_error("person", "Choose the person to ask.")
        if filled.get("way") == SWAP and not filled.get("back"):
            self.add_error("back", "Choose the shift that you take in return.")
        return filled

    @property
    def held(self) -> HeldShift:
        return self._shifts[self.cleaned_data["shift"]]

    @property
    def back_held(self) -> HeldShift | None:
        is_swap = self.cleaned_data["way"] == SWAP
        return self._shifts[self.cleaned_data["back"]] if is_swap else None

    @property
    def part(self) -> tuple[datetime, datetime]:
        """What is asked for; a part that ends before it starts is left to the action."""
        low, high = self.cleaned_data["part_starts_at"], self.cleaned_data["part_ends_at"]
        return low or self.held.starts_at, high or self.held.ends_at

    @property
    def person_id(self) -> int | None:
        is_person = self.cleaned_data["way"] == Way.PERSON.value
        return self.cleaned_data["person"] if is_person else None

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field


def key_of(shift: HeldShift) -> str:
    """What names a shift in a form: the person, the role and the start."""
    return f"{shift.user_id} {shift.role} {shift.starts_at.isoformat()}"


def _label(one: NamedShift) -> str:
    edges = (one.shift.starts_at, one.shift.ends_at)
    starts, ends = (date_format(timezone.localtime(at), "D j M H:i") for at in edges)
    role = " as lieutenant" if one.shift.role is Role.LIEUTENANT else ""
    return f"{one.name}{role}, {starts} to {ends}"
