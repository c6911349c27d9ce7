"""The members of a composite: a line for each indicator, and room for more."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms

from evenfall.slo.logic.checks import MOST_MEMBERS
from evenfall.slo.logic.spec import Member, Method
from evenfall.slo.queries import ObjectiveView

PREFIX: Final = "members"
MORE: Final = 3
_FIRST: Final = 4
_HUNDRED: Final = Decimal(100)


class MemberForm(forms.Form):
    """One indicator of a composite; a line without one is left out."""

    indicator_id = forms.TypedChoiceField(
        label="Indicator", coerce=int, empty_value=None, required=False
    )
    weight = forms.FloatField(
        label="Weight", required=False, initial=1, widget=forms.NumberInput({"step": "any"})
    )
    target = forms.DecimalField(
        label="Own target, percent",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=8,
        decimal_places=5,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        choices: Sequence[tuple[Any, str]],
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator_id"].choices = [("", "None"), *choices]  # type: ignore[attr-defined] # a choice field

    def member(self, method: Method) -> Member | None:
        said = self.cleaned_data
        if said.get("indicator_id") is None:
            return None
        target, weight = said.get("target"), said.get("weight")
        share = None if target is None else float(target / _HUNDRED)
        return Member(
            indicator_id=said["indicator_id"],
            weight=1.0 if weight is None else weight,
            target=None if method.has_slices else share,
            slice_target=share if method is Method.TIMESLICES else None,
        )


class Members:
    """All lines together. Named by Django's rules for sets of forms, so that a page without a
    script sends them.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        choices: Iterable[tuple[Any, str]],
        view: ObjectiveView | None = None,
    ) -> None:
        lines = forms.formset_factory(
            MemberForm, extra=0, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS
        )
        known = _initial(view)
        empty = min(max(_FIRST - len(known), 1), MOST_MEMBERS - len(known))
        if data is not None and f"{PREFIX}-TOTAL_FORMS" not in data:
            data = {**data, f"{PREFIX}-TOTAL_FORMS": "0", f"{PREFIX}-INITIAL_FORMS": "0"}
        self.lines = lines(
            data,
            prefix=PREFIX,
            # what was sent stands for itself: beside what was there an untouched line would be none
            initial=None if data is not None else [*known, *({"weight": 1} for _ in range(empty))],
            form_kwargs={"choices": list(choices)},
        )

    @property
    def has_room(self) -> bool:
        return self.lines.total_form_count() < MOST_MEMBERS

    def problems(self) -> list[str]:
        """What is wrong, each with the number of its line."""
        self.lines.is_valid()
        found = [
            f"Line {number}: {form.fields[name].label or name}: {errors[0]}"
            for number, form in enumerate(self.lines.forms, 1)
            for name, errors in form.errors.items()
        ]
        return [*found, *map(str, self.lines.non_form_errors())]

    def members(self, method: Method) -> tuple[Member, ...]:
        every = (form.member(method) for form in self.lines.forms)
        return tuple(one for one in every if one is not None)


def with_more(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with some lines more."""
    known = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    total = min(int(known) if known.isdecimal() else 0, MOST_MEMBERS)
    more = {f"{PREFIX}-TOTAL_FORMS": str(min(total + MORE, MOST_MEMBERS))}
    return {**data, **more}


def _initial(view: ObjectiveView | None) -> list[dict[str, Any]]:
    return [
        {
            "indicator_id": one.indicator_id,
            "weight": one.weight,
            "target": _percent(one.target if one.slice_target is None else one.slice_target),
        }
        for one in (view.spec.members if view else ())
    ]


def _percent(share: float | None) -> Decimal | None:
    return None if share is None else (Decimal(str(share)) * 100).normalize()
