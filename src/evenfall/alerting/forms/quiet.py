"""Forms for silences and maintenance windows. Times are in the reader's zone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, override

from django import forms

from evenfall.alerting.logic.matchers import Matcher, MatcherError, parse_matchers
from evenfall.catalog.ports import Environment

_HOUR = timedelta(hours=1)
_DURATIONS = {
    "1h": ("1 hour", _HOUR),
    "2h": ("2 hours", 2 * _HOUR),
    "4h": ("4 hours", 4 * _HOUR),
    "8h": ("8 hours", 8 * _HOUR),
    "1d": ("1 day", 24 * _HOUR),
    "3d": ("3 days", 72 * _HOUR),
    "7d": ("1 week", 168 * _HOUR),
}
MATCHERS_HELP = (
    'One per line: name="value", with =, !=, =~ or !~. A pattern matches the whole value. '
    "Beside labels: service, environment, severity."
)


def _moment(label: str, help_text: str, *, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, required=required, widget=widget)


class MatchersField(forms.CharField):
    """Text to matchers; says which line is wrong."""

    def __init__(self, *, required: bool, help_text: str, label: str = "Matchers") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
        )

    @override
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_matchers(text)
        except MatcherError as error:
            raise forms.ValidationError(str(error)) from None


class SilenceForm(forms.Form):
    """Asks what to be quiet about, and until when."""

    matchers = MatchersField(required=True, help_text=MATCHERS_HELP)
    starts_at = _moment("Starts", "Now, when left empty.", required=False)
    duration = forms.ChoiceField(
        label="For", choices=[(key, label) for key, (label, _) in _DURATIONS.items()], initial="2h"
    )
    ends_at = _moment("Or until", "Instead of a duration.", required=False)
    comment = forms.CharField(
        label="Why", max_length=500, help_text="Who meets the silence at night wants to know."
    )

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Return start and end of a valid form."""
        starts_at = self.cleaned_data["starts_at"] or now
        length = _DURATIONS[self.cleaned_data["duration"]][1]
        return starts_at, self.cleaned_data["ends_at"] or starts_at + length

    def quiet_matchers(self) -> tuple[Matcher, ...] | None:
        """Return the matchers as far as they can be read, whatever else is missing."""
        self.full_clean()
        found = getattr(self, "cleaned_data", {}).get("matchers")
        return found if isinstance(found, tuple) else None


class ScopeFields(forms.Form):
    """What planned work touches."""

    service_ids = forms.MultipleChoiceField(
        label="Services",
        required=False,
        help_text="None chosen means all of them.",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    environments = forms.MultipleChoiceField(
        required=False,
        choices=[(environment.value, environment.value) for environment in Environment],
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means all of them.",
    )

    def __init__(
        self,
        services: Mapping[int, str],
        data: Any = None,  # noqa: ANN401 - request.POST
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["service_ids"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(services.items())


class MaintenanceForm(ScopeFields):
    """Asks for planned work: when, and what it touches."""

    name = forms.CharField(max_length=120, help_text="What is being done.")
    starts_at = _moment("Starts", "Now, when left empty.", required=False)
    ends_at = _moment("Ends", "", required=True)
    matchers = MatchersField(required=False, help_text=f"{MATCHERS_HELP} Empty means every alert.")
