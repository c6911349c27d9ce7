"""Targets as choices of a select: "rota:3" is the rota with the id 3, "rota:" the team's own."""

from collections.abc import Sequence
from typing import Any, override

from django import forms

from evenfall.identity.queries import Person, TeamView
from evenfall.oncall.queries import RotaView
from evenfall.paging.logic.policy import TargetSpec
from evenfall.paging.logic.words import TargetKind

type Choices = list[tuple[str, str | list[tuple[str, str]]]]

OWN = [
    (f"{TargetKind.ROTA}:", "On call in the team's rota"),
    (f"{TargetKind.LIEUTENANT}:", "Lieutenant of the team's rota"),
    (f"{TargetKind.NEXT}:", "Next on call in the team's rota"),
    (f"{TargetKind.TEAM_LEAD}:", "Lead of the team"),
    (f"{TargetKind.TEAM}:", "Everybody in the team"),
]


def target_choices(
    *, rotas: Sequence[RotaView], teams: Sequence[TeamView], people: Sequence[Person]
) -> Choices:
    """Everything that can be paged, in groups, with an empty choice first."""
    of_rotas = [
        (f"{kind}:{rota.id}", f"{words} {rota.name}")
        for rota in rotas
        for kind, words in (
            (TargetKind.ROTA, "On call in"),
            (TargetKind.LIEUTENANT, "Lieutenant of"),
            (TargetKind.NEXT, "Next on call in"),
        )
    ]
    of_teams = [
        (f"{kind}:{team.id}", f"{words} {team.name}")
        for team in teams
        for kind, words in (
            (TargetKind.TEAM_LEAD, "Lead of"),
            (TargetKind.TEAM, "Everybody in"),
        )
    ]
    of_people = [(f"{TargetKind.USER}:{person.id}", person.name) for person in people]
    rest = [(f"{TargetKind.ADMINISTRATORS}:", "The administrators")]
    groups = {
        "The team of the page": OWN,
        "A rota": of_rotas,
        "A team": of_teams,
        "A person": of_people,
        "This site": rest,
    }
    return [("", "Choose…"), *((name, group) for name, group in groups.items() if group)]


def encode(target: TargetSpec) -> str:
    return f"{target.kind}:{'' if target.id is None else target.id}"


def decode(value: str) -> TargetSpec:
    """The inverse of `encode`; the value was already found among the choices."""
    kind, _, number = value.partition(":")
    return TargetSpec(kind=TargetKind(kind), id=int(number) if number else None)


class TargetsField(forms.MultipleChoiceField):
    """Several selects of one name; empty ones are left out, doubled ones count once."""

    @override
    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(one for one in super().to_python(value) if one))

    @override
    def clean(self, value: Any) -> Any:
        chosen = super().clean([one for one in value or [] if one])
        return tuple(decode(one) for one in chosen)
