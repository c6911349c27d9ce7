import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import evenfall.alerting.logic.states

SIGNAL = """
CREATE TABLE alerting_signal (
    id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    integration_id bigint NOT NULL,
    format text NOT NULL,
    unparsed boolean NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE alerting_signal_default PARTITION OF alerting_signal DEFAULT;
CREATE SEQUENCE alerting_signal_batch_number;
"""
NO_SIGNAL = """
DROP TABLE alerting_signal;
DROP SEQUENCE alerting_signal_batch_number;
"""
# The queue is filled and emptied all the time: vacuum by number of rows, not by share.
QUEUE = """
ALTER TABLE alerting_signal_batch
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
"""
# Whoever changes a key, every front door hears of it on commit.
KEYS = """
CREATE FUNCTION alerting_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('evenfall_intake', 'keys');
    RETURN NULL;
END $$;
CREATE TRIGGER alerting_keys_changed
AFTER INSERT OR DELETE OR TRUNCATE
    OR UPDATE OF key_hash, previous_key_hash, previous_key_until, is_enabled, mapping
ON alerting_integration FOR EACH STATEMENT EXECUTE FUNCTION alerting_keys_changed();
"""
NO_KEYS = """
DROP TRIGGER alerting_keys_changed ON alerting_integration;
DROP FUNCTION alerting_keys_changed();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
        ("runbooks", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertGroup",
            fields=[
                ("base", models.TextField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("last_alert_at", models.DateTimeField()),
            ],
            options={
                "db_table": "alerting_group",
            },
        ),
        migrations.CreateModel(
            name="IntakeBeat",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "alerting_intake_beat",
            },
        ),
        migrations.CreateModel(
            name="Integration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("key_hint", models.CharField(max_length=12)),
                ("previous_key_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("previous_key_until", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("environment", models.CharField(blank=True, default="", max_length=16)),
                ("mapping", models.JSONField(default=dict)),
                ("is_enabled", models.BooleanField(db_default=True, default=True)),
                ("created_at", models.DateTimeField()),
                ("last_signal_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="integration_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("previous_key_hash__isnull", True),
                                ("previous_key_until__isnull", True),
                            ),
                            models.Q(
                                ("previous_key_hash__isnull", False),
                                ("previous_key_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="integration_previous_key_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerting.integration",
                    ),
                ),
                ("dedup_key", models.TextField()),
                ("key_hash", models.BinaryField(max_length=16)),
                (
                    "state",
                    models.TextField(db_default=evenfall.alerting.logic.states.AlertState["OPEN"]),
                ),
                ("severity", models.TextField()),
                ("told_severity", models.TextField(blank=True, default="")),
                ("environment", models.TextField()),
                ("told_environment", models.TextField(blank=True, default="")),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("outcome", models.TextField()),
                ("urgency", models.TextField()),
                ("held_by", models.TextField(blank=True, default="")),
                ("silence_id", models.BigIntegerField(null=True)),
                ("maintenance_id", models.BigIntegerField(null=True)),
                ("rule_id", models.BigIntegerField(null=True)),
                ("rules_version", models.BigIntegerField(default=0)),
                ("policy_id", models.BigIntegerField(null=True)),
                ("group_key", models.TextField(blank=True, default="")),
                ("decision", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField()),
                ("summary", models.TextField()),
                ("source", models.TextField(blank=True, default="")),
                ("labels", models.JSONField(default=dict)),
                ("annotations", models.JSONField(default=dict)),
                ("details", models.JSONField(default=dict)),
                ("extra", models.JSONField(default=dict)),
                ("unparsed", models.TextField(blank=True, default="")),
                ("search", models.TextField(blank=True, db_default="", default="")),
                ("count", models.IntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.TextField(blank=True, default="")),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by", models.TextField(blank=True, default="")),
                ("resolve_reason", models.TextField(blank=True, default="")),
                ("signal_id", models.BigIntegerField(null=True)),
                ("last_signal_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            )
                        ),
                        fields=["-id"],
                        name="alert_live",
                    ),
                    models.Index(fields=["service", "-id"], name="alert_by_service"),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            )
                        ),
                        fields=["team", "-id"],
                        name="alert_live_by_team",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            )
                        ),
                        fields=["severity", "-id"],
                        name="alert_live_severity",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            ),
                            ("expires_at__isnull", False),
                        ),
                        fields=["expires_at"],
                        name="alert_expiring",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            ),
                            models.Q(
                                ("silence_id__isnull", False),
                                ("maintenance_id__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        fields=["id"],
                        name="alert_held",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    evenfall.alerting.logic.states.AlertState["OPEN"],
                                    evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                                ],
                            )
                        ),
                        fields=("integration", "key_hash"),
                        name="alert_live_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "acknowledged", "resolved"])),
                        name="alert_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("severity__in", ["critical", "error", "warning", "info"])
                        ),
                        name="alert_severity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["page", "low", "ticket", "automate", "record"]),
                            ("urgency__in", ["high", "low"]),
                        ),
                        name="alert_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("state", evenfall.alerting.logic.states.AlertState["RESOLVED"]),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state",
                                        evenfall.alerting.logic.states.AlertState["RESOLVED"],
                                    ),
                                    _negated=True,
                                ),
                                ("resolved_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="alert_resolved_has_time",
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            # Django cannot say PARTITION BY; the state is what the ORM sees of the table.
            database_operations=[migrations.RunSQL(SIGNAL, NO_SIGNAL)],
            state_operations=[
                migrations.CreateModel(
                    name="Signal",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("received_at", models.DateTimeField()),
                        ("integration_id", models.BigIntegerField()),
                        ("format", models.TextField()),
                        ("unparsed", models.BooleanField()),
                        ("body", models.BinaryField()),
                    ],
                    options={
                        "db_table": "alerting_signal",
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignalBatch",
            fields=[
                ("first_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("size", models.IntegerField()),
                ("received_from", models.DateTimeField()),
                ("received_to", models.DateTimeField()),
                ("body_bytes", models.BigIntegerField()),
            ],
            options={
                "db_table": "alerting_signal_batch",
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("matchers", models.JSONField()),
                ("comment", models.CharField(blank=True, default="", max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("created_by_name", models.CharField(max_length=120)),
                ("ended_by", models.CharField(blank=True, default="", max_length=40)),
                ("applied_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ends_at", "id"], name="silence_by_end"),
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["id"],
                        name="silence_unreleased",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="silence_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "service_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list
                    ),
                ),
                ("matchers", models.JSONField(default=list)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("created_by_name", models.CharField(max_length=120)),
                ("ended_by", models.CharField(blank=True, default="", max_length=40)),
                ("applied_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "alerting_maintenance",
                "indexes": [
                    models.Index(fields=["ends_at", "id"], name="maintenance_by_end"),
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["id"],
                        name="maintenance_unreleased",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="maintenance_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alert_id", models.BigIntegerField(unique=True)),
                ("service_id", models.BigIntegerField(null=True)),
                ("rule_id", models.BigIntegerField(null=True)),
                ("rule_name", models.TextField(blank=True, default="")),
                ("runbook_id", models.BigIntegerField(null=True)),
                ("runbook", models.TextField(blank=True, default="")),
                ("group_key", models.TextField(blank=True, default="")),
                ("clear_within_s", models.PositiveIntegerField()),
                ("state", models.CharField(default="planned", max_length=12)),
                ("why", models.TextField(blank=True, default="")),
                ("run_id", models.BigIntegerField(null=True)),
                ("planned_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ran_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "alerting_repair",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="repair_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "watching"])),
                        fields=["run_id"],
                        name="repair_under_way",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "running",
                                    "watching",
                                    "healed",
                                    "gave_up",
                                    "not_needed",
                                ],
                            )
                        ),
                        name="repair_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False),
                                ("state__in", ["planned", "running", "watching"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["planned", "running", "watching"]), _negated=True
                                ),
                                ("due_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="repair_live_is_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RepairLimits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("most_at_once", models.PositiveIntegerField(default=3)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "alerting_repair_limits",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="repair_limits_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.IntegerField()),
                ("name", models.CharField(max_length=120)),
                ("condition", models.TextField(default="true")),
                ("outcome", models.CharField(blank=True, default="", max_length=16)),
                ("urgency", models.CharField(blank=True, default="", max_length=16)),
                ("severity", models.CharField(blank=True, default="", max_length=16)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                ("policy_id", models.BigIntegerField(null=True)),
                (
                    "runbook",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
                ("clear_within_s", models.PositiveIntegerField(null=True)),
                (
                    "group_by",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), null=True
                    ),
                ),
                ("group_window_s", models.PositiveIntegerField(null=True)),
                ("is_catch_all", models.BooleanField(default=False)),
                ("is_enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "alerting_rule",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_catch_all", True)),
                        fields=("is_catch_all",),
                        name="rule_one_catch_all",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleBookVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("rules", models.JSONField()),
            ],
            options={
                "db_table": "alerting_rule_book",
            },
        ),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
