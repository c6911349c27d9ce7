"""What a stage asks for before a version may go through it, and how it is kept as JSON."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from evenfall.releases.logic.words import Kind

GATES: Final = (
    "stop",
    "freeze",
    "window",
    "previous_stage",
    "dependencies",
    "incident",
    "budget",
    "quality",
    "checklist",
    "approvals",
    "rollback",
    "on_call",
)
"""All gates, in the order in which people read them."""
ALWAYS: Final = frozenset({"stop", "freeze"})
"""Asked in every stage: these are switched by people, where they are needed."""
MOST: Final = 50


class Group(Struct, frozen=True, kw_only=True):
    """A team of which so many people must say yes."""

    team_id: int
    need: int = 1


class Item(Struct, frozen=True, kw_only=True):
    """An item of the definition of done; with a `check` a pipeline ticks it by that name."""

    key: str
    text: str
    check: str = ""


class Expected(Struct, frozen=True, kw_only=True):
    """A result that a pipeline must push, not older than so many hours (0: any age)."""

    name: str
    fresh_hours: int = 24


class Rules(Struct, frozen=True, kw_only=True):
    """What a stage asks for.

    `at_least` of the `groups` must have said yes (0: all of them); without groups `need` people of
    the service's own team. `awake` are minutes of the local day of whoever is on call, None for
    any time. `watch_minutes`: for so long somebody must be on call. `worst_severity`: incidents
    as bad as this, or worse, close the gate.
    """

    gates: frozenset[str] = frozenset(GATES)
    need: int = 1
    groups: tuple[Group, ...] = ()
    at_least: int = 0
    checklist: tuple[Item, ...] = ()
    quality: tuple[Expected, ...] = ()
    previous_proven: bool = False
    worst_severity: int = 3
    watch_minutes: int = 60
    awake: tuple[int, int] | None = None
    irreversible_needs_exception: bool = True
    no_sign_off_for: frozenset[Kind] = frozenset({Kind.ROLLBACK})


def rules_of(stored: Mapping[str, Any]) -> Rules:
    """Read what was kept; what is not there is as `Rules` has it."""
    plain = Rules()
    awake = stored.get("awake")
    return Rules(
        gates=frozenset(stored.get("gates", plain.gates)) & set(GATES) | ALWAYS,
        need=stored.get("need", plain.need),
        groups=tuple(Group(**one) for one in stored.get("groups", ())),
        at_least=stored.get("at_least", plain.at_least),
        checklist=tuple(Item(**one) for one in stored.get("checklist", ())),
        quality=tuple(Expected(**one) for one in stored.get("quality", ())),
        previous_proven=stored.get("previous_proven", plain.previous_proven),
        worst_severity=stored.get("worst_severity", plain.worst_severity),
        watch_minutes=stored.get("watch_minutes", plain.watch_minutes),
        awake=(awake[0], awake[1]) if awake else None,
        irreversible_needs_exception=stored.get(
            "irreversible_needs_exception", plain.irreversible_needs_exception
        ),
        no_sign_off_for=_kinds(stored.get("no_sign_off_for", plain.no_sign_off_for)),
    )


def stored(rules: Rules) -> dict[str, Any]:
    """As JSON; `rules_of` gives the same rules again."""
    return {
        "gates": sorted(rules.gates),
        "need": rules.need,
        "groups": [{"team_id": one.team_id, "need": one.need} for one in rules.groups],
        "at_least": rules.at_least,
        "checklist": [
            {"key": one.key, "text": one.text, "check": one.check} for one in rules.checklist
        ],
        "quality": [{"name": one.name, "fresh_hours": one.fresh_hours} for one in rules.quality],
        "previous_proven": rules.previous_proven,
        "worst_severity": rules.worst_severity,
        "watch_minutes": rules.watch_minutes,
        "awake": list(rules.awake) if rules.awake else None,
        "irreversible_needs_exception": rules.irreversible_needs_exception,
        "no_sign_off_for": sorted(kind.value for kind in rules.no_sign_off_for),
    }


def flaws(rules: Rules) -> Sequence[str]:
    """What makes no sense in them; empty when they are good."""
    keys = [item.key for item in rules.checklist]
    names = [one.name for one in rules.quality]
    teams = [group.team_id for group in rules.groups]
    found = (
        (rules.need < 0 or any(group.need < 1 for group in rules.groups), "need too few sign-offs"),
        (not 0 <= rules.at_least <= len(teams), "more teams must sign than are named"),
        (len(set(keys)) < len(keys) or not all(keys), "two items of the checklist share a key"),
        (len(set(names)) < len(names) or not all(names), "two results share a name"),
        (len(set(teams)) < len(teams), "a team is named twice"),
        (max(len(keys), len(names), len(teams)) > MOST, f"more than {MOST} of a kind"),
        (rules.awake is not None and not _is_day(rules.awake), "the hours awake are no hours"),
        (not 0 <= rules.watch_minutes <= 7 * 24 * 60, "nobody watches so long"),
        (not 1 <= rules.worst_severity <= 5, "a severity is 1 to 5"),  # noqa: PLR2004 - the rungs of it
    )
    return [text for is_wrong, text in found if is_wrong]


def _is_day(awake: tuple[int, int]) -> bool:
    return 0 <= awake[0] < awake[1] <= 24 * 60


def _kinds(words: Collection[str]) -> frozenset[Kind]:
    return frozenset(Kind(word) for word in words)


DEFAULT_STAGES: Final = (
    ("DEV", "DEV", Rules(gates=ALWAYS)),
    (
        "UAT",
        "UAT",
        Rules(gates=ALWAYS | {"previous_stage", "dependencies", "quality", "incident"}, need=0),
    ),
    (
        "PROD",
        "PROD",
        Rules(checklist=(Item(key="notes", text="The notes say what changes for users"),)),
    ),
)
"""Name, environment and rules of the way that every service has until somebody sets another."""
