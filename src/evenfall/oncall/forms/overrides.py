"""What people fill in to change a stretch of time."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from evenfall.identity.queries import Person
from evenfall.oncall.ports import OverrideKind, OverrideSpec, Role

OVERRIDES = [
    (OverrideKind.REPLACE.value, "Takes over"),
    (OverrideKind.ADD.value, "Fills only the time nobody has"),
    (OverrideKind.REMOVE.value, "Is taken off, and leaves a gap"),
]
ROLES = [
    (Role.PRIMARY.value, "On call"),
    (Role.LIEUTENANT.value, "Lieutenant"),
    (Role.SHADOW.value, "Shadow: learns beside whoever is on call"),
]
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OverrideForm(forms.Form):
    """Who, from when until when; times are those of the reader."""

    kind = forms.ChoiceField(label="What happens", choices=OVERRIDES, initial="replace")
    person = forms.TypedChoiceField(label="Who", coerce=int)
    role = forms.ChoiceField(
        choices=ROLES,
        initial=Role.PRIMARY.value,
    )
    instead_of = forms.TypedChoiceField(
        label="Only in place of",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Empty: of whoever has it, also in a gap.",
    )
    starts_at = forms.DateTimeField(label="From", widget=_MOMENT)
    ends_at = forms.DateTimeField(label="Until", widget=_MOMENT)
    note = forms.CharField(max_length=200, required=False, help_text="Why; everybody can read it.")

    def __init__(
        self,
        people: Sequence[Person],
        everybody: Sequence[Person],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self._offer("person", [(person.id, person.name) for person in people])
        others = [(str(person.id), person.name) for person in everybody]
        self._offer("instead_of", [("", "-"), *others])

    def fields_of(self) -> dict[str, Any]:
        """What `add_override` takes; the form must be valid."""
        filled = self.cleaned_data
        kind, person = OverrideKind(filled["kind"]), filled["person"]
        is_removal, is_replacement = kind is OverrideKind.REMOVE, kind is OverrideKind.REPLACE
        replaced = filled["instead_of"] if is_replacement else None
        return {
            "kind": kind,
            "role": Role(filled["role"]),
            "user_id": None if is_removal else person,
            "instead_of_id": person if is_removal else replaced,
            "starts_at": filled["starts_at"],
            "ends_at": filled["ends_at"],
            "note": filled["note"],
        }

    def spec(self) -> OverrideSpec:
        """The override as a value, for a preview; the form must be valid."""
        fields = self.fields_of()
        return OverrideSpec(instead_of=fields.pop("instead_of_id"), **fields)

    def _offer(self, name: str, choices: Sequence[tuple[int | str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field
