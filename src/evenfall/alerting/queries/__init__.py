"""Named reads of alerting. They return plain values: a template can issue no SQL."""

from evenfall.alerting.logic.snippets import KINDS, snippets_for
from evenfall.alerting.queries.after_changes import alerts_after
from evenfall.alerting.queries.alerts import (
    AlertFilter,
    AlertRow,
    AlertView,
    alert,
    alerts,
    alerts_page,
    find_alerts,
    live_counts,
)
from evenfall.alerting.queries.handover import handover_briefing
from evenfall.alerting.queries.inhibitions import (
    InhibitionPreview,
    InhibitionView,
    inhibition,
    inhibitions,
    preview_inhibition,
)
from evenfall.alerting.queries.intake import (
    KnownSender,
    UnknownKeys,
    mailbox_problem,
    sender_of_key,
    unknown_keys,
)
from evenfall.alerting.queries.integrations import (
    IntegrationView,
    find_integrations,
    has_signal,
    integration,
    integrations_page,
)
from evenfall.alerting.queries.origins import AlertOrigin, alert_origins
from evenfall.alerting.queries.planned import maintenance_spans
from evenfall.alerting.queries.quiet import (
    MaintenanceView,
    Preview,
    SilenceView,
    current_silences,
    maintenance,
    maintenance_between,
    maintenance_page,
    preview,
    silence,
    silences_page,
)
from evenfall.alerting.queries.reach import check_managed, check_quiet
from evenfall.alerting.queries.repairs import (
    RepairLimitsView,
    RepairView,
    about_alerts,
    repair_limits,
    repair_of,
    repairs_page,
)
from evenfall.alerting.queries.replays import Turns, first_id, recorded_count, replays
from evenfall.alerting.queries.rule_use import (
    QuietUse,
    RuleUse,
    Unowned,
    Use,
    rule_use,
    unowned_integrations,
)
from evenfall.alerting.queries.rules import (
    RulePreview,
    RuleView,
    preview_condition,
    rule,
    rules,
)
from evenfall.alerting.queries.stories import (
    AlertStory,
    RawSignal,
    StoryLine,
    alert_story,
    raw_signal,
)
from evenfall.alerting.queries.working_time import may_wake

__all__ = [
    "KINDS",
    "AlertFilter",
    "AlertOrigin",
    "AlertRow",
    "AlertStory",
    "AlertView",
    "InhibitionPreview",
    "InhibitionView",
    "IntegrationView",
    "KnownSender",
    "MaintenanceView",
    "Preview",
    "QuietUse",
    "RawSignal",
    "RepairLimitsView",
    "RepairView",
    "RulePreview",
    "RuleUse",
    "RuleView",
    "SilenceView",
    "StoryLine",
    "Turns",
    "UnknownKeys",
    "Unowned",
    "Use",
    "about_alerts",
    "alert",
    "alert_origins",
    "alert_story",
    "alerts",
    "alerts_after",
    "alerts_page",
    "check_managed",
    "check_quiet",
    "current_silences",
    "find_alerts",
    "find_integrations",
    "first_id",
    "handover_briefing",
    "has_signal",
    "inhibition",
    "inhibitions",
    "integration",
    "integrations_page",
    "live_counts",
    "mailbox_problem",
    "maintenance",
    "maintenance_between",
    "maintenance_page",
    "maintenance_spans",
    "may_wake",
    "preview",
    "preview_condition",
    "preview_inhibition",
    "raw_signal",
    "recorded_count",
    "repair_limits",
    "repair_of",
    "repairs_page",
    "replays",
    "rule",
    "rule_use",
    "rules",
    "sender_of_key",
    "silence",
    "silences_page",
    "snippets_for",
    "unknown_keys",
    "unowned_integrations",
]
