"""Declared and live states as people give them."""

from django import forms

from evenfall.monitors.logic.reading import MOST_CHARACTERS

ACCEPT_IDS = "accept_%s"
"""Both forms stand on one page and ask for a reason."""


class StateForm(forms.Form):
    """One of the two states, as a text."""

    which = forms.ChoiceField(
        label="This is",
        choices=(("declared", "What should be"), ("live", "What is")),
    )
    text = forms.CharField(
        label="The state",
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
        help_text="Paste the whole file. It is stored encrypted and not shown again.",
    )
    reason = forms.CharField(label="Why", max_length=500, required=False)


class AcceptForm(forms.Form):
    """Why it is good as it is."""

    reason = forms.CharField(
        label="Why is it good as it is?", max_length=500, help_text="It is kept in the audit."
    )
