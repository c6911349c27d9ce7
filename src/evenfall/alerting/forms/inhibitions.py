"""The form of an inhibition rule."""

from typing import Any

from django import forms

from evenfall.alerting.actions import InhibitionDraft
from evenfall.alerting.forms.quiet import MatchersField
from evenfall.alerting.logic.matchers import written
from evenfall.alerting.queries import InhibitionView

_HELP = 'One per line: name="value", with =, !=, =~ or !~.'


class InhibitionForm(forms.Form):
    """Asks what is the cause, what are its symptoms, and what both have in common."""

    name = forms.CharField(max_length=120, help_text="Shown where it holds an alert.")
    source = MatchersField(label="While an alert is open with", required=True, help_text=_HELP)
    target = MatchersField(label="Alerts wake nobody that have", required=True, help_text=_HELP)
    equal = forms.CharField(
        label="And the same value of",
        max_length=2_500,
        required=False,
        help_text="Names of labels, such as cluster, service. A label that both lack is the same.",
    )
    is_enabled = forms.BooleanField(label="In force", required=False, initial=True)

    def draft(self) -> InhibitionDraft:
        said = self.cleaned_data
        return InhibitionDraft(
            name=said["name"],
            source=said["source"],
            target=said["target"],
            equal=self.names(),
            is_enabled=said["is_enabled"],
        )

    def names(self) -> tuple[str, ...]:
        words = self.cleaned_data.get("equal", "").replace(",", " ").split()
        return tuple(dict.fromkeys(words))

    @staticmethod
    def initial_of(rule: InhibitionView) -> dict[str, Any]:
        return {
            "name": rule.name,
            "source": written(rule.source),
            "target": written(rule.target),
            "equal": ", ".join(rule.equal),
            "is_enabled": rule.is_enabled,
        }
