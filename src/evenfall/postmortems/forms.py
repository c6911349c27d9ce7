"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms

from evenfall.identity.queries import Person
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic.action_life import ActionClass, ActionType, Effort
from evenfall.postmortems.logic.guardrails import LABELS as GUARDRAILS
from evenfall.postmortems.ports import TrackerField

_CLASSES = {
    ActionClass.P1: "P1: within 2 weeks",
    ActionClass.P2: "P2: within 4 weeks",
    ActionClass.P3: "P3: within 8 weeks",
}
_EFFORTS = {
    Effort.SMALL: "Small: up to a day",
    Effort.MEDIUM: "Medium: some days",
    Effort.LARGE: "Large: a week or more",
}
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SectionForm(forms.Form):
    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "data-files": "files"}),
        label="Text",
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class FilesForm(forms.Form):
    """Files are read within limits from the request; this holds what was refused about them."""


class TemplateForm(forms.Form):
    text = forms.CharField(strip=False, widget=forms.Textarea(attrs={"rows": 30}), label="Template")


class PeopleForm(forms.Form):
    owner_id = forms.TypedChoiceField(label="Owner", coerce=int, empty_value=None, required=False)
    reviewer_ids = forms.TypedMultipleChoiceField(
        label="Reviewers",
        coerce=int,
        required=False,
        help_text="At least one who did not work on the incident.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Sequence[Person],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(person.id, person.name) for person in people]
        self.fields["owner_id"].choices = [("", "Nobody yet"), *named]  # type: ignore[attr-defined] # a choice field
        self.fields["reviewer_ids"].choices = named  # type: ignore[attr-defined] # a choice field


class WordsForm(forms.Form):
    tags = forms.CharField(
        required=False, max_length=1000, help_text="Separated by commas, such as “dns, release”."
    )
    factors = forms.CharField(
        required=False,
        max_length=5000,
        label="Contributing factors",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line, never only one. A new one joins the list for all.",
    )

    def tag_list(self) -> list[str]:
        return str(self.cleaned_data["tags"]).split(",")

    def factor_list(self) -> list[str]:
        return str(self.cleaned_data["factors"]).splitlines()


class ActionForm(forms.Form):
    """Asks for one promise of one person."""

    title = forms.CharField(
        max_length=200,
        label="What will be true afterwards?",
        help_text="A result that can be checked, such as “Deploys stop when a migration waits”.",
    )
    owner_id = forms.TypedChoiceField(
        label="Owner", coerce=int, help_text="One person, not a team."
    )
    type = forms.ChoiceField(choices=[(t.value, t.value.capitalize()) for t in ActionType])
    level = forms.ChoiceField(
        label="Class",
        choices=[(level.value, label) for level, label in _CLASSES.items()],
        initial=ActionClass.P2.value,
    )
    effort = forms.ChoiceField(
        required=False,
        choices=[("", "Not known"), *((one.value, label) for one, label in _EFFORTS.items())],
    )
    factor = forms.ChoiceField(
        required=False, label="Factor", help_text="Which contributing factor it is about."
    )
    ticket_url = forms.CharField(
        required=False, max_length=500, label="Ticket", help_text="Where it is tracked."
    )
    guardrail_kind = forms.ChoiceField(
        required=False,
        label="Guardrail",
        choices=[("", "None yet"), *((kind.value, label) for kind, label in GUARDRAILS.items())],
        help_text="What a machine can watch, so that nobody has to remember it.",
    )
    guardrail_url = forms.CharField(
        required=False,
        max_length=500,
        label="Link to the guardrail",
        help_text="The check, rule or drill that will catch it for good.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Sequence[Person],
        factors: Sequence[str] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", "None of them"), *((name, name) for name in factors)]
        self.fields["factor"].choices = chosen  # type: ignore[attr-defined] # a choice field
        named = [("", "Choose a person"), *((person.id, person.name) for person in people)]
        self.fields["owner_id"].choices = named  # type: ignore[attr-defined] # a choice field

    def draft(self) -> ActionDraft:
        said = self.cleaned_data
        return ActionDraft(
            title=said["title"],
            owner_id=said["owner_id"],
            type=ActionType(said["type"]),
            level=ActionClass(said["level"]),
            ticket_url=said["ticket_url"],
            guardrail_url=said["guardrail_url"],
            guardrail_kind=said["guardrail_kind"],
            effort=said["effort"],
            factor=said["factor"],
        )


class StepForm(forms.Form):
    """What a step of an action may need."""

    proof_url = forms.CharField(required=False, max_length=500)
    reason = forms.CharField(required=False, max_length=2000)
    review_at = forms.DateField(required=False, widget=_DATE)

    def review(self) -> datetime | None:
        return end_of(self.cleaned_data["review_at"])


class ExtendForm(forms.Form):
    due_at = forms.DateField(widget=_DATE)
    reason = forms.CharField(max_length=2000)

    def due(self) -> datetime:
        return end_of(self.cleaned_data["due_at"]) or datetime.max.replace(tzinfo=UTC)


def end_of(day: Any) -> datetime | None:  # noqa: ANN401 - what a date field gives
    """The last minute of a day, UTC; None for none."""
    return None if day is None else datetime.combine(day, time(23, 59), tzinfo=UTC)


class TrackerForm(forms.Form):
    """Asks for an account at a tracker: its name, and the fields that its type wants.

    A secret that is known already may stay empty: it is kept then.
    """

    name = forms.CharField(max_length=80, help_text="As people see it, such as “GitHub of Shop”.")

    def __init__(
        self,
        fields: Sequence[TrackerField],
        *args: Any,  # noqa: ANN401 - as Django's
        knows_secrets: bool = False,
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self._names = [field.name for field in fields]
        for field in fields:
            self.fields[field.name] = _tracker_field(field, knows_secrets=knows_secrets)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._names}


def _tracker_field(field: TrackerField, *, knows_secrets: bool) -> forms.CharField:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    is_kept = field.is_secret and knows_secrets
    help_text = f"{field.help} Leave it empty to keep the one that is stored.".strip()
    return forms.CharField(
        label=field.label,
        help_text=help_text if is_kept else field.help,
        required=field.is_required and not is_kept,
        initial=field.default,
        max_length=2000,
        widget=forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"})
        if field.is_secret
        else forms.TextInput(attrs=attrs),
    )


class PublicationForm(forms.Form):
    """What everybody may read."""

    title = forms.CharField(max_length=200)
    text = forms.CharField(
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Markdown. Nothing else goes out, but files that are marked public.",
    )
    is_public = forms.BooleanField(required=False, label="Everybody may read it")
    is_indexed = forms.BooleanField(required=False, label="Search engines may list it")
