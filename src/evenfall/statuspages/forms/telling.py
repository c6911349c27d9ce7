"""Forms for posts and maintenance. Times are those of whoever writes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from evenfall.statuspages.actions import UpdateWish, WorkWish
from evenfall.statuspages.logic.words import AFFECTED, Impact, PostState, Status, WorkState
from evenfall.statuspages.queries import Part, PreparedView, UpdateView, WorkView

_STATES = [(state.value, state.value.capitalize()) for state in PostState]
_STATUSES = [
    ("", "Nothing new"),
    (Status.OPERATIONAL.value, Status.OPERATIONAL.label),
    *((status.value, status.label) for status in AFFECTED),
]
_NEXT = [
    ("", "Promise nothing"),
    ("30", "In 30 minutes"),
    ("60", "In 1 hour"),
    ("120", "In 2 hours"),
    ("240", "In 4 hours"),
    ("1440", "Tomorrow"),
]
_IMPACTS = [
    ("", "By the worst status"),
    *((impact.value, impact.value.capitalize()) for impact in Impact),
]
_PREFIX = "status_"


def _moment(label: str, help_text: str = "", *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, required=required, widget=widget)


class UpdateForm(forms.Form):
    """Asks what to tell readers, and how the components are from then on."""

    text = forms.CharField(
        label="What readers are told",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Markdown. Say what readers notice, and what you do.",
    )
    state = forms.ChoiceField(choices=_STATES)
    next_in = forms.ChoiceField(label="Next update", choices=_NEXT, required=False)
    notify = forms.BooleanField(label="Tell subscribers", required=False, initial=True)
    said_at = _moment("Said at", "Now, when left empty. Earlier is marked.", required=False)

    def __init__(self, parts: Sequence[Part], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self._parts = parts
        for part in parts:
            self.fields[f"{_PREFIX}{part.id}"] = forms.ChoiceField(
                label=part.name, choices=_STATUSES, required=False
            )

    @property
    def status_fields(self) -> list[forms.BoundField]:
        """One for each component of the page."""
        return [self[f"{_PREFIX}{part.id}"] for part in self._parts]

    def update_wish(self, *, now: datetime) -> UpdateWish:
        said = self.cleaned_data
        minutes = said["next_in"]
        return UpdateWish(
            text=said["text"],
            state=PostState(said["state"]),
            statuses=self._statuses(),
            notify=said["notify"],
            next_update_at=now + timedelta(minutes=int(minutes)) if minutes else None,
            said_at=said["said_at"],
        )

    def _statuses(self) -> dict[int, Status]:
        said = {part.id: self.cleaned_data[f"{_PREFIX}{part.id}"] for part in self._parts}
        return {number: Status(word) for number, word in said.items() if word}

    @staticmethod
    def initial_of(update: UpdateView) -> dict[str, Any]:
        """What the form shows of an update that is corrected."""
        said = {f"{_PREFIX}{number}": word.value for number, word in update.status_ids.items()}
        return {
            "text": update.text,
            "state": update.state.value,
            "said_at": update.said_at,
            **said,
        }

    @staticmethod
    def initial_statuses(statuses: dict[int, Status]) -> dict[str, str]:
        return {f"{_PREFIX}{number}": word.value for number, word in statuses.items()}


class PostForm(UpdateForm):
    """Asks for a new post with its first update."""

    title = forms.CharField(max_length=200, help_text="What readers notice, in a few words.")
    impact = forms.ChoiceField(choices=_IMPACTS, required=False)
    incident_id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    @property
    def said_impact(self) -> Impact | None:
        said = self.cleaned_data["impact"]
        return Impact(said) if said else None


class PreparedForm(UpdateForm):
    """Asks for better words of a prepared post; who posts it also says what else it wants."""

    title = forms.CharField(max_length=200, help_text="What readers notice, in a few words.")
    impact = forms.ChoiceField(choices=_IMPACTS, required=False)

    @property
    def said_impact(self) -> Impact | None:
        said = self.cleaned_data["impact"]
        return Impact(said) if said else None

    @property
    def words(self) -> dict[str, Any]:
        """What is kept without telling anybody."""
        said = self.cleaned_data
        return {"title": said["title"], "text": said["text"], "statuses": self._statuses()}

    @classmethod
    def initial_of_prepared(cls, prepared: PreparedView) -> dict[str, Any]:
        return {
            "title": prepared.title,
            "text": prepared.text,
            "next_in": "30",
            **cls.initial_statuses(dict(prepared.status_ids)),
        }


class DropForm(forms.Form):
    """Asks why readers need not know."""

    reason = forms.CharField(
        label="Why readers need not know", max_length=300, help_text="Colleagues see it."
    )


class RetractForm(forms.Form):
    """Asks why a post was wrong."""

    reason = forms.CharField(
        label="Why it was wrong", max_length=300, help_text="Readers see it beside the post."
    )


class WorkForm(forms.Form):
    """Asks what is planned."""

    title = forms.CharField(max_length=200)
    text = forms.CharField(
        label="What readers are told",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown. Say what readers will notice.",
    )
    starts_at = _moment("Starts")
    ends_at = _moment("Ends")
    component_ids = forms.TypedMultipleChoiceField(
        label="What it touches",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing else is shown as under maintenance.",
    )
    starts_itself = forms.BooleanField(label="Starts by itself", required=False, initial=True)
    ends_itself = forms.BooleanField(label="Ends by itself", required=False, initial=True)
    notify = forms.BooleanField(label="Tell subscribers", required=False, initial=True)

    def __init__(self, parts: Sequence[Part], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices = [(part.id, part.name) for part in parts]
        self.fields["component_ids"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def wish(self) -> WorkWish:
        return WorkWish(**self.cleaned_data)

    @staticmethod
    def initial_of(work: WorkView) -> dict[str, Any]:
        names = ("title", "text", "starts_at", "ends_at", "starts_itself", "ends_itself", "notify")
        return {
            **{name: getattr(work, name) for name in names},
            "component_ids": work.component_ids,
        }


class WorkStep(forms.Form):
    """Says that a maintenance goes on; state "" is a note without a step."""

    state = forms.ChoiceField(
        choices=[("", "Note"), *((state.value, state.label) for state in WorkState)],
        required=False,
    )
    text = forms.CharField(max_length=20_000, required=False)

    @property
    def said_state(self) -> WorkState | None:
        said = self.cleaned_data["state"]
        return WorkState(said) if said else None
