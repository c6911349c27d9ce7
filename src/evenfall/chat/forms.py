"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.chat.actions import RoomWish
from evenfall.identity.queries import TeamView
from evenfall.incidents.ports import Sev
from evenfall.notifications.ports import AddressField

_LEAST = {
    Sev.SEV5: "All incidents",
    Sev.SEV4: "SEV4 and worse",
    Sev.SEV3: "SEV3 and worse",
    Sev.SEV2: "SEV2 and worse",
    Sev.SEV1: "SEV1 only",
}


class RoomForm(forms.Form):
    """Asks for a room; without `field` the address stays as it is."""

    name = forms.CharField(
        max_length=80, help_text="What you call it, such as “#incidents in Slack”."
    )
    team_id = forms.TypedChoiceField(label="Team", coerce=int, empty_value=None, required=False)
    least_severity = forms.ChoiceField(
        label="Show",
        choices=[(word.value, label) for word, label in _LEAST.items()],
        initial=Sev.SEV5.value,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        teams: Sequence[TeamView],
        field: AddressField | None = None,
        is_secret: bool = False,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All teams"), *((team.id, team.name) for team in teams)]
        self.fields["team_id"].choices = choices  # type: ignore[attr-defined] # a choice field
        if field is not None:
            self.fields = {"address": _address(field, is_secret=is_secret), **self.fields}

    def wish(self) -> RoomWish:
        said = self.cleaned_data
        return RoomWish(
            name=said["name"],
            team_id=said["team_id"],
            least_severity=Sev(said["least_severity"]),
        )


def _address(field: AddressField, *, is_secret: bool) -> forms.CharField:
    attrs = {
        "inputmode": field.input_mode,
        "autocomplete": "off",
        "spellcheck": "false",
        "placeholder": field.placeholder,
        "autofocus": True,
    }
    widget = forms.PasswordInput(attrs=attrs) if is_secret else forms.TextInput(attrs=attrs)
    return forms.CharField(label=field.label, help_text=field.help, max_length=2000, widget=widget)
