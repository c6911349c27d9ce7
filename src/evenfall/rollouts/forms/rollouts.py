"""The forms of rollouts: start one, and where a service runs, made of what its ports ask for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField

from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.rollouts.actions import TargetWish
from evenfall.rollouts.ports import Deployer, FieldType, StepField, TrafficPort
from evenfall.rollouts.queries import TargetView

_ROWS: Final = {"rows": 4, "spellcheck": "false", "class": "mono"}
_PLAN: Final[Mapping[str, Any]] = {
    "strategy": "canary",
    "steps": [
        {"setWeight": 5},
        {"pause": {"duration": "5m"}},
        {"setWeight": 50},
        {"pause": {"duration": "10m"}},
    ],
    "guard": {"most_percent": 5, "window": 30, "least": 20, "least_errors": 3},
    "watch": "4h",
}


class StartRolloutForm(forms.Form):
    """Asks for a version."""

    version = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="As the deploy knows it, such as 2.4.1 or the name of an image.",
    )
    is_irreversible = forms.BooleanField(
        label="It holds a migration that cannot be taken back",
        required=False,
        help_text="Then a failure freezes the traffic and calls people; nothing goes back alone.",
    )
    ends_watch = forms.BooleanField(
        label="End the watch that is going on",
        required=False,
        help_text="What is watched is called proven now. Its old side is where this version goes, "
        "so the way back to what was there before needs a deploy from then on.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        is_watching: bool,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_watching:
            del self.fields["ends_watch"]


class KindsForm(forms.Form):
    """Asks what leads the traffic and what deploys, before the rest is asked."""

    traffic = forms.ChoiceField(label="What leads the traffic")
    deploy = forms.ChoiceField(label="What deploys a version")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        ports: Sequence[TrafficPort],
        deployers: Sequence[Deployer],
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["traffic"].choices = [(one.name, one.label) for one in ports]  # type: ignore[attr-defined] # a choice field
        self.fields["deploy"].choices = [(one.name, one.label) for one in deployers]  # type: ignore[attr-defined] # a choice field
        self.initial.setdefault("deploy", "none")


class TargetForm(forms.Form):
    """Asks where a service runs. `service` is asked for a new one only."""

    service = forms.ChoiceField()
    environment = forms.ChoiceField(choices=[(one.value, one.value) for one in Environment])
    stable_side = forms.ChoiceField(
        label="Stable now", choices=[("blue", "The blue side"), ("green", "The green side")]
    )
    blue_version = forms.CharField(label="Version on blue", max_length=120, required=False)
    green_version = forms.CharField(label="Version on green", max_length=120, required=False)
    plan = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={**_ROWS, "rows": 14}),
        help_text="JSON: strategy, steps, guard, watch. The how-to lists all words.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        port: TrafficPort,
        deployer: Deployer,
        services: Sequence[ServiceView],
        target: TargetView | None,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.port, self.deployer = port, deployer
        self.initial = {**_initial(port, deployer, target), **self.initial}
        kept = target.secret_names if target else frozenset()
        for prefix, kind in (("traffic", port), ("deploy", deployer)):
            for one in kind.fields:
                name = f"{prefix}_{one.name}"
                self.fields[name] = _field(one, is_kept=name in kept)
        if target is not None:
            del self.fields["service"]
        else:
            choices = [(str(one.id), one.name) for one in services]
            self.fields["service"].choices = choices  # type: ignore[attr-defined] # a choice field

    def clean_plan(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["plan"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(f"This is no JSON: {error}.") from error
        if not isinstance(found, dict):
            raise forms.ValidationError("A plan is a JSON object.")
        return found

    def traffic_fields(self) -> list[BoundField]:
        return [self[f"traffic_{one.name}"] for one in self.port.fields]

    def deploy_fields(self) -> list[BoundField]:
        return [self[f"deploy_{one.name}"] for one in self.deployer.fields]

    def wish(self) -> TargetWish:
        said = self.cleaned_data
        return TargetWish(
            environment=said["environment"],
            traffic_kind=self.port.name,
            traffic={one.name: said[f"traffic_{one.name}"] for one in self.port.fields},
            deploy_kind=self.deployer.name,
            deploy={one.name: said[f"deploy_{one.name}"] for one in self.deployer.fields},
            plan=said["plan"],
            stable_side=said["stable_side"],
            blue_version=said["blue_version"],
            green_version=said["green_version"],
        )


def _initial(port: TrafficPort, deployer: Deployer, target: TargetView | None) -> dict[str, Any]:
    kinds = (("traffic", port), ("deploy", deployer))
    found = {f"{prefix}_{one.name}": one.default for prefix, kind in kinds for one in kind.fields}
    if target is None:
        return {**found, "environment": "PROD", "plan": plan_text(_PLAN)}
    names = ("environment", "stable_side", "blue_version", "green_version")
    return {
        **found,
        **{name: getattr(target, name) for name in names},
        **{f"traffic_{name}": text for name, text in target.traffic.items()},
        **{f"deploy_{name}": text for name, text in target.deploy.items()},
        "plan": plan_text(_plain(target)),
    }


def plan_text(plan: Mapping[str, Any]) -> str:
    """A plan as people would write it: JSON with a step on each line."""
    said = [f"  {json.dumps(word)}: {_in_lines(value)}" for word, value in plan.items()]
    return "{\n" + ",\n".join(said) + "\n}"


def _in_lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n" + ",\n".join(f"    {json.dumps(one)}" for one in value) + "\n  ]"


_ORDER: Final = ("strategy", "steps", "baseline", "guard", "watch", "warm", "patience", "deadline")


def _plain(target: TargetView) -> dict[str, Any]:
    """A plan as it can be written again: blue/green with the steps it was made into."""
    plan = {word: target.said_plan[word] for word in _ORDER if word in target.said_plan}
    if plan.get("strategy") == "blue_green":
        steps = {word: value for step in plan.pop("steps") for word, value in step.items()}
        return _with_lengths({**plan, **_blue_green(steps)})
    return _with_lengths(plan)


_LENGTHS: Final = frozenset(
    {"watch", "warm", "patience", "deadline", "window", "duration", "autoPromotionSeconds"}
)


def _with_lengths(said: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds with their unit, as in "5m", however deep they are."""
    return {
        word: _length(value) if word in _LENGTHS else _deeper(value) for word, value in said.items()
    }


