"""Facts of rules and other settings."""

from typing import override

from evenfall.alerting.events.changes import Change


class RulesChanged(Change, frozen=True, kw_only=True):
    """A rule was made, changed, moved or deleted; `version` is the book of rules from now on."""

    kind = "alerting.rules_changed"
    rule_id: int
    name: str
    what: str
    version: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rule:{self.rule_id}", "rules")


class InhibitionsChanged(Change, frozen=True, kw_only=True):
    """An inhibition rule was made, changed or deleted; `version` is the book from now on."""

    kind = "alerting.inhibitions_changed"
    inhibition_id: int
    name: str
    what: str
    version: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"inhibition:{self.inhibition_id}", "rules")


class AutoEndChanged(Change, frozen=True, kw_only=True):
    """When alerts of a rule, a service or an integration (`name`) end by policy."""

    kind = "alerting.auto_end_changed"
    policy_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"auto_end:{self.policy_id}", "auto_ends")


class DependenceChanged(Change, frozen=True, kw_only=True):
    """When alerts wait for what their service needs: of one service, or the settings of all."""

    kind = "alerting.dependence_changed"
    name: str
    service_id: int | None

    @override
    def subjects(self) -> tuple[str, ...]:
        own = () if self.service_id is None else (f"service:{self.service_id}",)
        return (*own, "dependence")


class RepairLimitsChanged(Change, frozen=True, kw_only=True):
    """Automatic repairs were switched on or off, or may be more or fewer at once."""

    kind = "alerting.repair_limits_changed"

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("repairs",)


class IntegrationChanged(Change, frozen=True, kw_only=True):
    """`what`: created, changed, mapping changed, key rotated, disabled, enabled; never a key."""

    kind = "alerting.integration_changed"
    integration_id: int
    name: str
    what: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"integration:{self.integration_id}", "integrations")
