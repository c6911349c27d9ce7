import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import evenfall.alerting.logic.states
import evenfall.alerting.logic.updates
import evenfall.platform.crypto

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
QUEUE = """
ALTER TABLE alerting_signal_batch
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
"""
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
INDEX = """
CREATE INDEX alerting_signal_by_moment ON alerting_signal
USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on)
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
            name="GraphBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("graph", models.JSONField()),
            ],
            options={
                "db_table": "alerting_graph_book",
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
            name="RolesBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField()),
            ],
            options={
                "db_table": "alerting_roles_book",
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
                ("what", models.TextField(db_default="", default="")),
                ("note", models.TextField(db_default="", default="")),
                ("rules", models.JSONField()),
                ("inhibitions", models.JSONField(db_default=[], default=list)),
            ],
            options={
                "db_table": "alerting_rule_book",
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
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dedup_key", models.TextField()),
                ("key_hash", models.BinaryField(max_length=16)),
                (
                    "state",
                    models.TextField(db_default=evenfall.alerting.logic.states.AlertState["OPEN"]),
                ),
                ("search", models.TextField(blank=True, db_default="", default="")),
                ("severity", models.TextField()),
                ("told_severity", models.TextField(blank=True, default="")),
                ("environment", models.TextField()),
                ("told_environment", models.TextField(blank=True, default="")),
                ("outcome", models.TextField()),
                ("urgency", models.TextField()),
                ("held_by", models.TextField(blank=True, default="")),
                ("silence_id", models.BigIntegerField(null=True)),
                ("maintenance_id", models.BigIntegerField(null=True)),
                ("inhibitor_id", models.BigIntegerField(null=True)),
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
                ("count", models.IntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.TextField(blank=True, default="")),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by", models.TextField(blank=True, default="")),
                ("is_flapping", models.BooleanField(db_default=False, default=False)),
                ("is_split", models.BooleanField(db_default=False, default=False)),
                ("calm_since", models.DateTimeField(null=True)),
                ("resolve_reason", models.TextField(blank=True, default="")),
                ("signal_id", models.BigIntegerField(null=True)),
                ("last_signal_id", models.BigIntegerField(null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="AlertRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alert_id", models.BigIntegerField()),
                ("rule_id", models.BigIntegerField()),
                ("key", models.BinaryField(max_length=16)),
                ("is_source", models.BooleanField()),
                ("is_target", models.BooleanField()),
                ("is_applied", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "alerting_alert_role",
                "indexes": [
                    models.Index(fields=["rule_id", "key"], name="alert_role_meets"),
                    models.Index(
                        condition=models.Q(("is_applied", False), ("is_source", True)),
                        fields=["id"],
                        name="alert_role_new",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("alert_id", "rule_id"), name="alert_role_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DependenceSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("most_steps", models.PositiveSmallIntegerField(default=3)),
                ("window_s", models.PositiveIntegerField(default=3600)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "alerting_dependence",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="dependence_once"),
                    models.CheckConstraint(
                        condition=models.Q(("most_steps__range", (1, 6))), name="dependence_steps"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EndNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                ("why", models.TextField()),
                ("is_kept", models.BooleanField(default=False)),
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerting.alert",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_end_notice",
            },
        ),
        migrations.CreateModel(
            name="InhibitionRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("source", models.JSONField()),
                ("target", models.JSONField()),
                (
                    "equal",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "alerting_inhibition",
                "indexes": [models.Index(fields=["name", "id"], name="inhibition_by_name")],
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
                ("environment", models.CharField(blank=True, default="", max_length=16)),
                ("mapping", models.JSONField(default=dict)),
                ("secret", evenfall.platform.crypto.EncryptedField(null=True)),
                ("is_enabled", models.BooleanField(db_default=True, default=True)),
                ("created_at", models.DateTimeField()),
                ("last_signal_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
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
            name="AutoEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.BigIntegerField(null=True, unique=True)),
                ("quiet_s", models.PositiveIntegerField(null=True)),
                ("age_s", models.PositiveIntegerField(null=True)),
                ("also_paging", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
                (
                    "service",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "integration",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerting.integration",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_auto_end",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("integration", None), ("rule_id__isnull", False), ("service", None)
                            ),
                            models.Q(
                                ("integration", None), ("rule_id", None), ("service__isnull", False)
                            ),
                            models.Q(
                                ("integration__isnull", False), ("rule_id", None), ("service", None)
                            ),
                            _connector="OR",
                        ),
                        name="auto_end_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quiet_s__isnull", False), ("age_s__isnull", False), _connector="OR"
                        ),
                        name="auto_end_some",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="integration",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="alerting.integration",
            ),
        ),
        migrations.CreateModel(
            name="MappingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mapping", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("what", models.TextField(default="")),
                ("note", models.TextField(default="")),
                (
                    "integration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerting.integration",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_mapping_version",
            },
        ),
        migrations.CreateModel(
            name="RecurringMaintenance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("rule", models.CharField(max_length=300)),
                ("begins_on", models.DateField()),
                ("begins_at", models.TimeField()),
                ("length_s", models.PositiveIntegerField()),
                ("zone", models.CharField(max_length=60)),
                (
                    "exceptions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), default=list
                    ),
                ),
                ("last_on", models.DateField(null=True)),
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
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=40)),
                ("created_by_name", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=40)),
                ("plan_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "alerting_recurring_maintenance",
                "indexes": [models.Index(fields=["name", "id"], name="recurring_by_name")],
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
                ("day", models.DateField(null=True)),
                (
                    "series",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="windows",
                        to="alerting.recurringmaintenance",
                    ),
                ),
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
                    models.UniqueConstraint(
                        fields=("series", "day"), name="maintenance_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="maintenance_order",
                    ),
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
                ("policy_id", models.BigIntegerField(null=True)),
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
                (
                    "runbook",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
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
            name="ServiceHolding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holding", models.CharField(max_length=8)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=40)),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_service_holding",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("holding__in", ["auto", "always", "never"])),
                        name="holding_known",
                    )
                ],
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
            name="VendorFetch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.TextField(unique=True)),
                ("purpose", models.CharField(max_length=16)),
                ("content", models.TextField(blank=True, default="")),
                ("tries", models.IntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                (
                    "integration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerting.integration",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_vendor_fetch",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="fetch_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingSignal",
            fields=[
                ("signal_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                (
                    "fetch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerting.vendorfetch",
                    ),
                ),
            ],
            options={
                "db_table": "alerting_waiting_signal",
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["service", "-id"], name="alert_by_service"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True,
                fields=["opened_at"],
                name="alert_by_opening",
                pages_per_range=32,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            evenfall.alerting.logic.states.AlertState["OPEN"],
                            evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                        ],
                    ),
                    ("inhibitor_id__isnull", False),
                ),
                fields=["inhibitor_id"],
                name="alert_inhibited",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            evenfall.alerting.logic.states.AlertState["OPEN"],
                            evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                        ],
                    ),
                    ("held_by", ""),
                    ("outcome", evenfall.alerting.logic.updates.Outcome["PAGE"]),
                    ("urgency", evenfall.alerting.logic.updates.Urgency["HIGH"]),
                ),
                fields=["service", "environment", "id"],
                name="alert_calling",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            evenfall.alerting.logic.states.AlertState["OPEN"],
                            evenfall.alerting.logic.states.AlertState["ACKNOWLEDGED"],
                        ],
                    ),
                    ("calm_since__isnull", False),
                ),
                fields=["calm_since"],
                name="alert_calming",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("state", evenfall.alerting.logic.states.AlertState["RESOLVED"])
                ),
                fields=["integration", "key_hash", "resolved_at"],
                name="alert_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "acknowledged", "resolved"])),
                name="alert_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["critical", "error", "warning", "info"])),
                name="alert_severity",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["page", "low", "ticket", "automate", "record"]),
                    ("urgency__in", ["high", "low"]),
                ),
                name="alert_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("state", evenfall.alerting.logic.states.AlertState["RESOLVED"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state", evenfall.alerting.logic.states.AlertState["RESOLVED"]),
                            _negated=True,
                        ),
                        ("resolved_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="alert_resolved_has_time",
            ),
        ),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, NO_KEYS),
        migrations.RunSQL(INDEX, "DROP INDEX alerting_signal_by_moment"),
    ]
