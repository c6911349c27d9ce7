"""Mends that one click makes: what each does, and who may have it made.

A mend is offered only where it harms nobody if it was not meant, and can be undone: it adds
somebody to call, ends a quiet, or switches off what decides nothing. All else is a link.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from evenfall.foresight.logic.kinds import Check


class Mend(StrEnum):
    """What is done; the values are stored."""

    USE_POLICY = "use_policy"
    ADD_PERSON = "add_person"
    RING_AT_ONCE = "ring_at_once"
    END_SILENCE = "end_silence"
    END_MAINTENANCE = "end_maintenance"
    SWITCH_OFF_INHIBITION = "switch_off_inhibition"
    SWITCH_OFF_RULE = "switch_off_rule"
    GIVE_TO_TEAM = "give_to_team"
    SET_OWNER = "set_owner"


class Needs(StrEnum):
    """Who may: whoever could do it by hand. `TEAM` manages the offer's team, or the site."""

    SITE = "site"
    RESPOND = "respond"
    TEAM = "team"
    PERSON = "person"


NEEDS: Final[Mapping[Mend, Needs]] = {
    Mend.USE_POLICY: Needs.TEAM,
    Mend.ADD_PERSON: Needs.TEAM,
    Mend.RING_AT_ONCE: Needs.PERSON,
    Mend.END_SILENCE: Needs.RESPOND,
    Mend.END_MAINTENANCE: Needs.RESPOND,
    Mend.SWITCH_OFF_INHIBITION: Needs.SITE,
    Mend.SWITCH_OFF_RULE: Needs.SITE,
    Mend.GIVE_TO_TEAM: Needs.SITE,
    Mend.SET_OWNER: Needs.SITE,
}


class Offer(Struct, frozen=True, kw_only=True):
    """A mend that is possible now. `label` stands on the button, `numbers` say what is changed.

    `owner_id` is the team that `Needs.TEAM` is about, or the person of `Needs.PERSON`.
    """

    mend: Mend
    label: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    owner_id: int | None = None

    @property
    def needs(self) -> Needs:
        return NEEDS[self.mend]


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody who leads a team; `is_reached`: a channel beyond the inbox works for them."""

    user_id: int
    name: str
    is_reached: bool


def person_offer(
    check: Check,
    *,
    policy_id: int,
    step: int,
    team_id: int | None,
    used_by: int,
    candidates: tuple[Candidate, ...],
) -> Offer | None:
    """Let the first of those who lead the team be paged by its policy, too.

    None for a policy that other teams follow as well (`used_by` counts them all): a person of one
    team is nobody to wake for another.
    """
    person = next((one for one in candidates if one.is_reached), None)
    if person is None or team_id is None or used_by != 1:
        return None
    whole = check is Check.NOBODY_AT_ALL
    where = "as a last step" if whole else f"to step {step}"
    return Offer(
        mend=Mend.ADD_PERSON,
        label=f"Add {person.name} {where}"[:80],
        numbers={"policy_id": policy_id, "user_id": person.user_id, "step": 0 if whole else step},
        owner_id=team_id,
    )


def policy_offer(*, service_id: int, team_id: int, own: Mapping[int, str]) -> Offer | None:
    """Let a service page by the one policy that its team owns; of several nobody knows which."""
    if len(own) != 1:
        return None
    ((policy_id, name),) = own.items()
    return Offer(
        mend=Mend.USE_POLICY,
        label=f"Use {name}"[:80],
        numbers={"service_id": service_id, "policy_id": policy_id},
        owner_id=team_id,
    )


def quiet_offer(kind: str, number: int) -> Offer:
    """End what hides everything: a silence, maintenance, or an inhibition rule."""
    mends = {
        "silence": (Mend.END_SILENCE, "End the silence"),
        "maintenance": (Mend.END_MAINTENANCE, "End the maintenance"),
    }
    mend, label = mends.get(kind, (Mend.SWITCH_OFF_INHIBITION, "Switch it off"))
    return Offer(mend=mend, label=label, numbers={"id": number})


def rule_offer(check: Check, rule_id: int) -> Offer | None:
    """A rule that others always decide before changes nothing by going; an idle one may yet."""
    if check is not Check.DEAD_RULE:
        return None
    return Offer(mend=Mend.SWITCH_OFF_RULE, label="Switch it off", numbers={"id": rule_id})


def rules_offer(lack: str, user_id: int) -> Offer | None:
    """Personal rules that do not reach their person in time, though something would."""
    if not lack.startswith("rules_"):
        return None
    return Offer(
        mend=Mend.RING_AT_ONCE,
        label="Ring at once by all that works",
        numbers={"user_id": user_id},
        owner_id=user_id,
    )


def owner_offer(integration_id: int, teams: Mapping[int, str]) -> Offer | None:
    """Give an integration to the team whose services its alerts are about, if it is one team."""
    if len(teams) != 1:
        return None
    ((team_id, name),) = teams.items()
    return Offer(
        mend=Mend.GIVE_TO_TEAM,
        label=f"Give it to {name}"[:80],
        numbers={"id": integration_id, "team_id": team_id},
    )


class Staffed(Struct, frozen=True, kw_only=True):
    """A team with its people."""

    name: str
    member_ids: frozenset[int]


def service_offer(
    *, service_id: int, team_id: int, answered: Collection[int], teams: Mapping[int, Staffed]
) -> Offer | None:
    """Set the owner of a service whose team has nobody: the one team of all who answered for it.

    None where nobody did, or where they are together in no team or in several.
    """
    fit = [
        number
        for number, team in teams.items()
        if number != team_id and answered and team.member_ids.issuperset(answered)
    ]
    if len(fit) != 1:
        return None
    return Offer(
        mend=Mend.SET_OWNER,
        label=f"Give it to {teams[fit[0]].name}"[:80],
        numbers={"id": service_id, "team_id": fit[0], "was": team_id},
    )
