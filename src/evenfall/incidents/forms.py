"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from evenfall.alerting.ports import Urgency
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity.queries import Person, TeamView
from evenfall.incidents.actions import ListenerWish, Wording
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.duties import DUTIES
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.stamps import WORDS
from evenfall.incidents.queries import PromiseDesk

_URGENCIES = {
    Urgency.HIGH: "High: wake whoever is on call",
    Urgency.LOW: "Low: in working hours is soon enough",
}


class DeclareForm(forms.Form):
    """Asks for an incident that a person saw before any monitor."""

    title = forms.CharField(
        max_length=200, label="What is wrong?", help_text="In a few words, as customers see it."
    )
    severity = forms.ChoiceField(
        choices=[(duty.sev.value, duty.help) for duty in DUTIES.values()],
        initial=Sev.SEV3.value,
        help_text="How bad it is. If you are not sure, take the worse one.",
    )
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        empty_value=None,
        required=False,
    )
    environment = forms.ChoiceField(
        choices=[(word.value, word.value) for word in Environment], initial=Environment.PROD.value
    )
    urgency = forms.ChoiceField(
        choices=[(word.value, label) for word, label in _URGENCIES.items()],
        initial=Urgency.HIGH.value,
    )
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}), label="What do you know so far?"
    )
    page = forms.BooleanField(
        required=False,
        initial=True,
        label="Page for it now",
        help_text="Calls whoever the policy of the service or team leads to.",
    )
    is_private = forms.BooleanField(
        required=False,
        label="Private",
        help_text="Only you, those who work on it, who lead its team and who administrate see it.",
    )
    request_key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Collection[ServiceView] = (),
        teams: Collection[TeamView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(service.id, service.name) for service in services]
        self._offer("service_id", [("", "None, or not known yet"), *named])
        owners = [(team.id, team.name) for team in teams]
        self._offer("team_id", [("", "The owner of the service"), *owners])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field


_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _person_field(label: str, *, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, help_text=help_text
    )


def _people_of(people: Collection[Person], nobody: str) -> list[tuple[Any, str]]:
    return [("", nobody), *((one.id, one.name) for one in people)]


class TaskForm(forms.Form):
    """Asks what is to be done, by whom and until when (in the reader's own zone)."""

    title = forms.CharField(max_length=200, label="What is to be done?")
    owner_id = _person_field("Who does it?")
    due_at = forms.DateTimeField(required=False, label="Until when?", widget=_MOMENT)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Collection[Person] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner_id"]
        field.choices = _people_of(people, "Nobody yet")  # type: ignore[attr-defined] # a choice field


