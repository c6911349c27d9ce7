"""The addresses of alerting."""

from django.urls import path

from evenfall.alerting.views import (
    alerts,
    inhibitions,
    integrations,
    mapping,
    quiet,
    repairs,
    rules,
    versions,
)

app_name = "alerting"
urlpatterns = [
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/acknowledge/", alerts.acknowledge, name="acknowledge"),
    path("alerts/<int:alert_id>/resolve/", alerts.resolve, name="resolve"),
    path("silences/", quiet.silence_list, name="silences"),
    path("silences/new/", quiet.new_silence, name="new_silence"),
    path("silences/preview/", quiet.silence_preview, name="silence_preview"),
    path("silences/<int:silence_id>/end/", quiet.end_silence, name="end_silence"),
    path("inhibitions/", inhibitions.inhibition_list, name="inhibitions"),
    path("inhibitions/new/", inhibitions.new_inhibition, name="new_inhibition"),
    path("inhibitions/preview/", inhibitions.inhibition_preview, name="inhibition_preview"),
    path("inhibitions/<int:inhibition_id>/", inhibitions.edit_inhibition, name="inhibition"),
    path(
        "inhibitions/<int:inhibition_id>/delete/",
        inhibitions.delete_inhibition,
        name="delete_inhibition",
    ),
    path("maintenance/", quiet.maintenance_list, name="maintenance"),
    path("maintenance/new/", quiet.new_maintenance, name="new_maintenance"),
    path("maintenance/<int:maintenance_id>/end/", quiet.end_maintenance, name="end_maintenance"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", rules.new_rule, name="new_rule"),
    path("rules/check/", rules.check_condition, name="check_condition"),
    path("rules/versions/", versions.version_list, name="rule_versions"),
    path("rules/versions/<int:rules_version>/", versions.version, name="rule_version"),
    path(
        "rules/versions/<int:rules_version>/rules.json",
        versions.export_version,
        name="export_version",
    ),
    path(
        "rules/versions/<int:rules_version>/restore/",
        versions.restore_version,
        name="restore_version",
    ),
    path("repairs/", repairs.repairs, name="repairs"),
    path("repairs/limits/", repairs.limits, name="repair_limits"),
    path("rules/<int:rule_id>/", rules.edit_rule, name="rule"),
    path("rules/<int:rule_id>/move/", rules.move_rule, name="move_rule"),
    path("rules/<int:rule_id>/delete/", rules.delete_rule, name="delete_rule"),
    path("integrations/", integrations.integration_list, name="integrations"),
    path("integrations/new/", integrations.new_integration, name="new_integration"),
    path("integrations/<int:integration_id>/", integrations.integration, name="integration"),
    path(
        "integrations/<int:integration_id>/edit/",
        integrations.edit_integration,
        name="edit_integration",
    ),
    path("integrations/<int:integration_id>/rotate/", integrations.rotate_key, name="rotate_key"),
    path("integrations/<int:integration_id>/mapping/", mapping.mapping, name="mapping"),
    path("integrations/<int:integration_id>/mapping/try/", mapping.try_mapping, name="try_mapping"),
    path(
        "integrations/<int:integration_id>/mapping/restore/<int:mapping_version>/",
        mapping.restore_mapping,
        name="restore_mapping",
    ),
    path(
        "integrations/<int:integration_id>/switch/",
        integrations.switch_integration,
        name="switch_integration",
    ),
]
