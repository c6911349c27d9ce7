"""Did enough people of enough teams say yes, and nobody no?"""

from collections.abc import Sequence
from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes
from evenfall.releases.logic.facts import Facts, SignOffFact
from evenfall.releases.logic.rules import Group

NAME = "approvals"


def ask(facts: Facts, now: datetime) -> GateResult:
    """One no holds it whatever the others say; the word of whoever made the release counts not."""
    words = [one for one in facts.sign_offs if one.user_id != facts.author_id]
    shown = [_evidence(one) for one in words]
    no = [one for one in words if not one.is_yes]
    if no:
        return fails(
            NAME,
            f"{no[0].name} said no: {no[0].comment}",
            *shown,
            change=f"{no[0].name} must take it back.",
            is_final=True,
        )
    if facts.kind in facts.rules.no_sign_off_for:
        return passes(NAME, f"A {facts.kind.value} needs no sign-off.", *shown)
    standard = facts.standard
    if standard is not None and standard.expires_at > now:
        until = f"{standard.expires_at:%Y-%m-%d}"
        why = f"Approved before as “{standard.name}” by {standard.approved_by}, until {until}."
        return passes(NAME, why, *shown)
    return _counted(facts, words, shown)


def _counted(facts: Facts, words: Sequence[SignOffFact], shown: Sequence[Evidence]) -> GateResult:
    groups = groups_of(facts)
    open_groups = [(group, _missing(group, words)) for group in groups]
    signed = sum(1 for _, missing in open_groups if not missing)
    needed = facts.rules.at_least or len(groups)
    if signed >= needed:
        if not groups:
            return passes(NAME, "No sign-off is asked for.", *shown)
        return passes(NAME, f"{signed} of {len(groups)} teams signed.", *shown)
    wanted = [
        f"{missing} of {facts.teams.get(group.team_id, 'a team')}"
        for group, missing in open_groups
        if missing
    ]
    said = f"{signed} of the {needed} teams that must sign did."
    if needed == 1:
        said = "The team that must sign did not yet."
    return fails(NAME, said, *shown, change=f"Sign-off is needed: {' or '.join(wanted)}.")


def groups_of(facts: Facts) -> tuple[Group, ...]:
    """The teams that may sign; without any named, the one that owns the service."""
    if facts.rules.groups:
        return facts.rules.groups
    return (Group(team_id=facts.team_id, need=facts.rules.need),) if facts.rules.need else ()


def _missing(group: Group, words: Sequence[SignOffFact]) -> int:
    signed = {one.user_id for one in words if one.is_yes and one.team_id == group.team_id}
    return max(0, group.need - len(signed))


def _evidence(one: SignOffFact) -> Evidence:
    word = "yes" if one.is_yes else "no"
    more = f": {one.comment}" if one.comment else ""
    return Evidence(text=f"{one.name} said {word}{more}")
