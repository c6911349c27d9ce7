"""A whole objective as a form, and what it shows of one that is there."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, override

from django import forms
from msgspec.structs import replace

from evenfall.catalog.ports import Environment
from evenfall.slo.actions import IndicatorWish, ObjectiveWish
from evenfall.slo.errors import ObjectiveUnclear
from evenfall.slo.forms.members import Members
from evenfall.slo.logic.openslo.durations import parse
from evenfall.slo.logic.pairs import Scaling
from evenfall.slo.logic.spec import (
    SLICES,
    AlertRules,
    IndicatorSpec,
    LowTraffic,
    Measure,
    Member,
    Method,
    NoData,
    ObjectiveSpec,
    Op,
    Origin,
    Policy,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.queries import IndicatorView, ObjectiveView

_HUNDRED: Final = Decimal(100)
SEVERAL: Final = "several"
_PUSHED: Final = "pushed"
_MONITORS: Final = "monitors"
_MEASURES: Final = [
    (Measure.GOOD.value, "Good events of all events"),
    (Measure.BAD.value, "Bad events of all events"),
    (Measure.SUCCESS.value, "A ratio of what went well, from 0 to 1"),
    (Measure.FAILURE.value, "A ratio of what went wrong, from 0 to 1"),
    (Measure.THRESHOLD.value, "A value that stays on one side of a limit"),
    (_MONITORS, "The looks of monitors"),
    (_PUSHED, "Counts that we send to the API"),
]
_METHODS: Final = [
    (Method.OCCURRENCES.value, "Events: each one counts"),
    (Method.TIMESLICES.value, "Slices of time: each is good or bad"),
    (Method.RATIO_TIMESLICES.value, "Slices of time: the mean of their ratios"),
]
_NO_DATA: Final = [
    (NoData.SKIP.value, "not at all"),
    (NoData.GOOD.value, "as good"),
    (NoData.BAD.value, "as bad"),
]
_SCALING: Final = [
    (Scaling.FIXED.value, "as they are: noticed as soon as ever"),
    (Scaling.WINDOWS.value, "stretched with the window"),
    (Scaling.BUDGET.value, "for the same share of the budget"),
]
_OPS: Final = [
    (Op.LTE.value, "at most"),
    (Op.LT.value, "below"),
    (Op.GTE.value, "at least"),
    (Op.GT.value, "above"),
]


def _one_or_several(said: str) -> int | str:
    return SEVERAL if said == SEVERAL else int(said)


def _query(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=10_000,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
    )


class ObjectiveForm(forms.Form):
    """A whole objective. Fields are named as the rules name what is wrong with them."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=120, help_text="What people do, such as “Orders go through”.")
    service_id = forms.TypedChoiceField(label="Service", coerce=int)
    environment = forms.ChoiceField(choices=[(one.value, one.value) for one in Environment])
    description = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    indicator_id = forms.TypedChoiceField(
        label="What is measured", coerce=_one_or_several, empty_value=None, required=False
    )
    members = forms.CharField(required=False, widget=forms.HiddenInput)
    measure = forms.ChoiceField(label="How", choices=_MEASURES)
    source_id = forms.TypedChoiceField(
        label="Metric source", coerce=int, empty_value=None, required=False
    )
    monitor_ids = forms.TypedMultipleChoiceField(
        label="Monitors",
        coerce=int,
        required=False,
        help_text="Each of their looks is an event; one that is unknown counts in neither.",
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    query = _query(
        "Query",
        "Of the good or bad events, of the ratio or the value. $service and $environment are "
        "filled in.",
    )
    total = _query("Query of all events", "Only for events.")
    is_counter = forms.BooleanField(
        label="These are counters: only their names are written, without rate() or increase()",
        required=False,
        initial=True,
    )
    op = forms.ChoiceField(label="Good while the value is", choices=_OPS)
    limit = forms.FloatField(required=False, initial=0)
    target = forms.DecimalField(
        label="Target, percent",
        min_value=0,
        max_digits=8,
        decimal_places=5,
        initial=Decimal("99.9"),
        help_text="How much has to be good. 99.9 % over 28 days leaves 40 minutes of outage.",
    )
    window = forms.CharField(
        label="Over",
        max_length=8,
        initial="28d",
        help_text="Such as 28d, 12w, 12h; 1M is a month, 1Q a quarter.",
    )
    zone = forms.CharField(
        label="Time zone of the calendar",
        max_length=64,
        required=False,
        help_text="A time zone such as Europe/Vienna. Empty: the window rolls along.",
    )
    starts = forms.DateTimeField(
        label="A window begins",
        required=False,
        help_text="On the wall of that zone. Only for the calendar.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    method = forms.ChoiceField(label="The budget counts", choices=_METHODS)
    slice_minutes = forms.TypedChoiceField(
        label="Minutes of a slice", coerce=int, choices=[(one, str(one)) for one in SLICES]
    )
    slice_target = forms.DecimalField(
        label="A slice is good from, percent",
        min_value=0,
        max_value=100,
        max_digits=8,
        decimal_places=5,
        initial=Decimal(100),
    )
    no_data = forms.ChoiceField(label="A slice without data counts", choices=_NO_DATA)
    is_on = forms.BooleanField(label="Alert when it burns too fast", required=False, initial=True)
    absent = forms.BooleanField(label="Alert when no data comes", required=False, initial=True)
    exhausted = forms.BooleanField(
        label="Alert when the budget is used up", required=False, initial=True
    )
    scaling = forms.ChoiceField(label="Windows of alerts", choices=_SCALING)
    least_total = forms.IntegerField(
        label="Least events in a window", min_value=0, initial=0, max_value=10**9
    )
    least_bad = forms.IntegerField(
        label="Least bad events in a window", min_value=0, initial=3, max_value=10**9
    )
    budget_share = forms.BooleanField(
        label="Weigh errors by the traffic of the whole window",
        required=False,
        help_text="A few errors at night do not page then.",
    )
    exact = forms.BooleanField(
        label="Only where chance alone is unlikely (binomial test, 5 %)", required=False
    )
    warn_below = forms.IntegerField(
        label="Warn below, percent of the budget", min_value=0, max_value=100, initial=25
    )
    thaw_from = forms.IntegerField(
        label="Thaw again from, percent of the budget", min_value=0, max_value=100, initial=10
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Iterable[tuple[int, str]],
        sources: Iterable[tuple[int, str]],
        indicators: Iterable[IndicatorView],
        monitors: Iterable[tuple[int, str]],
        view: ObjectiveView | None = None,
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.id, f"{one.name} ({one.service.name})") for one in indicators]
        _offer(self, "service_id", list(services))
        _offer(self, "source_id", [("", "Choose one"), *sources])
        _offer(self, "monitor_ids", list(monitors))
        new = [("", "Something new"), (SEVERAL, "Several indicators together")]
        _offer(self, "indicator_id", [*new, *known])
        self.lines = Members(self.data if self.is_bound else None, choices=known, view=view)

    @property
    def is_composite(self) -> bool:
        return bool(self.cleaned_data.get("indicator_id") == SEVERAL)

    @override
    def clean(self) -> dict[str, Any]:
        if self.is_composite:
            for problem in self.lines.problems():
                self.add_error("members", problem)
        return self.cleaned_data

    def wish(self, old: ObjectiveView | None = None) -> ObjectiveWish:
        """What was filled in.

        Raises ObjectiveUnclear for a window that cannot be read.
        """
        return ObjectiveWish(
            spec=self.spec(old),
            indicator=None if self._is_known else self._indicator_wish(),
            labels=dict(old.labels) if old else {},
        )

    def spec(self, old: ObjectiveView | None = None) -> ObjectiveSpec:
        said = self.cleaned_data
        return ObjectiveSpec(
            name=said["name"],
            service_id=said["service_id"],
            promise=self._promise(),
            indicator_id=None if self.is_composite else said["indicator_id"],
            members=self._members(),
            description=said["description"],
            environment=said["environment"],
            alerts=self._alerts(old),
            policy=Policy(warn_below=said["warn_below"] / 100, thaw_from=said["thaw_from"] / 100),
        )

    def _members(self) -> tuple[Member, ...]:
        """Raises ObjectiveUnclear for a composite of nothing."""
        if not self.is_composite:
            return ()
        found = self.lines.members(Method(self.cleaned_data["method"]))
        if not found:
            reason = "Choose the indicators that are measured together."
            raise ObjectiveUnclear(field="members", reason=reason)
        return found

    def indicator(self) -> IndicatorSpec | None:
        """The new indicator; None where one that is known was chosen."""
        return None if self._is_known else self._indicator_spec()

    @property
    def _is_known(self) -> bool:
        return self.cleaned_data["indicator_id"] is not None

    def _indicator_spec(self) -> IndicatorSpec:
        said = self.cleaned_data
        if said["measure"] == _PUSHED:
            return IndicatorSpec(origin=Origin.PUSHED)
        if said["measure"] == _MONITORS:
            return IndicatorSpec(origin=Origin.MONITORS, monitor_ids=tuple(said["monitor_ids"]))
        measure = Measure(said["measure"])
        return IndicatorSpec(
            measure=measure,
            source_id=said["source_id"],
            query=said["query"].strip(),
            total=said["total"].strip() if measure.has_total else "",
            is_counter=said["is_counter"] and measure.has_total,
            op=Op(said["op"]),
            limit=said["limit"] or 0.0,
        )

    def _indicator_wish(self) -> IndicatorWish:
        said = self.cleaned_data
        return IndicatorWish(
            name=said["name"],
            service_id=said["service_id"],
            spec=self._indicator_spec(),
            environment=Environment(said["environment"]),
        )

    def _promise(self) -> Promise:
        said = self.cleaned_data
        method = Method(said["method"])
        return Promise(
            target=float(said["target"] / _HUNDRED),
            window=self._window(),
            method=method,
            slice_target=(
                float(said["slice_target"] / _HUNDRED) if method is Method.TIMESLICES else 1.0
            ),
            slice_minutes=said["slice_minutes"] if method.has_slices else 1,
            no_data=NoData(said["no_data"]),
        )

    def _window(self) -> Window:
        said = self.cleaned_data
        found = parse(said["window"])
        if found is None:
            raise ObjectiveUnclear(field="window", reason="Write such as 28d, or 1M for a month.")
        starts: datetime | None = said["starts"]
        return Window(
            span=Span(found.count, Unit(found.unit.value)),
            zone=said["zone"].strip(),
            starts=starts.replace(tzinfo=None) if starts else None,
        )

    def _alerts(self, old: ObjectiveView | None) -> AlertRules:
        said = self.cleaned_data
        return replace(
            old.spec.alerts if old else AlertRules(),
            is_on=said["is_on"],
            scaling=Scaling(said["scaling"]),
            absent=said["absent"],
            exhausted=said["exhausted"],
            low_traffic=LowTraffic(
                least_total=said["least_total"],
                least_bad=said["least_bad"],
                budget_share=said["budget_share"],
                exact=said["exact"],
            ),
        )


def initial_of(view: ObjectiveView) -> dict[str, Any]:
    """What the form shows of an objective that is there."""
    spec, promise = view.spec, view.spec.promise
    rules, few = spec.alerts, spec.alerts.low_traffic
    return {
        "version": view.version,
        "name": spec.name,
        "service_id": spec.service_id,
        "environment": spec.environment,
        "description": spec.description,
        "indicator_id": SEVERAL if spec.is_composite else spec.indicator_id,
        "target": _percent(promise.target),
        "window": str(promise.window.span),
        "zone": promise.window.zone,
        "starts": promise.window.starts,
        "method": promise.method.value,
        "slice_minutes": promise.slice_minutes,
        "slice_target": _percent(promise.slice_target),
        "no_data": promise.no_data.value,
        "is_on": rules.is_on,
        "absent": rules.absent,
        "exhausted": rules.exhausted,
        "scaling": rules.scaling.value,
        "least_total": few.least_total,
        "least_bad": few.least_bad,
        "budget_share": few.budget_share,
        "exact": few.exact,
        "warn_below": round(spec.policy.warn_below * 100),
        "thaw_from": round(spec.policy.thaw_from * 100),
    }


def _percent(share: float) -> Decimal:
    return (Decimal(str(share)) * 100).normalize()


def _offer(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field
