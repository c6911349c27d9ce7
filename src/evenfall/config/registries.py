"""Which outside systems this installation speaks to, and what upper domains tell lower ones.

Importing a slice registers what it offers.
"""

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.api import proposals as alerting_bodies
from evenfall.alerting.ports import proposals as alerting_changes
from evenfall.alerting.views import proposals as alerting_forms
from evenfall.changes import ports as changes_ports
from evenfall.chat import contexts as chat_contexts
from evenfall.foresight import ports as foresight_ports
from evenfall.foresight.ports import Kind
from evenfall.identity import ports as identity_ports
from evenfall.incidents import ports as incidents_ports
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.views import runbooks as incident_runbooks
from evenfall.insights import queries as insights_queries
from evenfall.integrations import (
    alertmanager,
    amazon_sns,
    apprise,
    argocd,
    datadog,
    email,
    flux,
    folder,
    generic,
    git,
    github,
    gitlab,
    goalert,
    grafana,
    grafana_oncall,
    haproxy,
    http,
    jira,
    kubernetes,
    mattermost,
    nagios,
    nginx,
    ntfy,
    opsgenie,
    pagerduty,
    phone,
    probes,
    prometheus,
    pushover,
    s3,
    script,
    sentry,
    slack,
    teams,
    telegram,
    twilio,
    unifiedpush,
    uptime_kuma,
    vonage,
    webhook,
    webpush,
    zabbix,
)
from evenfall.manifests import queries as manifests_queries
from evenfall.monitors import ports as monitors_ports
from evenfall.notifications import ports as notifications_ports
from evenfall.oncall import ports as oncall_ports
from evenfall.oncall.api import proposals as oncall_bodies
from evenfall.oncall.views import proposals as oncall_forms
from evenfall.paging import ports as paging_ports
from evenfall.paging import queries as paging_queries
from evenfall.paging.api import proposals as paging_bodies
from evenfall.paging.views import proposals as paging_forms
from evenfall.patterns import contexts as patterns_contexts
from evenfall.postmortems import contexts as postmortems_contexts
from evenfall.postmortems import queries as postmortems_queries
from evenfall.releases import ports as releases_ports
from evenfall.rollouts import actions as rollouts_actions
from evenfall.rollouts import contexts as rollouts_contexts
from evenfall.rollouts import ports as rollouts_ports
from evenfall.runbooks import ports as runbooks_ports
from evenfall.slo import ports as slo_ports
from evenfall.slo import queries as slo_queries
from evenfall.statuspages import contexts as statuspages_contexts
from evenfall.statuspages import ports as statuspages_ports
from evenfall.statuspages import queries as statuspages_queries
from evenfall.triage import contexts as triage_contexts

FORMATS = (
    *(alertmanager, amazon_sns, datadog, generic, goalert, grafana, nagios, opsgenie),
    *(pagerduty, sentry, uptime_kuma, zabbix),
)
CHANNELS = (
    email,
    webpush,
    webhook,
    phone,
    twilio,
    vonage,
    pushover,
    ntfy,
    unifiedpush,
    apprise,
    slack,
    telegram,
    mattermost,
    teams,
)
TRACKERS = (github, gitlab, jira)
REPORTERS = (generic, github, gitlab, argocd, flux, pagerduty)

incidents_ports.panels.register("patterns", patterns_contexts.incident_panel)
incidents_ports.panels.register("postmortems", postmortems_contexts.incident_panel)
incidents_ports.panels.register("runbooks", incident_runbooks.runbooks_panel)
incidents_ports.panels.register("chat", chat_contexts.incident_panel)
incidents_ports.panels.register("statuspages", statuspages_contexts.incident_panel)
incidents_ports.panels.register("triage", triage_contexts.incident_panel)
changes_ports.register_secrets(incidents_queries.secret_harms)
changes_ports.register_afterwards("incidents", incidents_queries.incidents_after)
changes_ports.register_afterwards("alerting", alerting_queries.alerts_after)
runbooks_ports.register_about("incident", incidents_queries.about_incidents)
runbooks_ports.register_about("alert", alerting_queries.about_alerts)
identity_ports.register_hidden(incidents_queries.hidden_subjects)
incidents_ports.register_visibility("statuspages", statuspages_queries.visible_incidents)
statuspages_ports.register_lessons("postmortems", postmortems_queries.public_addresses)
oncall_ports.register_briefing("incidents", incidents_queries.handover_briefing)
oncall_ports.register_briefing("alerting", alerting_queries.handover_briefing)
oncall_ports.register_summary("insights", insights_queries.noise_lines)
notifications_ports.register_badge("paging", paging_queries.open_counts)
oncall_ports.register_reach_check("paging", paging_queries.reach_flaws)
releases_ports.panels.register("rollouts", rollouts_contexts.release_panel)
rollouts_ports.register_judge("analysis", rollouts_actions.analyse)
TRAFFIC_LED_BY = (haproxy, kubernetes, nginx, webhook)
monitors_ports.register_configuration(manifests_queries.strays)
slo_ports.register_causes("incidents", incidents_queries.budget_causes)
slo_ports.register_causes("dependencies", incidents_queries.dependency_causes)
slo_ports.register_causes("experiments", slo_queries.experiment_causes)
slo_ports.register_causes("maintenance", slo_queries.maintenance_causes)
STEP_KINDS = (haproxy, http, kubernetes, script)
METRICS_FROM = (prometheus,)
COPIES_GO_TO = (folder, s3)
READ_FROM = (git,)
LOOKED_BY = (probes,)
MOVED_FROM = (grafana_oncall, opsgenie, pagerduty)
WHAT_IF = (
    Kind(
        name="rule",
        type=alerting_changes.RuleChange,
        from_api=alerting_bodies.rule_change,
        from_form=alerting_forms.rule_change,
    ),
    Kind(name="rules", type=alerting_changes.RulesChange, from_api=alerting_bodies.rules_change),
    Kind(name="order", type=alerting_changes.OrderChange, from_api=alerting_bodies.order_change),
    Kind(
        name="silence",
        type=alerting_changes.SilenceChange,
        from_api=alerting_bodies.silence_change,
        from_form=alerting_forms.silence_change,
    ),
    Kind(
        name="maintenance",
        type=alerting_changes.MaintenanceChange,
        from_api=alerting_bodies.maintenance_change,
        from_form=alerting_forms.maintenance_change,
    ),
    Kind(
        name="inhibition",
        type=alerting_changes.InhibitionChange,
        from_api=alerting_bodies.inhibition_change,
        from_form=alerting_forms.inhibition_change,
    ),
    Kind(
        name="policy",
        type=paging_ports.PolicyChange,
        from_api=paging_bodies.policy_change,
        from_form=paging_forms.policy_change,
    ),
    Kind(
        name="rota",
        type=oncall_ports.RotaChange,
        from_api=oncall_bodies.rota_change,
        from_form=oncall_forms.rota_change,
    ),
)
for _kind in WHAT_IF:
    foresight_ports.register_kind(_kind)
