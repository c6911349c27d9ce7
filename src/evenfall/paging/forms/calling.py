"""The form behind "page somebody"."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.identity.queries import Person, TeamView
from evenfall.paging.ports import Urgency

CHOOSE = ("", "Choose…")


class CallForm(forms.Form):
    """Asks whom to page and why."""

    message = forms.CharField(
        label="What is it about?",
        max_length=200,
        help_text="The first thing they read, perhaps at night.",
    )
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Pages whoever is on call, and goes on by the team's policy.",
    )
    user_id = forms.TypedChoiceField(
        label="Or a person",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Paged first; the policy follows when there is no answer.",
    )
    urgency = forms.ChoiceField(
        choices=[
            (Urgency.HIGH.value, "High: wakes people"),
            (Urgency.LOW.value, "Low: mail in working hours"),
        ],
        initial=Urgency.HIGH.value,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        teams: Sequence[TeamView],
        people: Sequence[Person],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = [CHOOSE, *((t.id, t.name) for t in teams)]  # type: ignore[attr-defined]  # a choice field
        self.fields["user_id"].choices = [CHOOSE, *((p.id, p.name) for p in people)]  # type: ignore[attr-defined]  # as above
