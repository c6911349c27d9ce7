"""The form of maintenance that comes back: by weekdays, or by a rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any, override

from django import forms

from evenfall.alerting.forms.quiet import MATCHERS_HELP, MatchersField, ScopeFields
from evenfall.alerting.logic import recurring
from evenfall.alerting.logic.matchers import Matcher
from evenfall.alerting.queries import RecurringView


class DatesField(forms.CharField):
    """Dates, one a line or with commas between; says which one cannot be read."""

    @override
    def clean(self, value: Any) -> Any:
        words = super().clean(value).replace(",", " ").split()
        return [self._date(word) for word in words]

    def _date(self, word: str) -> date:
        try:
            return date.fromisoformat(word)
        except ValueError:
            words = f"{word} is no date. Write it as 2026-12-24."
            raise forms.ValidationError(words) from None


class RecurringForm(ScopeFields):
    """Asks when it comes back, on the wall of a zone, and what it touches."""

    name = forms.CharField(max_length=120, help_text="What is being done.")
    begins_on = forms.DateField(
        label="First on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins_at = forms.TimeField(
        label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    length_minutes = forms.IntegerField(
        label="For, in minutes",
        min_value=1,
        max_value=int(recurring.LONGEST.total_seconds() // 60),
        initial=120,
    )
    zone = forms.CharField(
        label="Time zone",
        max_length=60,
        help_text="It stays at this hour there when the clocks change.",
    )
    days = forms.MultipleChoiceField(
        label="On these days of the week",
        required=False,
        choices=list(zip(recurring.WEEKDAYS, recurring.DAY_NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means the day of the week of the first time.",
    )
    every = forms.IntegerField(label="Every so many weeks", min_value=1, max_value=52, initial=1)
    custom = forms.CharField(
        label="Or by a rule",
        required=False,
        max_length=recurring.MOST_RULE,
        help_text="An RRULE instead of weekdays, such as FREQ=MONTHLY;BYDAY=1SU.",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    last_on = forms.DateField(
        label="Last on",
        required=False,
        help_text="It comes back until somebody ends it, when left empty.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    exceptions = DatesField(
        label="But not on",
        required=False,
        max_length=5000,
        help_text="Dates such as 2026-12-24, with commas between.",
    )
    matchers = MatchersField(required=False, help_text=f"{MATCHERS_HELP} Empty means every alert.")

    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        services: Mapping[int, str],
        data: Any = None,  # noqa: ANN401 - request.POST
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(services, data, initial=initial)

    def rule(self) -> str:
        """The rule of a valid form, as somebody wrote it or by its weekdays."""
        data = self.cleaned_data
        if data["custom"].strip():
            return str(data["custom"])
        days = data["days"] or [recurring.WEEKDAYS[data["begins_on"].weekday()]]
        return recurring.weekly(days, every=data["every"])

    def quiet_matchers(self) -> tuple[Matcher, ...]:
        return tuple(self.cleaned_data["matchers"])


def initial_of(view: RecurringView) -> dict[str, Any]:
    """What comes back, as the form shows it: by its weekdays where they tell all of it."""
    same = ("name", "begins_on", "begins_at", "length_minutes", "zone", "last_on", "version")
    parts = recurring.weekly_parts(view.rule)
    days, every = parts or ((), 1)
    return {
        **{name: getattr(view, name) for name in same},
        "days": list(days),
        "every": every,
        "custom": "" if parts else view.rule,
        "exceptions": ", ".join(day.isoformat() for day in view.exceptions),
        "service_ids": [str(number) for number in view.service_ids],
        "environments": list(view.environments),
        "matchers": "\n".join(str(one) for one in view.matchers),
    }
