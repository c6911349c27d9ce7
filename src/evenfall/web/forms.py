"""What a newcomer fills in on Tonight. Rules live in the actions; a form only reads and shows."""

from django import forms


class BeginForm(forms.Form):
    """A team and what it looks after: enough to be on call."""

    team = forms.CharField(max_length=120, help_text="Who shares the evenings.")
    service = forms.CharField(max_length=120, help_text="What they look after.")
