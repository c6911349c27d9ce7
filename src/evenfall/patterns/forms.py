"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.identity.queries import Person, TeamView
from evenfall.patterns.actions import PatternWish


class PatternForm(forms.Form):
    """Asks what comes back, and who answers for it."""

    title = forms.CharField(max_length=200, label="What comes back?")
    owner_id = forms.TypedChoiceField(
        label="Owner",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="One person, who is told when it comes back.",
    )
    team_id = forms.TypedChoiceField(label="Team", coerce=int, empty_value=None, required=False)
    note = forms.CharField(
        required=False,
        max_length=10_000,
        label="Note",
        help_text="What is known, what was tried. Markdown.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Sequence[Person],
        teams: Sequence[TeamView],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(person.id, person.name) for person in people]
        owned = [(team.id, team.name) for team in teams]
        self.fields["owner_id"].choices = [("", "Nobody yet"), *named]  # type: ignore[attr-defined] # a choice field
        self.fields["team_id"].choices = [("", "No team"), *owned]  # type: ignore[attr-defined] # a choice field

    def wish(self) -> PatternWish:
        return PatternWish(**self.cleaned_data)
