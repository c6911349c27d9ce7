"""Asks how a page looks, which languages it speaks and on which domain it is."""

from typing import Any

from django import forms

from evenfall.statuspages.actions import LookWish
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.queries import LookView

_LANGUAGES = [(one.value, one.label) for one in Language]


class LookForm(forms.Form):
    """`first` is the language for readers who accept none of those chosen."""

    accent = forms.CharField(
        label="Colour of links and marks",
        max_length=7,
        required=False,
        help_text="Such as #1a2b3c. It is made lighter or darker where it could not be read.",
    )
    first = forms.ChoiceField(label="First language", choices=_LANGUAGES)
    languages = forms.MultipleChoiceField(
        label="Other languages",
        choices=_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Of the fixed words. What you write stays in the language you write it in.",
    )
    domain = forms.CharField(
        label="Own domain",
        max_length=253,
        required=False,
        help_text="Such as status.example.org. Your proxy must send it here; the documentation "
        "says how.",
    )
    logo = forms.FileField(
        required=False,
        help_text="PNG, JPEG, WebP or GIF, at most 512 KB. It is shown four lines high at most.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )

    def wish(self) -> LookWish:
        said = self.cleaned_data
        spoken = dict.fromkeys([said["first"], *said["languages"]])
        return LookWish(
            accent=said["accent"],
            languages=[Language(code) for code in spoken],
            domain=said["domain"],
        )

    @staticmethod
    def initial_of(look: LookView) -> dict[str, Any]:
        return {
            "accent": look.accent.colour if look.accent else "",
            "first": look.languages[0].value,
            "languages": [one.value for one in look.languages[1:]],
            "domain": look.domain,
        }
