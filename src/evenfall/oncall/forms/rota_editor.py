"""The whole form of a rota of any shape: one form for the rota, one for each layer and row."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from msgspec import Struct

from evenfall.oncall.forms.rota_trees import NO_HOURS, spare_places
from evenfall.oncall.forms.rotas import (
    Choosable,
    HoursForm,
    LayerForm,
    MemberForm,
    RotaForm,
)
from evenfall.oncall.forms.rows import Shape, Tree, rearrange, tree_of
from evenfall.oncall.logic.layers import begins_at
from evenfall.oncall.logic.spec import PlanSpec
from evenfall.oncall.logic.week_hours import as_windows
from evenfall.oncall.ports import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    Role,
    WeeklyWindow,
)
from evenfall.platform.errors import DomainError, Invalid

SHAPE: Shape = {"coverage": {}, "layers": {"members": {}, "hours": {}}}


class LayerEditor(Struct, frozen=True, kw_only=True):
    form: LayerForm
    members: list[MemberForm]
    hours: list[HoursForm]

    def forms(self) -> list[LayerForm | MemberForm | HoursForm]:
        return [self.form, *self.members, *self.hours]

    @property
    def hours_path(self) -> str:
        """Where the hours are in the tree, for the buttons."""
        return f"{self.form.prefix}-hours".replace("-", ".")

    @property
    def role(self) -> Role:
        return Role(self.form.cleaned_data["role"])

    def spec(self) -> LayerSpec:
        """Must be valid."""
        slots = (member.slot() for member in self.members)
        return LayerSpec(
            name=" ".join(self.form.cleaned_data["name"].split()),
            zone=ZoneInfo(self.form.cleaned_data["zone"]),
            pattern=self.form.pattern,
            members=tuple(slot for slot in slots if slot),
            windows=_windows(self.hours),
        )


class RotaEditor:
    """`rota`, `coverage` and `layers` are its forms; a later layer wins over an earlier one."""

    def __init__(
        self, rota: RotaForm, coverage: Sequence[HoursForm], layers: Sequence[LayerEditor]
    ) -> None:
        self.rota = rota
        self.coverage = list(coverage)
        self.layers = list(layers)

    @classmethod
    def of(cls, initial: Tree, offered: Choosable) -> "RotaEditor":
        """Show the values of a tree; nothing is judged."""
        coverage = [
            HoursForm(initial=row, prefix=f"coverage-{n}") for n, row in _rows(initial, "coverage")
        ]
        layers = [_shown_layer(row, f"layers-{n}", offered) for n, row in _rows(initial, "layers")]
        return cls(RotaForm(initial=initial, offered=offered), coverage, layers)

    @classmethod
    def posted(cls, data: QueryDict, offered: Choosable) -> "RotaEditor":
        tree = tree_of(data, SHAPE)
        return cls(
            RotaForm(data, offered=offered),
            [HoursForm(data, prefix=f"coverage-{n}") for n, _ in _rows(tree, "coverage")],
            [_posted_layer(data, row, f"layers-{n}", offered) for n, row in _rows(tree, "layers")],
        )

    @classmethod
    def rearranged(cls, data: QueryDict, offered: Choosable, wish: str) -> "RotaEditor":
        """Show what was filled in with a row more, less or elsewhere; nothing is judged yet."""
        tree = tree_of(data, SHAPE)
        last = tree["layers"][-1] if tree["layers"] else tree
        layer = {name: last.get(name, "") for name in ("zone", "starts_on", "hands_over_at")}
        places = {"members": spare_places(), "hours": []}
        fresh = {
            "layers": [{**layer, "name": f"Layer {len(tree['layers']) + 1}", **places}],
            "members": spare_places(),
            "hours": [NO_HOURS],
            "coverage": [NO_HOURS],
        }
        rearrange(tree, wish, fresh)
        return cls.of(tree, offered)

    def is_valid(self) -> bool:
        """All forms show their errors, and what does not fit together."""
        forms = [self.rota, *self.coverage, *(f for layer in self.layers for f in layer.forms())]
        if not all([form.is_valid() for form in forms]):  # noqa: C419 - every form shows its errors
            return False
        for layer in self.layers:
            if not layer.spec().members:
                layer.form.add_error(None, "Choose at least one person or an empty place.")
        self._check_roles()
        return not any(form.errors for form in forms)

    def _check_roles(self) -> None:
        roles = {layer.role for layer in self.layers}
        own = self.rota.cleaned_data["lieutenant"] == LieutenantKind.OWN_SEQUENCE
        if Role.PRIMARY not in roles:
            self.rota.add_error(None, "Add a layer for those on call.")
        if own and Role.LIEUTENANT not in roles:
            self.rota.add_error("lieutenant", "Add a layer that is for the lieutenant.")
        if not own and Role.LIEUTENANT in roles:
            self.rota.add_error(
                "lieutenant",
                "A layer is for the lieutenant. Choose the own sequence, or remove it.",
            )

    def plan(self) -> PlanSpec:
        """What was filled in, from `holds_from` or the first shift on; must be valid."""
        said = self.rota.cleaned_data
        layers = {role: tuple(self._of(role)) for role in Role}
        kind = LieutenantKind(said["lieutenant"])
        rule = LieutenantRule(
            kind=kind,
            user_id=said["lieutenant_user"] if kind is LieutenantKind.PERSON else None,
            layers=layers[Role.LIEUTENANT],
            spares_previous=said["spares_previous"],
        )
        return PlanSpec(
            starts_at=begins_at(layers[Role.PRIMARY], self.rota.holds_from),
            layers=layers[Role.PRIMARY],
            lieutenant=rule,
            shadows=layers[Role.SHADOW],
        )

    def about(self) -> dict[str, Any]:
        """What is said about the rota, as the actions take it; must be valid."""
        said = self.rota.cleaned_data
        return {
            "name": said["name"],
            "description": said["description"],
            "zone": said["zone"],
            "coverage": _windows(self.coverage),
        }

    def refuse(self, error: DomainError) -> None:
        """Show what the action refused, at its field if there is one."""
        field = error.field if isinstance(error, Invalid) else None
        self.rota.add_error(field if field in self.rota.fields else None, error.message)

    def _of(self, role: Role) -> list[LayerSpec]:
        return [layer.spec() for layer in self.layers if layer.role is role]


def _rows(tree: Tree, name: str) -> Iterable[tuple[int, Tree]]:
    return enumerate(tree.get(name, ()))


def _shown_layer(row: Tree, prefix: str, offered: Choosable) -> LayerEditor:
    return LayerEditor(
        form=LayerForm(initial=row, prefix=prefix),
        members=[
            MemberForm(initial=one, prefix=f"{prefix}-members-{n}", offered=offered)
            for n, one in _rows(row, "members")
        ],
        hours=[
            HoursForm(initial=one, prefix=f"{prefix}-hours-{n}") for n, one in _rows(row, "hours")
        ],
    )


def _posted_layer(data: QueryDict, row: Tree, prefix: str, offered: Choosable) -> LayerEditor:
    return LayerEditor(
        form=LayerForm(data, prefix=prefix),
        members=[
            MemberForm(data, prefix=f"{prefix}-members-{n}", offered=offered)
            for n, _ in _rows(row, "members")
        ],
        hours=[HoursForm(data, prefix=f"{prefix}-hours-{n}") for n, _ in _rows(row, "hours")],
    )


def _windows(forms: Iterable[HoursForm]) -> tuple[WeeklyWindow, ...]:
    lines = (form.line() for form in forms)
    return as_windows(line for line in lines if line)
