"""The forms of steps: one for each kind, made of what it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField

from evenfall.runbooks.actions import StepWish
from evenfall.runbooks.actions.checking import HTTP_TEST
from evenfall.runbooks.logic.expecting import WORDS
from evenfall.runbooks.logic.parameters import Parameter, ParameterType
from evenfall.runbooks.ports import FieldType, StepField, StepKind
from evenfall.runbooks.queries import StepView, parameters_asked

SET: Final = "set_"
TEST: Final = "test_"
_ROWS: Final = {"rows": 4, "spellcheck": "false", "class": "code"}
_TEST_HELP: Final = {
    "url": "Asked with GET after the step, again and again until it answers as expected.",
    "status": "Such as 200, 204 or 200-299.",
    "text": "Must stand in the answer.",
    "path": "Such as data.replicas[0].ready",
    "authorization": "Stored encrypted. Give it again when the address changes.",
}


class StepForm(forms.Form):
    """Asks for one step of a kind. `name` is asked for only once: the document holds it."""

    title = forms.CharField(max_length=120, help_text="What it does, such as “Restart the till”.")
    name = forms.CharField(
        max_length=40, help_text="For the text: small letters, digits and underscores."
    )
    approval = forms.ChoiceField(
        label="Approval by a second person",
        choices=(("never", "Not needed"), ("prod", "In production"), ("always", "Always")),
        help_text="Who asks for a step may not approve it.",
    )
    time_limit_s = forms.IntegerField(label="Time limit, in seconds", min_value=1, initial=60)
    test_kind = forms.ChoiceField(
        label="Success test", help_text="A step that does not pass it has failed."
    )
    test_window_s = forms.IntegerField(
        label="Must hold within, in seconds", min_value=0, initial=60, required=False
    )
    test_every_s = forms.IntegerField(
        label="Asked every, in seconds", min_value=1, initial=5, required=False
    )
    undo_on_failure = forms.BooleanField(
        label="Undo it when the run fails", required=False, initial=True
    )
    cool_down_s = forms.IntegerField(
        label="Cool-down, in seconds",
        min_value=0,
        initial=0,
        required=False,
        help_text="Between two starts for the same service.",
    )
    most_per_hour = forms.IntegerField(label="At most in an hour", min_value=1, required=False)
    most_per_day = forms.IntegerField(
        label="At most in a day", min_value=1, required=False, help_text="Over all incidents."
    )

    def __init__(self, *args: Any, kind: StepKind, step: StepView | None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.initial = _initial(kind, step)
        self.kind = kind
        kept = step.secret_names if step else ()
        for one in kind.fields:
            self.fields[f"{SET}{one.name}"] = _field(one, is_kept=one.name in kept)
        for one in HTTP_TEST:
            field = _field(one, is_kept=f"test:{one.name}" in kept)
            field.required, field.help_text = False, _TEST_HELP.get(one.name, "")
            self.fields[f"{TEST}{one.name}"] = field
        self.fields["test_compare"].choices = [(one.value, WORDS[one]) for one in WORDS]  # type: ignore[attr-defined] # a choice field
        self._tests()
        if step is not None:
            del self.fields["name"]

    def kind_fields(self) -> list[BoundField]:
        """What the kind asks for."""
        return [self[f"{SET}{one.name}"] for one in self.kind.fields]

    def wish(self, name: str) -> StepWish:
        said = self.cleaned_data
        test_kind = said["test_kind"]
        names = [one.name for one in HTTP_TEST] if test_kind == "http" else []
        names += ["condition"] if test_kind == "condition" else []
        return StepWish(
            name=name or said["name"],
            title=said["title"],
            kind=self.kind.name,
            settings={one.name: said[f"{SET}{one.name}"] for one in self.kind.fields},
            approval=said["approval"],
            time_limit_s=said["time_limit_s"],
            test_kind=test_kind,
            test={one: said[f"{TEST}{one}"] for one in names},
            test_window_s=60 if said["test_window_s"] is None else said["test_window_s"],
            test_every_s=said["test_every_s"] or 5,
            undo_on_failure=said["undo_on_failure"],
            cool_down_s=said["cool_down_s"] or 0,
            most_per_hour=said["most_per_hour"],
            most_per_day=said["most_per_day"],
        )

    def _tests(self) -> None:
        """Offer the tests that there are: conditions only where the kind has some."""
        choices = [("none", "None: done when it answers"), ("http", "Ask an address")]
        if self.kind.conditions:
            choices.append(("condition", "A condition of the target"))
            self.fields["test_condition"] = forms.ChoiceField(
                label="Condition", choices=list(self.kind.conditions), required=False
            )
        self.fields["test_kind"].choices = choices  # type: ignore[attr-defined] # a choice field


class ParameterForm(forms.Form):
    """Asks for what is asked when steps are started."""

    name = forms.CharField(
        max_length=40, help_text="Stands in settings as {{name}}. Small letters and underscores."
    )
    label = forms.CharField(
        max_length=120, required=False, help_text="What people are asked. Empty: the name."
    )
    type = forms.ChoiceField(
        choices=(
            (ParameterType.WORD, "A word: letters, digits, dots, dashes"),
            (ParameterType.TEXT, "A line of text"),
            (ParameterType.NUMBER, "A whole number"),
            (ParameterType.CHOICE, "One of a list"),
        )
    )
    is_required = forms.BooleanField(label="It is needed", required=False, initial=True)
    default = forms.CharField(label="When nothing is given", max_length=500, required=False)
    choices = forms.CharField(
        label="The list",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line.",
    )
    lowest = forms.IntegerField(label="Lowest number", required=False)
    highest = forms.IntegerField(label="Highest number", required=False)

    def __init__(self, *args: Any, parameter: Parameter | None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.initial = _parameter_initial(parameter)
        if parameter is not None:
            del self.fields["name"]

    def parameter(self, name: str) -> Parameter:
        said = self.cleaned_data
        choices = (line.strip() for line in said["choices"].splitlines())
        return Parameter(
            name=name or said["name"],
            label=said["label"],
            type=ParameterType(said["type"]),
            is_required=said["is_required"],
            default=said["default"].strip(),
            choices=tuple(one for one in choices if one),
            lowest=_bounded(said["lowest"]),
            highest=_bounded(said["highest"]),
        )


class StartForm(forms.Form):
    """Asks which steps to run, and for the values of their parameters."""

    steps = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose a step."}
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        steps: Sequence[StepView],
        parameters: Sequence[Parameter],
        known: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = parameters
        self.fields["steps"].choices = [(one.name, one.title) for one in steps]  # type: ignore[attr-defined] # a choice field
        self.initial.setdefault("steps", [one.name for one in steps])
        for one in parameters:
            self.fields[f"{SET}{one.name}"] = _asked(one, known.get(one.name, ""))
        if self.is_bound:
            chosen = self.fields["steps"].widget.value_from_datadict(self.data, {}, "steps") or ()
            self._ask_less([one for one in steps if one.name in chosen])

    def _ask_less(self, chosen: Sequence[StepView]) -> None:
        """What no chosen step asks for is not needed."""
        needed = {one.name for one in parameters_asked(chosen, self.asked)}
        for one in self.asked:
            if one.name not in needed:
                self.fields[f"{SET}{one.name}"].required = False

    def parameter_fields(self) -> list[BoundField]:
        return [self[f"{SET}{one.name}"] for one in self.asked]

    def values(self) -> dict[str, str]:
        return {one.name: self.cleaned_data[f"{SET}{one.name}"] for one in self.asked}


def _field(one: StepField, *, is_kept: bool) -> forms.Field:
    """The field of a form for one setting; a secret that stands is not needed again."""
    common: dict[str, Any] = {
        "label": one.label,
        "help_text": one.help,
        "required": one.required and not is_kept,
    }
    if one.type is FieldType.CHOICE:
        empty = [] if one.required or one.default else [("", "—")]
        return forms.ChoiceField(choices=[*empty, *one.choices], **common)
    if one.type in {FieldType.LINES, FieldType.JSON}:
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs=_ROWS), **common)
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    if one.type is FieldType.SECRET:
        attributes |= {"placeholder": "As it is"} if is_kept else {}
        widget: forms.Widget = forms.PasswordInput(attrs=attributes)
        return forms.CharField(max_length=2_000, widget=widget, **common)
    attributes |= {"inputmode": "url"} if one.type is FieldType.URL else {}
    return forms.CharField(max_length=2_000, widget=forms.TextInput(attrs=attributes), **common)


def _asked(one: Parameter, known: str) -> forms.Field:
    initial = known or one.default
    common: dict[str, Any] = {
        "label": one.label or one.name.replace("_", " ").capitalize(),
        "required": one.is_required,
    }
    if one.type is ParameterType.CHOICE:
        empty = [] if one.is_required else [("", "None")]
        choices = [*empty, *((value, value) for value in one.choices)]
        return forms.ChoiceField(choices=choices, initial=initial, **common)
    attributes = {"inputmode": "numeric"} if one.type is ParameterType.NUMBER else {}
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(max_length=500, initial=initial, widget=widget, **common)


def _initial(kind: StepKind, step: StepView | None) -> dict[str, Any]:
    if step is None:
        found = {f"{SET}{one.name}": one.default for one in kind.fields}
        return {**found, **{f"{TEST}{one.name}": one.default for one in HTTP_TEST}}
    plain = ("title", "approval", "time_limit_s", "test_kind", "test_window_s", "test_every_s")
    limits = ("undo_on_failure", "cool_down_s", "most_per_hour", "most_per_day")
    return {
        **{name: getattr(step, name) for name in (*plain, *limits)},
        **{f"{SET}{name}": text for name, text in step.settings.items()},
        **{f"{TEST}{one.name}": one.default for one in HTTP_TEST},
        **{f"{TEST}{name}": text for name, text in step.test.items()},
    }


def _parameter_initial(one: Parameter | None) -> dict[str, Any]:
    if one is None:
        return {}
    names = ("label", "type", "is_required", "default", "lowest", "highest")
    return {**{name: getattr(one, name) for name in names}, "choices": "\n".join(one.choices)}


def _bounded(number: int | None) -> int | None:
    """What fits the column: nobody asks for more than fifteen digits."""
    return None if number is None else max(-(10**15), min(10**15, number))
