"""A train."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.releases.actions import TrainWish
from evenfall.releases.forms.reading import moment, text_field
from evenfall.releases.queries import TrainView


class TrainForm(forms.Form):
    """Asks what goes together, and when."""

    name = forms.CharField(max_length=120, label="Name", help_text="Such as: March, week 2.")
    departs_at = moment("Departs", "To production, in your own time zone. Empty: no time yet.")
    note = text_field("Note", 2, "What people should know.")
    releases = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label="On board",
        help_text="Releases that wait, of services that you respond for.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        releases: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departs_at"].required = False
        self.fields["releases"].choices = releases  # type: ignore[attr-defined] # a choice field

    def wish(self) -> TrainWish:
        said = self.cleaned_data
        return TrainWish(
            name=said["name"],
            note=said["note"],
            departs_at=said["departs_at"],
            release_ids=said["releases"],
        )


def train_initial(view: TrainView) -> dict[str, Any]:
    return {
        "name": view.name,
        "note": view.note,
        "departs_at": view.departs_at,
        "releases": [one.release_id for one in view.on_board],
    }
