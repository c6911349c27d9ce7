"""What people write for the next one, and how they want to be told of their shifts."""

from django import forms

from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models import MOST_HANDOVER_NOTE

LOOK_AHEADS = [
    (LookAhead.WEEK.value, "A week before"),
    (LookAhead.DAY.value, "A day before"),
    (LookAhead.HOUR.value, "An hour before"),
    (LookAhead.OFF.value, "Not at all"),
]
SUMMARIES = [
    ("", "Every week for the teams I lead"),
    (Cadence.WEEKLY.value, "Every week for all my teams"),
    (Cadence.DAILY.value, "Every day for all my teams"),
    (Cadence.OFF.value, "None"),
]


class HandoverNoteForm(forms.Form):
    """Plain text; empty takes the note back."""

    text = forms.CharField(
        label="Your note",
        required=False,
        max_length=MOST_HANDOVER_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What is going on, what you tried, where to look first. It goes to the next one.",
    )


class NoticeWishForm(forms.Form):
    look_ahead = forms.ChoiceField(
        label="Tell me of a coming shift",
        choices=LOOK_AHEADS,
        help_text="What would come at night comes at 20:00 the evening before.",
    )
    summary = forms.ChoiceField(
        label="Send me summaries",
        required=False,
        choices=SUMMARIES,
        help_text="Who is on call, hand-overs, gaps, absences, pages: at 08:00, by mail and inbox.",
    )

    def wish(self) -> tuple[LookAhead, Cadence | None]:
        """The choices; the form must be valid."""
        summary = self.cleaned_data["summary"]
        look_ahead = LookAhead(self.cleaned_data["look_ahead"])
        return look_ahead, Cadence(summary) if summary else None
