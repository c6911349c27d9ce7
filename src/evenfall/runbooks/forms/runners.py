"""The form for a new runner."""

from django import forms


class RunnerForm(forms.Form):
    """Asks what it is called."""

    name = forms.CharField(
        max_length=60,
        help_text="Small letters, digits and dashes, such as web-1. Steps name it.",
    )
