"""What people fill in for a calendar feed, for a page without sign-in, and to fill gaps."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from evenfall.identity.queries import Person, TeamView
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.queries import RotaView


class FeedForm(forms.Form):
    """Whose duties the feed tells; the value is the kind and the id of whom or what."""

    subject = forms.ChoiceField(label="Whose duties")

    def __init__(
        self,
        people: Sequence[Person],
        rotas: Sequence[RotaView],
        teams: Sequence[TeamView],
        data: QueryDict | None = None,
        *,
        own_id: int,
        initial: str = "",
    ) -> None:
        super().__init__(data, initial={"subject": initial or f"person:{own_id}"})
        others = [person for person in people if person.id != own_id]
        self.fields["subject"].choices = [  # type: ignore[attr-defined] # a choice field
            (f"person:{own_id}", "Mine"),
            ("A rota", [(f"rota:{rota.id}", rota.name) for rota in rotas]),
            ("A team", [(f"team:{team.id}", team.name) for team in teams]),
            ("Another person", [(f"person:{person.id}", person.name) for person in others]),
        ]

    def chosen(self) -> tuple[FeedKind, int]:
        """The kind and the id; the form must be valid."""
        kind, _, number = self.cleaned_data["subject"].partition(":")
        return FeedKind(kind), int(number)


class PublicPageForm(forms.Form):
    """What everybody with the address may see."""

    shows = forms.ChoiceField(
        label="It shows",
        choices=[("name", "Names only"), ("contact", "Names and e-mail addresses")],
        initial="name",
        widget=forms.RadioSelect,
    )

    @property
    def shows_contact(self) -> bool:
        return bool(self.cleaned_data["shows"] == "contact")


class FillForm(forms.Form):
    """Who fills the gaps; the one who carried least is offered first."""

    person = forms.TypedChoiceField(label="Fill them with", coerce=int)

    def __init__(self, people: Sequence[Person], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["person"].choices = [(person.id, person.name) for person in people]  # type: ignore[attr-defined] # a choice field
