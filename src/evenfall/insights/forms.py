"""What people fill in about proposals. Rules live in the actions."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms

from evenfall.platform.wall_clock import instant


class DismissForm(forms.Form):
    """Asks why not, and until which day."""

    reason = forms.CharField(max_length=500, label="Why not?")
    until = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From this day on it is proposed again, if it is still true.",
    )

    def until_at(self, zone: ZoneInfo) -> datetime:
        """The first moment of the day where the reader is."""
        return instant(datetime.combine(self.cleaned_data["until"], time.min), zone)
