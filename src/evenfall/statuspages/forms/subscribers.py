"""What managers fill in about the subscribers of a page."""

from typing import Any, Final

from django import forms

from evenfall.statuspages.queries.subscribers import MailingView

_REMINDERS: Final = (
    (15, "15 minutes ahead"),
    (60, "1 hour ahead"),
    (240, "4 hours ahead"),
    (1440, "1 day ahead"),
    (10080, "1 week ahead"),
)


class ImportForm(forms.Form):
    """Asks for addresses, in lines or with commas."""

    text = forms.CharField(
        label="E-mail addresses",
        max_length=300_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="One a line, at most 1,000. Each is asked by mail; only who confirms is told.",
    )

    @property
    def addresses(self) -> list[str]:
        said = self.cleaned_data["text"].replace(",", "\n").replace(";", "\n")
        return [line.strip() for line in said.splitlines() if line.strip()]


class MailingForm(forms.Form):
    """Asks how subscribers are treated."""

    is_open = forms.BooleanField(label="Readers can subscribe", required=False)
    reminders = forms.TypedMultipleChoiceField(
        label="Remind of maintenance",
        coerce=int,
        required=False,
        choices=_REMINDERS,
        widget=forms.CheckboxSelectMultiple,
        help_text="At most three. Without any: only when it is planned and when it starts.",
    )

    @staticmethod
    def initial_of(mailing: MailingView) -> dict[str, Any]:
        return {"is_open": mailing.is_open, "reminders": list(mailing.reminders)}
