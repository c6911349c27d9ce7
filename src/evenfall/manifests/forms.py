"""What people paste to see what it would do."""

from django import forms

_DAYS = (("7", "the last 7 days"), ("1", "the last day"), ("30", "the last 30 days"), ("0", "none"))


class PlanForm(forms.Form):
    """One file of a bundle, as text."""

    text = forms.CharField(
        label="A file",
        max_length=1_000_000,
        strip=False,
        error_messages={"required": "Paste a file that begins with “evenfall: v1”."},
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
    )
    bundle = forms.SlugField(
        label="Bundle", initial="default", max_length=80, help_text="What is applied together."
    )
    days = forms.TypedChoiceField(
        label="Replay the alerts of", choices=_DAYS, coerce=int, initial="7"
    )
