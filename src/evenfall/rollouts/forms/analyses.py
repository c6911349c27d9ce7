"""Asks what is measured when a version comes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms

from evenfall.rollouts.logic.analysis.settings import MOST_QUERY, NO_OBJECTIVE
from evenfall.rollouts.queries import AnalysisView, BurnObjective, source_names

_KINDS: Final = (
    ("compare", "Compare both sides with a rank test"),
    ("condition", "Check each value of the new side"),
)
_DIRECTIONS: Final = (
    ("increase", "More is worse"),
    ("decrease", "Less is worse"),
    ("either", "Any change is worse"),
)
_NAN: Final = (
    ("remove", "is left out"),
    ("replace", "is zero: nothing was counted"),
)


def _query(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_QUERY,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text=help_text,
    )


def _told(one: BurnObjective) -> str:
    return f"{one.name}, {one.target * 100:.6g} %"


class LimitsForm(forms.Form):
    """The score, and what the fast lanes go by."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pass_at = forms.FloatField(
        label="Passes at",
        min_value=0,
        max_value=100,
        help_text="The score, 0 to 100, that all metrics must reach before it goes on.",
    )
    marginal_at = forms.FloatField(
        label="Marginal from",
        min_value=0,
        max_value=100,
        help_text="A score below this fails at once. Between the two it holds and asks a person.",
    )
    weights = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text="A group and its per cent on each line, such as: errors 60. "
        "Groups without one share the rest.",
    )
    burn_objective = forms.ChoiceField(
        label="Objective",
        required=False,
        help_text="The new side fails where it alone burns the error budget of this objective "
        "14.4 times too fast.",
    )
    burn_target = forms.FloatField(
        label="Another target, per cent",
        required=False,
        min_value=0,
        max_value=99.9999,
        help_text="Such as 99.9. It counts instead of the objective's.",
    )
    sequential = forms.BooleanField(
        label="Sequential test of errors",
        required=False,
        help_text="Compares the error rates of both sides each second.",
    )
    must_pass = forms.BooleanField(
        label="Hold until it has passed",
        required=False,
        help_text="At the usual rates it takes some 300 requests without an error.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        objectives: Sequence[BurnObjective],
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        now = f" (now {_told(objectives[0])})" if objectives else " (it has none of requests yet)"
        choices = [
            ("", f"The strictest of the service{now}"),
            *((one.slug, _told(one)) for one in objectives),
            (NO_OBJECTIVE, "None"),
        ]
        kept = str(self.initial.get("burn_objective", ""))
        if kept not in dict(choices):
            choices.append((kept, f"{kept}, which is gone"))
        self.fields["burn_objective"].choices = choices  # type: ignore[attr-defined] # a choice field

    @staticmethod
    def initial_of(known: AnalysisView) -> dict[str, Any]:
        said = known.settings
        return {
            "version": known.version,
            "pass_at": said.limits.pass_at,
            "marginal_at": said.limits.marginal_at,
            "weights": "\n".join(f"{name} {one:g}" for name, one in said.limits.weights.items()),
            "burn_objective": said.objective,
            "burn_target": round(said.burn.target * 100, 6) if said.burn else None,
            "sequential": said.sequential is not None,
            "must_pass": said.sequential is not None and said.sequential.must_pass,
        }

    def clean_weights(self) -> dict[str, float]:
        found = dict[str, float]()
        for line in self.cleaned_data["weights"].splitlines():
            name, _, share = line.rstrip("% ").strip().rpartition(" ")
            try:
                if line.strip():
                    found[name.strip()] = float(share)
            except ValueError as error:
                reason = "Write a group and a number on each line, such as: errors 60"
                raise forms.ValidationError(reason) from error
        return found

    def said(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The document that is kept, with what was said here in its place."""
        data = self.cleaned_data
        target, test = data["burn_target"], kept["sequential"] or {}
        return {
            **kept,
            "pass_at": data["pass_at"],
            "marginal_at": data["marginal_at"],
            "weights": data["weights"],
            "burn_target": None if target is None else round(target / 100, 8),
            "burn_objective": data["burn_objective"],
            "burn_name": "",
            "sequential": (
                {**test, "must_pass": data["must_pass"]} if data["sequential"] else None
            ),
        }


class MetricForm(forms.Form):
    """One metric; what it leaves out has its default."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=_KINDS, label="What to do with it")
    source = forms.TypedChoiceField(coerce=int, label="Where to ask")
    query = _query(
        "Query",
        "One value for one side. $service, $version, $slot, $side, $environment and $window "
        "stand for those of the side that is asked.",
    )
    stable_query = _query("Another query for the stable side", "Empty for the same one.")
    interval = forms.IntegerField(
        min_value=1, max_value=86_400, help_text="Seconds from one value to the next."
    )
    window = forms.IntegerField(
        min_value=1,
        max_value=86_400,
        help_text="Seconds that $window stands for. Where it is longer than the interval, values "
        "that overlap are not compared.",
    )
    delay = forms.IntegerField(
        min_value=0, max_value=86_400, help_text="Seconds before the first value."
    )
    groups = forms.CharField(
        required=False, max_length=300, help_text="Groups of the score, with commas between them."
    )
    dry_run = forms.BooleanField(
        label="Dry run", required=False, help_text="Measured and shown; decides nothing."
    )
    direction = forms.ChoiceField(choices=_DIRECTIONS, label="What is worse")
    samples = forms.IntegerField(
        min_value=2,
        max_value=10_000,
        label="Values of each side",
        help_text="With fewer it says nothing, and nothing goes on.",
    )
    increase = forms.FloatField(
        required=False,
        min_value=0,
        label="Allowed ratio upwards",
        help_text="New mean divided by stable mean, such as 1.1. Empty: any real change counts.",
    )
    decrease = forms.FloatField(
        required=False, min_value=0, label="Allowed ratio downwards", help_text="Such as 0.9."
    )
    critical = forms.BooleanField(
        required=False, help_text="If it fails, the score is 0 and all of it fails."
    )
    must_have_data = forms.BooleanField(
        label="No data fails", required=False, help_text="Otherwise no data holds and asks."
    )
    nan = forms.ChoiceField(choices=_NAN, label="No value in a series")
    success = forms.CharField(
        required=False, max_length=60, help_text="For checked values, such as < 5 % or >= 99.9."
    )
    failure = forms.CharField(
        required=False,
        max_length=60,
        help_text="With both, what is neither of them is inconclusive.",
    )
    failure_limit = forms.IntegerField(
        min_value=-1, max_value=100_000, label="Failures that may be", help_text="-1: any number."
    )
    count = forms.IntegerField(
        min_value=0, max_value=100_000, help_text="Values to check; 0 until the rollout is over."
    )

    PLAIN: ClassVar[Mapping[str, Any]] = {
        "kind": "compare",
        "source": 0,
        "interval": 10,
        "window": 10,
        "delay": 0,
        "direction": "increase",
        "samples": 50,
        "nan": "remove",
        "failure_limit": 0,
        "count": 0,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        own = (0, "The traffic port's own count of errors")
        choices = [own, *((number, name) for number, name in source_names().items())]
        self.fields["source"].choices = choices  # type: ignore[attr-defined] # a choice field

    @classmethod
    def initial_of(cls, said: Mapping[str, Any], version: int) -> dict[str, Any]:
        groups = ", ".join(said.get("groups", ()))
        window = {"window": said.get("window", said.get("interval", 10))}
        return {**cls.PLAIN, **said, **window, "groups": groups, "version": version}

    def said(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The metric as a document; what is not asked here stays as it is kept."""
        data = dict(self.cleaned_data)
        data.pop("version")
        groups = [one.strip() for one in data["groups"].split(",") if one.strip()]
        return {**kept, **data, "groups": groups or [""]}
