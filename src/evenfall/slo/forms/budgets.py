"""Times that do not count, and why somebody may go on."""

from typing import Final

from django import forms

from evenfall.slo.actions import CorrectionWish, ExceptionWish
from evenfall.slo.logic.states import CorrectionKind, ExceptionKind, ReviewOutcome

CORRECTION_KINDS: Final = [
    (CorrectionKind.MAINTENANCE.value, "Maintenance"),
    (CorrectionKind.FALSE_DATA.value, "False data"),
    (CorrectionKind.NOT_OURS.value, "Not our doing"),
    (CorrectionKind.OTHER.value, "Something else"),
]
_EXCEPTIONS: Final = [
    (ExceptionKind.SECURITY.value, "A security fix"),
    (ExceptionKind.P0.value, "A fix of the highest priority"),
    (ExceptionKind.THIRD_PARTY.value, "Somebody else spent the budget"),
]

_OUTCOMES: Final = [
    (ReviewOutcome.JUSTIFIED.value, "It was right"),
    (ReviewOutcome.FOLLOW_UP.value, "It was right, and something has to change"),
    (ReviewOutcome.UNJUSTIFIED.value, "It should not have been"),
]


def _moment(label: str, help_text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget)


class CorrectionForm(forms.Form):
    """A time that does not count."""

    kind = forms.ChoiceField(label="What it was", choices=CORRECTION_KINDS)
    starts_at = _moment("From")
    ends_at = _moment("Until")
    reason = forms.CharField(label="Why", max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    weeks = forms.IntegerField(
        label="Times, each week",
        min_value=1,
        max_value=53,
        initial=1,
        help_text="More than 1: again each week at the same time, such as a weekly maintenance.",
    )

    def wish(self, zone: str) -> CorrectionWish:
        said = self.cleaned_data
        return CorrectionWish(**{**said, "kind": CorrectionKind(said["kind"])}, zone=zone)


class ExceptionForm(forms.Form):
    """Why changes have to go on although the budget is used up."""

    kind = forms.ChoiceField(label="What it is", choices=_EXCEPTIONS)
    reason = forms.CharField(label="Why", max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    ends_at = _moment("Until", "At most 31 days.")
    review_on = forms.DateField(
        label="Look at it again on", widget=forms.DateInput(attrs={"type": "date"})
    )

    def wish(self) -> ExceptionWish:
        said = self.cleaned_data
        return ExceptionWish(**{**said, "kind": ExceptionKind(said["kind"])})


class ReviewForm(forms.Form):
    """What came of an exception."""

    outcome = forms.ChoiceField(label="Looking back", choices=_OUTCOMES)
    note = forms.CharField(
        label="What came of it", max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