def _deeper(value: object) -> object:
    if isinstance(value, list):
        return [_deeper(one) for one in value]
    return _with_lengths(value) if isinstance(value, Mapping) else value


def _length(seconds: object) -> object:
    if not isinstance(seconds, int) or not seconds:
        return seconds
    whole = ((3600, "h"), (60, "m"), (1, "s"))
    return next(f"{seconds // size}{unit}" for size, unit in whole if seconds % size == 0)


def _blue_green(steps: Mapping[str, Any]) -> dict[str, Any]:
    pause = steps.get("pause")
    found = {
        "preview": steps.get("setHeaderRoute"),
        "prePromotionAnalysis": steps.get("analysis"),
        "autoPromotionSeconds": pause.get("duration") if pause else None,
    }
    said = {word: value for word, value in found.items() if value}
    return said | ({"autoPromotion": False} if pause == {} else {})


def _field(one: StepField, *, is_kept: bool) -> forms.Field:
    """The field of a form for one setting; a secret that stands is not needed again."""
    common: dict[str, Any] = {
        "label": one.label,
        "help_text": one.help,
        "required": one.required and not is_kept,
    }
    if one.type is FieldType.CHOICE:
        return forms.ChoiceField(choices=one.choices, **common)
    if one.type in {FieldType.LINES, FieldType.JSON}:
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs=_ROWS), **common)
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    if one.type is FieldType.SECRET:
        attributes |= {"placeholder": "As it is"} if is_kept else {}
        widget: forms.Widget = forms.PasswordInput(attrs=attributes)
        return forms.CharField(max_length=20_000, widget=widget, **common)
    return forms.CharField(max_length=2_000, widget=forms.TextInput(attrs=attributes), **common)
