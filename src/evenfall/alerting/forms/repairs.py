"""The form for the limits of automatic repairs."""

from django import forms


class RepairLimitsForm(forms.Form):
    """Asks for what all repairs keep to."""

    is_on = forms.BooleanField(
        label="Alerts may start runbooks",
        required=False,
        help_text="When off, people are called at once for every alert that would be repaired.",
    )
    most_at_once = forms.IntegerField(
        label="At most at once",
        min_value=1,
        max_value=50,
        help_text="One more calls people instead: many repairs at a time are a sign of something "
        "that no runbook knows.",
    )