class HandOverForm(forms.Form):
    """Asks who follows in a role and what they should know; `default` is who follows else."""

    successor_id = _person_field("Who takes over?")
    next_steps = forms.CharField(
        required=False,
        max_length=5000,
        label="What comes next?",
        help_text="What you suspect, what is being tried, what must not be forgotten.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Collection[Person] = (),
        default: str = "",
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor_id"]
        field.choices = _people_of(people, default or "Choose somebody")  # type: ignore[attr-defined] # a choice field
        field.required = not default


class PauseForm(forms.Form):
    """Asks what the work waits for, and until when at the longest."""

    reason = forms.CharField(
        max_length=500,
        label="What does it wait for?",
        help_text="Such as a supplier, a part, a window for changes.",
    )
    resume_by = forms.DateTimeField(
        label="Until when?",
        help_text="Then whoever acknowledged it is reminded, once. At most 30 days from now.",
        widget=_MOMENT,
    )


class DeclineForm(forms.Form):
    """Asks why it is no incident."""

    reason = forms.CharField(
        max_length=500,
        label="Why is it no incident?",
        help_text="It is over for good then: its page stops and its alerts end.",
    )


class StampForm(forms.Form):
    """Asks which time of an incident is wrong, and how it really was."""

    stamp = forms.ChoiceField(
        label="Which time?", choices=[(stamp.value, label) for stamp, label in WORDS.items()]
    )
    at = forms.DateTimeField(
        required=False,
        label="When was it really?",
        help_text="Empty: not known. Only for when the harm began or ended, and when it was seen.",
        widget=_MOMENT,
    )
    why = forms.CharField(
        max_length=500,
        label="How do you know?",
        help_text="Kept with the old time, for all to see.",
    )


class NoteForm(forms.Form):
    """Asks for a note; with images its text may stay empty, which the action knows."""

    text = forms.CharField(
        required=False,
        label="Note",
        max_length=20_000,
        help_text="Markdown. Paste or drop images here, or choose them below.",
        widget=forms.Textarea(attrs={"rows": 6, "data-files": "images"}),
    )
    happened_at = forms.DateTimeField(
        required=False,
        label="When it happened",
        help_text="In your time zone. Empty is now.",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )


class RemarkForm(forms.Form):
    """Asks for a short remark below an entry of the timeline."""

    remark = forms.CharField(
        required=False,
        label="Remark",
        max_length=500,
        help_text="One line for whoever reads it later. An empty one takes the remark away.",
    )


class UpdateForm(forms.Form):
    """Asks what to tell whom, from one draft, and when each audience hears more."""

    draft = forms.CharField(
        label="What is known",
        max_length=20_000,
        required=False,
        help_text="Markdown. What people notice, what is done about it. No guesses when it ends.",
        widget=forms.Textarea(attrs={"rows": 5, "data-draft": ""}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        desk: PromiseDesk,
        is_live: bool,
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        for audience in Audience:
            waits = desk.of(audience) is not None or desk.suggested[audience] is not None
            self.fields.update(_fields_for(audience, waits=waits, is_live=is_live))

    @property
    def sections(self) -> list[tuple[Audience, list[forms.BoundField]]]:
        """What is asked for each audience: whether, what, and when the next word comes."""
        return [
            (audience, [self[f"{name}_{audience.value}"] for name in ("tell", "text", "next")])
            for audience in Audience
        ]

    def wordings(self, *, now: datetime) -> dict[Audience, Wording]:
        """What the action needs; audiences that are left out are missing."""
        said = self.cleaned_data
        return {
            audience: Wording(
                text=said[f"text_{audience.value}"],
                next_update_at=_in_minutes(said[f"next_{audience.value}"], now),
            )
            for audience in Audience
            if said[f"tell_{audience.value}"]
        }

    def prepared(self) -> dict[str, Any]:
        """The same again, with the draft where an audience has no words of its own."""
        sent = {name: self[name].data for name in self.fields}
        for audience in Audience:
            name = f"text_{audience.value}"
            sent[name] = sent[name] or sent["draft"]
        return sent


_NEXT: Final = [
    ("10", "In 10 minutes"),
    ("20", "In 20 minutes"),
    ("30", "In 30 minutes"),
    ("60", "In an hour"),
    ("120", "In 2 hours"),
    ("240", "In 4 hours"),
    ("1440", "Tomorrow"),
]


def _fields_for(audience: Audience, *, waits: bool, is_live: bool) -> dict[str, forms.Field]:
    by_itself = "As the table says" if is_live else "No more: this is the last word"
    return {
        f"tell_{audience.value}": forms.BooleanField(
            label=f"Tell {audience.label}", required=False, initial=waits
        ),
        f"text_{audience.value}": forms.CharField(
            label=f"What {audience.label} read",
            required=False,
            max_length=20_000,
            help_text="Empty: the draft as it stands.",
            widget=forms.Textarea(attrs={"rows": 3, "data-of-draft": ""}),
        ),
        f"next_{audience.value}": forms.ChoiceField(
            label="Next update", required=False, choices=[("", by_itself), *_NEXT]
        ),
    }


def _in_minutes(minutes: str, now: datetime) -> datetime | None:
    return now + timedelta(minutes=int(minutes)) if minutes else None


class ApprovalForm(forms.Form):
    """Asks whose public updates need a second person, by severity."""

    severities = forms.MultipleChoiceField(
        choices=[(sev.value, sev.value) for sev in Sev],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Public updates wait for a second person",
        help_text="What whoever commands writes is told at once, and so is everything inside.",
    )


class SendBackForm(forms.Form):
    """Asks why a text is not good enough yet."""

    reason = forms.CharField(max_length=500, label="What should be better?")


class ListenerForm(forms.Form):
    """Asks who is called, or hears what, of incidents that are so bad."""

    severity = forms.ChoiceField(
        choices=[(sev.value, f"{sev.value} or worse") for sev in Sev],
        initial=Sev.SEV1.value,
        label="For incidents of",
    )
    environment = forms.ChoiceField(
        choices=[(word.value, word.value) for word in Environment], initial=Environment.PROD.value
    )
    team_id = forms.TypedChoiceField(
        label="Of which team?", coerce=int, empty_value=None, required=False
    )
    hears = forms.ChoiceField(choices=[(one.value, one.label) for one in Hears], label="What?")
    user_id = _person_field("Which person?")
    group_id = forms.TypedChoiceField(
        label="Or everybody in which team?",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="“Is called” calls the team as its policy says; the rest goes to every member.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Collection[Person],
        teams: Collection[TeamView],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(team.id, team.name) for team in teams]
        offered = {
            "team_id": [("", "Of any"), *named],
            "user_id": _people_of(people, "Nobody: a team"),
            "group_id": [("", "None: a person"), *named],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field

    @property
    def wish(self) -> ListenerWish:
        """What the action needs."""
        said = self.cleaned_data
        return ListenerWish(
            severity=Sev(said["severity"]),
            environment=Environment(said["environment"]),
            hears=Hears(said["hears"]),
            **{name: said[name] for name in ("team_id", "user_id", "group_id")},
        )
