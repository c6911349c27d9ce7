"""The forms of monitors: one for each kind, made of what it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField

from evenfall.catalog.ports import Environment
from evenfall.monitors.actions import MonitorWish
from evenfall.monitors.actions.writing import SEVERITIES
from evenfall.monitors.logic.fields import MOST_LINE, MOST_LINES, Field, FieldType
from evenfall.monitors.ports import Kind
from evenfall.monitors.queries import MonitorView

SET: Final = "set_"
_ROWS: Final = {"rows": 3, "spellcheck": "false", "class": "mono"}
_NUMBERS: Final = ("interval_s", "time_limit_s", "bad_needed", "good_needed", "unknown_for_s")
_INPUT_MODES: Final = {
    FieldType.URL: "url",
    FieldType.NUMBER: "numeric",
    FieldType.DECIMAL: "decimal",
}
_MUCH: Final = 2**31 - 1


class MonitorForm(forms.Form):
    """Asks for one monitor of a kind."""

    name = forms.CharField(max_length=120, help_text="Such as “The shop opens”.")
    service_id = forms.TypedChoiceField(label="Service", coerce=int)
    environment = forms.ChoiceField(choices=[(one.value, one.value) for one in Environment])
    severity = forms.ChoiceField(
        label="Severity of its alert",
        choices=[(one, one.capitalize()) for one in SEVERITIES],
        initial="error",
    )
    interval_s = forms.IntegerField(
        label="Look every, in seconds", min_value=10, max_value=7 * 86_400
    )
    time_limit_s = forms.IntegerField(label="Time limit, in seconds", min_value=1, max_value=30)
    bad_needed = forms.IntegerField(
        label="Bad looks in a row that open an outage",
        min_value=1,
        max_value=100,
        help_text="More of them hold flapping back.",
    )
    good_needed = forms.IntegerField(
        label="Good looks in a row that end it", min_value=1, max_value=100
    )
    unknown_for_s = forms.IntegerField(
        label="Tell when nobody knows for, in seconds",
        min_value=0,
        max_value=_MUCH,
        required=False,
        help_text="0 or empty: never.",
    )
    version = forms.IntegerField(
        min_value=1, max_value=_MUCH, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        kind: Kind,
        services: Mapping[int, str],
        sources: Mapping[int, str],
        integrations: Mapping[int, str],
        known: MonitorView | None,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.initial = {**self.initial, **_initial(kind, known)}
        self.fields["service_id"].choices = list(services.items())  # type: ignore[attr-defined] # a choice field
        kept = known.secret_names if known else ()
        for one in kind.fields:
            rows = integrations if one.type is FieldType.INTEGRATION else sources
            self.fields[f"{SET}{one.name}"] = _field(one, rows, is_kept=one.name in kept)

    def kind_fields(self) -> list[BoundField]:
        """What the kind asks everybody."""
        return [self[f"{SET}{one.name}"] for one in self.kind.fields if not one.is_rare]

    def rare_fields(self) -> list[BoundField]:
        """What few need."""
        return [self[f"{SET}{one.name}"] for one in self.kind.fields if one.is_rare]

    def has_rare(self) -> bool:
        """Whether one of those is wrong, or is not as it is for most."""
        return any(
            self[f"{SET}{one.name}"].errors
            or (self[f"{SET}{one.name}"].value() or "") != one.default
            for one in self.kind.fields
            if one.is_rare
        )

    def place(self, field: str | None) -> str | None:
        """The field of this form that an error of an action is about."""
        return f"{SET}{field}" if f"{SET}{field}" in self.fields else field

    def wish(self) -> MonitorWish:
        said = self.cleaned_data
        return MonitorWish(
            name=said["name"],
            service_id=said["service_id"],
            environment=said["environment"],
            severity=said["severity"],
            settings={one.name: said[f"{SET}{one.name}"] for one in self.kind.fields},
            **{name: said[name] or 0 for name in _NUMBERS},
        )


def _initial(kind: Kind, known: MonitorView | None) -> dict[str, Any]:
    if known is None:
        usual = {name: getattr(kind.usual, name) for name in _NUMBERS}
        return {**usual, **{f"{SET}{one.name}": one.default for one in kind.fields}}
    plain = ("name", "environment", "severity", "version", *_NUMBERS)
    return {
        **{name: getattr(known, name) for name in plain},
        "service_id": known.service.id,
        **{f"{SET}{name}": text for name, text in known.settings.items()},
    }


def _field(one: Field, rows: Mapping[int, str], *, is_kept: bool) -> forms.Field:
    """The field of a form for one setting; a secret that stands is not needed again.

    `rows` are what it may name by its number.
    """
    common: dict[str, Any] = {
        "label": one.label,
        "help_text": one.help,
        "required": one.required and not is_kept,
    }
    if one.type is FieldType.CHOICE:
        return forms.ChoiceField(choices=one.choices, **common)
    if one.type in {FieldType.SOURCE, FieldType.INTEGRATION}:
        return forms.ChoiceField(choices=_numbered(rows, one), **common)
    if one.type is FieldType.LINES:
        widget: forms.Widget = forms.Textarea(attrs=_ROWS)
        return forms.CharField(max_length=MOST_LINES, widget=widget, **common)
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    if one.type is FieldType.SECRET:
        attributes |= {"placeholder": "As it is"} if is_kept else {}
        return forms.CharField(
            max_length=MOST_LINE, widget=forms.PasswordInput(attrs=attributes), **common
        )
    if one.type in _INPUT_MODES:
        attributes["inputmode"] = _INPUT_MODES[one.type]
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(max_length=MOST_LINE, widget=widget, **common)


def _numbered(rows: Mapping[int, str], one: Field) -> Sequence[tuple[str, str]]:
    named = [(str(number), name) for number, name in rows.items()]
    return named if one.required else [("", "None"), *named]
