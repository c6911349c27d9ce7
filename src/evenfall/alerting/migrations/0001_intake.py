import django.db.models.deletion
from django.db import migrations, models

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
    dependencies = [("catalog", "0001_initial"), ("identity", "0001_initial")]
    operations = [
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
                            previous_key_hash__isnull=True, previous_key_until__isnull=True
                        )
                        | models.Q(
                            previous_key_hash__isnull=False, previous_key_until__isnull=False
                        ),
                        name="integration_previous_key_ends",
                    )
                ],
            },
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
            options={"db_table": "alerting_signal_batch"},
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
                    options={"db_table": "alerting_signal"},
                ),
            ],
        ),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
