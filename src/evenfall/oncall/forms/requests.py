"""What people fill in to be relieved of a shift."""

from collections.abc import Iterator, Mapping, Sequence
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
from evenfall.oncall.queries import NamedShift, Return

SWAP = "swap"
WAYS = [
    (Way.ONE_BY_ONE.value, "One after the other, whoever carried least first"),
    (Way.EVERYBODY.value, "Everybody at once; the first yes counts"),
    (Way.PERSON.value, "One person"),
    (SWAP, "Swap: I take a shift in return"),
]
type _Choices = str | list[tuple[str, str]]
"""The label of a choice, or the choices under a label."""
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
    back_starts_at = forms.DateTimeField(
        label="Of it only from", required=False, widget=_MOMENT, help_text="Empty: from its start."
    )
    back_ends_at = forms.DateTimeField(
        label="Of it only until", required=False, widget=_MOMENT, help_text="Empty: until its end."
    )
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
        rota_names: Mapping[int, str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`others` are what may be taken in return: shifts of any of the named rotas."""
        super().__init__(data, initial=initial)
        self._shifts = {key_of(one): one for one in (*own, *others)}
        self._offer("shift", [(key_of(one), _label(one)) for one in own])
        self._offer("back", [("", "-"), *_by_rota(others, rota_names)])
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
        return self._shifts[self.cleaned_data["shift"]].shift

    @property
    def back_taken(self) -> Return | None:
        """What is taken in return; None when it is no swap."""
        if self.cleaned_data["way"] != SWAP:
            return None
        one = self._shifts[self.cleaned_data["back"]]
        low, high = self.cleaned_data["back_starts_at"], self.cleaned_data["back_ends_at"]
        part = (low or one.shift.starts_at, high or one.shift.ends_at)
        return Return(rota_id=one.rota_id, shift=one.shift, part=part)

    @property
    def part(self) -> tuple[datetime, datetime]:
        """What is asked for; a part that ends before it starts is left to the action."""
        low, high = self.cleaned_data["part_starts_at"], self.cleaned_data["part_ends_at"]
        return low or self.held.starts_at, high or self.held.ends_at

    @property
    def person_id(self) -> int | None:
        is_person = self.cleaned_data["way"] == Way.PERSON.value
        return self.cleaned_data["person"] if is_person else None

    def _offer(self, name: str, choices: Sequence[tuple[str, _Choices]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field


class DeclineForm(forms.Form):
    """Why somebody cannot take the shift."""

    note = forms.CharField(
        label="Why not",
        max_length=200,
        required=False,
        help_text="If you like. Whoever asked reads it.",
    )


def key_of(one: NamedShift) -> str:
    """What names a shift in a form: the rota, the person, the role and the start."""
    shift = one.shift
    return f"{one.rota_id} {shift.user_id} {shift.role} {shift.starts_at.isoformat()}"


def _by_rota(
    shifts: Sequence[NamedShift], rota_names: Mapping[int, str]
) -> Iterator[tuple[str, _Choices]]:
    """The shifts to choose from, those of one rota under its name."""
    for rota_id, name in rota_names.items():
        some = [(key_of(one), _label(one)) for one in shifts if one.rota_id == rota_id]
        if some:
            yield name, some


def _label(one: NamedShift) -> str:
    edges = (one.shift.starts_at, one.shift.ends_at)
    starts, ends = (date_format(timezone.localtime(at), "D j M H:i") for at in edges)
    role = " as lieutenant" if one.shift.role is Role.LIEUTENANT else ""
    return f"{one.name}{role}, {starts} to {ends}"
