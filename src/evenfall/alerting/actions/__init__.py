"""What can be done in alerting.

Locks are taken in this order, so that no two actions wait for each other: the pipeline or the
rules (advisory), silences and windows, repairs, alerts by ascending id, groups by name.
"""

from evenfall.alerting.actions.alert_rows import forget_groups
from evenfall.alerting.actions.bulk import Done, TakenBack, act_on_alerts, take_back_act
from evenfall.alerting.actions.depending import (
    Dependence,
    set_dependence,
    set_holding,
    split_off,
    write_graph,
)
from evenfall.alerting.actions.ending import (
    ENDED_AT_ONCE,
    AutoEndDraft,
    delete_auto_end,
    end_by_policy,
    keep_open,
    set_auto_end,
)
from evenfall.alerting.actions.exceptions import (
    Exemption,
    add_exception,
    drop_exception,
    exception_change,
)
from evenfall.alerting.actions.expiring import (
    apply_maintenance,
    apply_silences,
    release_maintenance,
    release_silences,
    release_waiting,
    resolve_calm_alerts,
    resolve_silent_alerts,
)
from evenfall.alerting.actions.fetching import claim_fetches, fetch_all, save_fetched
from evenfall.alerting.actions.forgetting import forget_alerts
from evenfall.alerting.actions.holding_symptoms import follow_causes
from evenfall.alerting.actions.inhibiting import (
    InhibitionDraft,
    change_inhibition,
    create_inhibition,
    delete_inhibition,
)
from evenfall.alerting.actions.integrating import (
    IntegrationDraft,
    change_integration,
    create_integration,
    rotate_key,
    set_key,
    switch_integration,
)
from evenfall.alerting.actions.mapping import change_mapping, restore_mapping
from evenfall.alerting.actions.own_alerts import OwnAlert, raise_own_alerts
from evenfall.alerting.actions.quieting import (
    change_maintenance,
    change_silence,
    create_maintenance,
    create_silence,
    end_maintenance,
    end_silence,
    silence_id_of,
)
from evenfall.alerting.actions.receiving import (
    hold_pipeline,
    receive_signals,
    receive_singly,
)
from evenfall.alerting.actions.recurring import (
    RecurringDraft,
    change_recurring,
    create_recurring,
    end_recurring,
    plan_windows,
)
from evenfall.alerting.actions.redeciding import redecide
from evenfall.alerting.actions.refusals import note_unknown_keys
from evenfall.alerting.actions.repair_limits import set_repair_limits
from evenfall.alerting.actions.repairing import RunEnd, advance_repairs, follow_ends, follow_runs
from evenfall.alerting.actions.repeats import heard_until, make_up_for_outage, prolong_alerts
from evenfall.alerting.actions.responding import (
    acknowledge_alert,
    acknowledge_alerts,
    resolve_alert,
    resolve_alerts,
)
from evenfall.alerting.actions.routing import (
    RuleDraft,
    change_rule,
    create_rule,
    delete_rule,
    move_rule,
    place_rule,
    reorder_rules,
)
from evenfall.alerting.actions.rule_sets import (
    Restored,
    RuleSet,
    WantedRule,
    replace_rules,
    restore_rules,
)
from evenfall.alerting.actions.switching import give_integration, switch_inhibition, switch_rule
from evenfall.alerting.actions.taking_in import take_in_signal

__all__ = [
    "ENDED_AT_ONCE",
    "AutoEndDraft",
    "Dependence",
    "Done",
    "Exemption",
    "InhibitionDraft",
    "IntegrationDraft",
    "OwnAlert",
    "RecurringDraft",
    "Restored",
    "RuleDraft",
    "RuleSet",
    "RunEnd",
    "TakenBack",
    "WantedRule",
    "acknowledge_alert",
    "acknowledge_alerts",
    "act_on_alerts",
    "add_exception",
    "advance_repairs",
    "apply_maintenance",
    "apply_silences",
    "change_inhibition",
    "change_integration",
    "change_maintenance",
    "change_mapping",
    "change_recurring",
    "change_rule",
    "change_silence",
    "claim_fetches",
    "create_inhibition",
    "create_integration",
    "create_maintenance",
    "create_recurring",
    "create_rule",
    "create_silence",
    "delete_auto_end",
    "delete_inhibition",
    "delete_rule",
    "drop_exception",
    "end_by_policy",
    "end_maintenance",
    "end_recurring",
    "end_silence",
    "exception_change",
    "fetch_all",
    "follow_causes",
    "follow_ends",
    "follow_runs",
    "forget_alerts",
    "forget_groups",
    "give_integration",
    "heard_until",
    "hold_pipeline",
    "keep_open",
    "make_up_for_outage",
    "move_rule",
    "note_unknown_keys",
    "place_rule",
    "plan_windows",
    "prolong_alerts",
    "raise_own_alerts",
    "receive_signals",
    "receive_singly",
    "redecide",
    "release_maintenance",
    "release_silences",
    "release_waiting",
    "reorder_rules",
    "replace_rules",
    "resolve_alert",
    "resolve_alerts",
    "resolve_calm_alerts",
    "resolve_silent_alerts",
    "restore_mapping",
    "restore_rules",
    "rotate_key",
    "save_fetched",
    "set_auto_end",
    "set_dependence",
    "set_holding",
    "set_key",
    "set_repair_limits",
    "silence_id_of",
    "split_off",
    "switch_inhibition",
    "switch_integration",
    "switch_rule",
    "take_back_act",
    "take_in_signal",
    "write_graph",
]
