"""The forms of dependency suppression."""

from collections.abc import Mapping
from typing import Any

from django import forms

from evenfall.alerting.logic.causes import LONGEST_WAY, LONGEST_WINDOW, Holding

_HOLDINGS = {
    Holding.AUTO: "May wait (the default)",
    Holding.ALWAYS: "May always wait",
    Holding.NEVER: "Never wait",
}


class DependenceForm(forms.Form):
    """Asks for what holds for all services."""

    is_on = forms.BooleanField(
        label="Alerts wait for what their service needs",
        required=False,
        help_text="When off, every alert calls its own people.",
    )
    most_steps = forms.IntegerField(
        label="Over how many steps",
        min_value=1,
        max_value=LONGEST_WAY,
        help_text="1 means only what a service needs itself.",
    )
    window_minutes = forms.IntegerField(
        label="Begun within, in minutes",
        min_value=1,
        max_value=int(LONGEST_WINDOW.total_seconds() // 60),
        help_text="A problem that is older is not the cause of what begins now.",
    )


class HoldingForm(forms.Form):
    """Asks whether alerts of one service may wait."""

    service_id = forms.TypedChoiceField(label="Service", coerce=int)
    holding = forms.TypedChoiceField(
        label="Its alerts",
        coerce=Holding,
        choices=[(one.value, words) for one, words in _HOLDINGS.items()],
    )

    def __init__(self, services: Mapping[int, str], data: Any = None) -> None:  # noqa: ANN401 - request.POST
        super().__init__(data)
        field = self.fields["service_id"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = list(services.items())
