"""What can go wrong in alerting. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Forbidden, Invalid, NotFound


class AlertNotFound(NotFound):
    """There is no alert {alert_id}. Look at the list of alerts."""

    code = "alerting.alert_not_found"


class AlertIsOver(Conflict):
    """Alert {alert_id} is resolved already. If the trouble is back, a new alert will open."""

    code = "alerting.alert_is_over"


class IntegrationNotFound(NotFound):
    """There is no integration {integration_id}. Look at the list of integrations."""

    code = "alerting.integration_not_found"


class SilenceNotFound(NotFound):
    """There is no silence {silence_id}. Look at the list of silences."""

    code = "alerting.silence_not_found"


class MaintenanceNotFound(NotFound):
    """There is no maintenance window {maintenance_id}. Look at the list of maintenance windows."""

    code = "alerting.maintenance_not_found"


class MaintenanceIsOver(Conflict):
    """“{name}” does not come back any more, and cannot be changed. Announce it anew."""

    code = "alerting.maintenance_is_over"


class MaintenanceChangedMeanwhile(Conflict):
    """Somebody changed this maintenance meanwhile. Reload the page and change it again."""

    code = "alerting.maintenance_changed_meanwhile"


class RuleNotFound(NotFound):
    """There is no rule {rule_id}. Look at the list of rules."""

    code = "alerting.rule_not_found"


class CatchAllStays(Conflict):
    """The last rule takes what no other takes. It cannot be deleted, moved or switched off."""

    code = "alerting.catch_all_stays"


class RulesMoved(Conflict):
    """Somebody changed the rules in the meantime. Reload the list and order them again."""

    code = "alerting.rules_moved"


class RuleChangedMeanwhile(Conflict):
    """Somebody else changed the rule "{name}" while you had it open. Nothing was saved: look at
    what they changed, then save again or take theirs.
    """

    code = "alerting.rule_changed_meanwhile"


class RulesChangedMeanwhile(Conflict):
    """The rules are at version {version} by now, not at version {seen}. Look at what changed, then
    try again.
    """

    code = "alerting.rules_changed_meanwhile"


class RuleTwice(Invalid):
    """The rule {rule_id} is in the list twice. Name each rule once."""

    code = "alerting.rule_twice"


class VersionNotFound(NotFound):
    """There is no version {version}. Look at the list of versions."""

    code = "alerting.version_not_found"


class MappingNotValid(Invalid):
    """{reason}"""

    code = "alerting.mapping_not_valid"


class MappingChangedMeanwhile(Conflict):
    """Somebody else changed this mapping while you had it open. Nothing was saved: look at what
    they changed, then save again or take theirs.
    """

    code = "alerting.mapping_changed_meanwhile"


class InhibitionNotFound(NotFound):
    """There is no inhibition rule {inhibition_id}. Look at the list of inhibition rules."""

    code = "alerting.inhibition_not_found"


class InhibitionNotValid(Invalid):
    """{reason}"""

    code = "alerting.inhibition_not_valid"


class TooManyInhibitions(Conflict):
    """There are {most} inhibition rules, which is the most. Delete some, or let one cover more."""

    code = "alerting.too_many_inhibitions"


class ConditionNotValid(Invalid):
    """The condition cannot be used. Column {column}: {reason}."""

    code = "alerting.condition_not_valid"


class MatchersNotValid(Invalid):
    """{reason}"""

    code = "alerting.matchers_not_valid"


class MatchersMissing(Invalid):
    """A silence needs at least one matcher that does not match everything."""

    code = "alerting.matchers_missing"


class SpanNotValid(Invalid):
    """The end must come after the start and after now. Choose a later end."""

    code = "alerting.span_not_valid"


class NameMissing(Invalid):
    """Give it a name, so that others know what it is for."""

    code = "alerting.name_missing"


class IntegrationKindUnknown(Invalid):
    """There is no kind of integration called {kind}. Choose one of: {kinds}."""

    code = "alerting.integration_kind_unknown"


class ServiceUnknown(Invalid):
    """There is no service {service_id}. Choose one of the list."""

    code = "alerting.service_unknown"


class RunbookMissing(Invalid):
    """A rule that automates needs a runbook to start. Choose one, or another outcome."""

    code = "alerting.runbook_missing"


class RunbookUnknown(Invalid):
    """No runbook {runbook_id} has steps that can be started. Choose one of the list."""

    code = "alerting.runbook_unknown"


class TooManyRepairs(Invalid):
    """At most {most} repairs can be under way at once, and at least one."""

    code = "alerting.too_many_repairs"


class RecurrenceNotValid(Invalid):
    """It cannot come back like this. {reason}"""

    code = "alerting.recurrence_not_valid"


class AutoEndNotValid(Invalid):
    """Alerts cannot end like this. {reason}"""

    code = "alerting.auto_end_not_valid"


class AutoEndNotFound(NotFound):
    """There is no policy {policy_id} by which alerts end. Somebody may have deleted it."""

    code = "alerting.auto_end_not_found"


class DependenceNotValid(Invalid):
    """The limit cannot be used. {reason}"""

    code = "alerting.dependence_not_valid"


class ReachesOtherTeams(Forbidden):
    """This would also make alerts of other teams quiet. Name a service of your own team."""

    code = "alerting.reaches_other_teams"


class KeyNotValid(Invalid):
    """This is no key. It has 20 to 128 letters, digits, hyphens and underscores, at least 8 of them
    different; one of a mailbox has 20 to 60 small letters and digits.
    """

    code = "alerting.key_not_valid"


class KeyTaken(Conflict):
    """Another integration has this key. Each needs its own."""

    code = "alerting.key_taken"


class ActNotFound(NotFound):
    """There is no act {act_id} to take back: it was taken back already, or is too long ago."""

    code = "alerting.act_not_found"


class TooLateToUndo(Conflict):
    """That is more than an hour ago: others have gone on from it. Change the alerts one by one."""

    code = "alerting.too_late_to_undo"
