"""What subscribers fill in. Their words are in the template, in the language of the page."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.statuspages.logic.subscribing import Choice
from evenfall.statuspages.queries import Part


class ChoiceForm(forms.Form):
    """Asks what somebody wants to hear of."""

    component_ids = forms.TypedMultipleChoiceField(coerce=int, required=False)
    incidents = forms.BooleanField(required=False)
    works = forms.BooleanField(required=False)
    only_post = forms.BooleanField(required=False)

    def __init__(
        self,
        parts: Sequence[Part],
        *args: Any,  # noqa: ANN401 - Django's signature
        post_id: int | None = None,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self._post_id = post_id
        choices = [(part.id, part.name) for part in parts]
        self.fields["component_ids"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def choice(self) -> Choice:
        """What was chosen; of one post only, everything about it."""
        said = self.cleaned_data
        if said["only_post"] and self._post_id is not None:
            return Choice(post_id=self._post_id)
        return Choice(
            component_ids=tuple(said["component_ids"]),
            incidents=said["incidents"],
            works=said["works"],
        )

    @property
    def chosen(self) -> set[int]:
        """The components that are ticked, as the template asks."""
        said = self["component_ids"].value() or []
        return {int(one) for one in said if str(one).isdigit()}

    @staticmethod
    def initial_of(choice: Choice) -> dict[str, Any]:
        return {
            "component_ids": list(choice.component_ids),
            "incidents": choice.incidents,
            "works": choice.works,
            "only_post": choice.post_id is not None,
        }


class SubscribeForm(ChoiceForm):
    """Asks how to tell somebody, too: `how` is the button that was pressed."""

    how = forms.ChoiceField(choices=[("mail", "mail"), ("webhook", "webhook")])
    address = forms.CharField(required=False, max_length=254)
    url = forms.CharField(required=False, max_length=1000)


class BrowserForm(ChoiceForm):
    """Filled by a browser after its owner allowed it."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
