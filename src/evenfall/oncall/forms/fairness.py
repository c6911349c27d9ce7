"""What people fill in about loads: what counts, where somebody has holidays, how much they work."""

from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from msgspec.structs import asdict

from evenfall.oncall.logic.loads import WEIGHT_NAMES, Weights
from evenfall.platform import public_holidays

LABELS = {
    "standby_hour": "An hour on call",
    "lieutenant_hour": "An hour as lieutenant",
    "night_hour": "On top: an hour of a night",
    "weekend_hour": "On top: an hour of a weekend",
    "holiday_hour": "On top: an hour of a holiday",
    "page": "A page",
    "night_page": "On top: a page in the night",
    "active_minute": "A minute of work on a page",
}
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WeightsForm(forms.Form):
    """Points for each hour, page and minute, and when the night is."""

    night_starts = forms.TimeField(label="The night begins at", widget=_TIME)
    night_ends = forms.TimeField(label="And ends at", widget=_TIME)

    def __init__(self, weights: Weights, data: QueryDict | None = None) -> None:
        shown: dict[str, Any] = asdict(weights)
        for name in ("night_starts", "night_ends"):
            shown[name] = time(*divmod(shown[name], 60))
        super().__init__(data, initial=shown)
        for name in WEIGHT_NAMES:
            self.fields[name] = forms.FloatField(
                label=LABELS[name], widget=forms.NumberInput(attrs={"step": "0.1", "min": "0"})
            )

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in WEIGHT_NAMES]

    def weights(self) -> Weights:
        """What was filled in; the form must be valid."""
        filled = self.cleaned_data
        clocks = {
            name: filled[name].hour * 60 + filled[name].minute
            for name in ("night_starts", "night_ends")
        }
        return Weights(**{name: filled[name] for name in WEIGHT_NAMES}, **clocks)


class WorkProfileForm(forms.Form):
    """Where somebody has holidays, and which part of full time they work."""

    place = forms.ChoiceField(
        label="Holidays of",
        required=False,
        help_text="Country and region, by their codes. Decides which days count as holidays.",
    )
    percent = forms.IntegerField(
        label="Percent of full time",
        min_value=0,
        max_value=100,
        help_text="Half of full time takes half of the shifts. 0 takes none.",
    )

    def __init__(self, data: QueryDict | None = None, **rest: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(data, **rest)
        self.fields["place"].choices = _places()  # type: ignore[attr-defined] # a choice field

    def fields_of(self) -> dict[str, Any]:
        """What `change_work_profile` takes; the form must be valid."""
        country, _, region = self.cleaned_data["place"].partition("/")
        return {"country": country, "region": region, "percent": self.cleaned_data["percent"]}


def place_of(country: str, region: str) -> str:
    """Country and region as the choice of the form."""
    return f"{country}/{region}" if region else country


def _places() -> list[tuple[str, str]]:
    found = [("", "Nowhere: no holidays count")]
    for country, parts in public_holidays.countries().items():
        found.append((country, country))
        found += [(f"{country}/{part}", f"{country}, {part}") for part in parts]
    return found
