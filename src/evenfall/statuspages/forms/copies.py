"""Asks where a copy of a page is kept; each kind of place asks for what it needs."""

from typing import Any

from django import forms

from evenfall.statuspages.actions import CopyWish
from evenfall.statuspages.ports import Place
from evenfall.statuspages.queries import CopyView

_PREFIX = "place_"


class CopyForm(forms.Form):
    """The fields of a place come first, each named `place_…`."""

    address = forms.CharField(
        label="Address of the copy",
        max_length=300,
        required=False,
        help_text="Where readers open it, such as https://status.example.org/. Feeds name it.",
    )
    stale_minutes = forms.IntegerField(
        label="Warn readers when it is older than (minutes)",
        min_value=3,
        max_value=1440,
        initial=15,
        help_text="It is stored on every change, and three times within this time anyway.",
    )
    is_on = forms.BooleanField(label="Keep it in step", required=False, initial=True)

    def __init__(self, place: Place, *args: Any, known: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self.place = place
        for one in place.fields:
            self.fields[f"{_PREFIX}{one.name}"] = forms.CharField(
                label=one.label,
                help_text=f"{one.help_text} Leave it empty to keep the one that is known."
                if one.is_secret and known
                else one.help_text,
                required=one.needed and not (one.is_secret and known),
                max_length=300,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"})
                if one.is_secret
                else forms.TextInput(),
            )
        self.order_fields([f"{_PREFIX}{one.name}" for one in place.fields])

    def wish(self) -> CopyWish:
        said = self.cleaned_data
        return CopyWish(
            kind=self.place.kind,
            values={one.name: said[f"{_PREFIX}{one.name}"] for one in self.place.fields},
            address=said["address"],
            stale_minutes=said["stale_minutes"],
            is_on=said["is_on"],
        )

    @staticmethod
    def initial_of(copy: CopyView) -> dict[str, Any]:
        shown = {f"{_PREFIX}{name}": value for name, value in copy.values.items()}
        names = ("address", "stale_minutes", "is_on")
        return {**shown, **{name: getattr(copy, name) for name in names}}
