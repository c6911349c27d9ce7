"""What is looked for, in words, and which change makes it worth looking again."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Check(StrEnum):
    """What was looked for; the values are in addresses and in the API."""

    DEAD_RULE = "dead_rule"
    IDLE_RULE = "idle_rule"
    UNREACHABLE_STEP = "unreachable_step"
    NOBODY_AT_ALL = "nobody_at_all"
    ROTA = "rota"
    UNCOVERED_SERVICE = "uncovered_service"
    NO_PHONE = "no_phone"
    NO_METHOD = "no_method"
    SINGLE_CHANNEL = "single_channel"
    BROKEN_METHOD = "broken_method"
    FAILING_CHANNEL = "failing_channel"
    NO_POLICY = "no_policy"
    NO_OWNER = "no_owner"
    NO_TEAM = "no_team"
    HIDES_ALL = "hides_all"


CHECK_WORDS: Final[Mapping[Check, str]] = {
    Check.DEAD_RULE: "Rule never reached",
    Check.IDLE_RULE: "Rule without a match",
    Check.UNREACHABLE_STEP: "Step that finds nobody",
    Check.NOBODY_AT_ALL: "Policy that finds nobody",
    Check.ROTA: "Rota",
    Check.UNCOVERED_SERVICE: "Service without anybody on call",
    Check.NO_PHONE: "No phone and no push",
    Check.NO_METHOD: "Nothing but the inbox",
    Check.SINGLE_CHANNEL: "Only one way",
    Check.BROKEN_METHOD: "Broken contact method",
    Check.FAILING_CHANNEL: "Channel that fails",
    Check.NO_POLICY: "Service by the default policy",
    Check.NO_OWNER: "Integration without an owner",
    Check.NO_TEAM: "Service that nobody answers for",
    Check.HIDES_ALL: "Hides everything",
}


class Part(StrEnum):
    """Checks that one set of reads answers; a change looks at some parts only. Stored."""

    POLICIES = "policies"
    ROTAS = "rotas"
    PEOPLE = "people"
    CHANNELS = "channels"
    RULES = "rules"
    OWNERS = "owners"


PART_OF: Final[Mapping[Check, Part]] = {
    Check.DEAD_RULE: Part.RULES,
    Check.IDLE_RULE: Part.RULES,
    Check.HIDES_ALL: Part.RULES,
    Check.UNREACHABLE_STEP: Part.POLICIES,
    Check.NOBODY_AT_ALL: Part.POLICIES,
    Check.ROTA: Part.ROTAS,
    Check.UNCOVERED_SERVICE: Part.ROTAS,
    Check.NO_PHONE: Part.PEOPLE,
    Check.NO_METHOD: Part.PEOPLE,
    Check.SINGLE_CHANNEL: Part.PEOPLE,
    Check.BROKEN_METHOD: Part.PEOPLE,
    Check.FAILING_CHANNEL: Part.CHANNELS,
    Check.NO_POLICY: Part.OWNERS,
    Check.NO_OWNER: Part.OWNERS,
    Check.NO_TEAM: Part.OWNERS,
}
