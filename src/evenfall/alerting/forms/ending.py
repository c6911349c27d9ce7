"""The form of alerts that end by policy."""

from collections.abc import Iterable
from typing import Any

from django import forms

_MOST = 90 * 24


class AutoEndForm(forms.Form):
    """Asks of what alerts end, and when. A scope is a word and an id, such as ``rule:4``."""

    scope = forms.ChoiceField(label="Alerts of")
    quiet_hours = forms.DecimalField(
        label="After so many quiet hours",
        required=False,
        min_value=0,
        max_value=_MOST,
        decimal_places=2,
        help_text="Nothing was heard of the alert for so long.",
    )
    age_hours = forms.DecimalField(
        label="Or at the latest after so many hours",
        required=False,
        min_value=0,
        max_value=_MOST,
        decimal_places=2,
        help_text="Unless it was heard of within the last hour.",
    )
    also_paging = forms.BooleanField(
        label="Also what pages and nobody acknowledged",
        required=False,
        help_text="A page that nobody answered ends then as well: better leave it.",
    )

    def __init__(self, scopes: Iterable[tuple[str, str]], data: Any = None) -> None:  # noqa: ANN401 - request.POST
        super().__init__(data)
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(scopes)
