import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COUNT = """
CREATE TABLE slo_count (
    series_id integer NOT NULL,
    at timestamptz NOT NULL,
    good double precision NOT NULL,
    total double precision NOT NULL,
    PRIMARY KEY (series_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE slo_count_default PARTITION OF slo_count DEFAULT;
"""
SUMS = """
ALTER TABLE slo_hour_sum SET (fillfactor = 80);
ALTER TABLE slo_day_sum SET (fillfactor = 80);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial"), ("identity", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            # Django cannot say PARTITION BY; the state below is what the ORM sees of the table.
            database_operations=[migrations.RunSQL(COUNT, "DROP TABLE slo_count")],
            state_operations=[
                migrations.CreateModel(
                    name="Count",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "series_id",
                                "at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("series_id", models.IntegerField()),
                        ("at", models.DateTimeField()),
                        ("good", models.FloatField()),
                        ("total", models.FloatField()),
                    ],
                    options={
                        "db_table": "slo_count",
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series_id",
                        "at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("series_id", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("good", models.FloatField()),
                ("total", models.FloatField()),
            ],
            options={
                "db_table": "slo_day_sum",
            },
        ),
        migrations.CreateModel(
            name="HourSum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series_id",
                        "at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("series_id", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("good", models.FloatField()),
                ("total", models.FloatField()),
            ],
            options={
                "db_table": "slo_hour_sum",
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_minute", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=63, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, default="")),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")],
                        default="PROD",
                        max_length=8,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("metrics", "metrics"),
                            ("pushed", "pushed"),
                            ("monitors", "monitors"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("bad", "bad"),
                            ("success", "success"),
                            ("failure", "failure"),
                            ("threshold", "threshold"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source_id", models.BigIntegerField(null=True)),
                ("query", models.TextField(blank=True, default="")),
                ("total", models.TextField(blank=True, default="")),
                ("created", models.TextField(blank=True, default="")),
                ("is_counter", models.BooleanField(default=True)),
                (
                    "op",
                    models.CharField(
                        choices=[("lte", "lte"), ("lt", "lt"), ("gte", "gte"), ("gt", "gt")],
                        default="lte",
                        max_length=3,
                    ),
                ),
                ("limit", models.FloatField(default=0.0)),
                (
                    "monitor_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list
                    ),
                ),
                ("labels", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
                ("read_until", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True, default="")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "series",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slo.series",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name", "id"], name="indicator_by_name"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="indicator_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["metrics", "pushed", "monitors"])),
                        name="indicator_origin_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure__in", ["good", "bad", "success", "failure", "threshold"])
                        ),
                        name="indicator_measure_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=63, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, default="")),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")],
                        default="PROD",
                        max_length=8,
                    ),
                ),
                ("target", models.FloatField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("Occurrences", "Occurrences"),
                            ("Timeslices", "Timeslices"),
                            ("RatioTimeslices", "RatioTimeslices"),
                        ],
                        max_length=16,
                    ),
                ),
                ("slice_target", models.FloatField(default=1.0)),
                ("slice_minutes", models.PositiveSmallIntegerField(default=1)),
                (
                    "no_data",
                    models.CharField(
                        choices=[("good", "good"), ("bad", "bad"), ("skip", "skip")],
                        default="skip",
                        max_length=4,
                    ),
                ),
                ("span_number", models.PositiveSmallIntegerField()),
                (
                    "span_unit",
                    models.CharField(
                        choices=[
                            ("m", "m"),
                            ("h", "h"),
                            ("d", "d"),
                            ("w", "w"),
                            ("M", "M"),
                            ("Q", "Q"),
                            ("Y", "Y"),
                        ],
                        max_length=1,
                    ),
                ),
                ("zone", models.CharField(blank=True, default="", max_length=64)),
                ("starts", models.CharField(blank=True, default="", max_length=19)),
                ("alerts", models.JSONField(blank=True, default=dict)),
                ("warn_below", models.FloatField(default=0.25)),
                ("thaw_from", models.FloatField(default=0.1)),
                ("labels", models.JSONField(blank=True, default=dict)),
                ("sliced_until", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "indicator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="slo.indicator",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "slices",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slo.series",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="objective_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target__gte", 0), ("target__lt", 1)),
                        name="objective_target_below_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method__in", ["Occurrences", "Timeslices", "RatioTimeslices"])
                        ),
                        name="objective_method_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("starts", ""), ("zone", "")),
                            models.Q(
                                models.Q(("zone", ""), _negated=True),
                                models.Q(("starts", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="objective_calendar_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("security", "security"),
                            ("p0", "p0"),
                            ("third_party", "third_party"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("review_on", models.DateField()),
                ("ends_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="slo.objective",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["objective", "-asked_at"], name="exception_by_time")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["security", "p0", "third_party"])),
                        name="exception_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="exception_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="exception_not_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectiveMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("weight", models.FloatField(default=1.0)),
                ("target", models.FloatField(null=True)),
                ("slice_target", models.FloatField(null=True)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slo.indicator",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="slo.objective",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("objective", "indicator"), name="member_indicator_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0)), name="member_weighs_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectiveVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("said", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="slo.objective",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("objective", "version"), name="objective_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="slo.indicator",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="push_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "key"), name="push_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExceptionReview",
            fields=[
                (
                    "exception",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="slo.budgetexception",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("justified", "justified"),
                            ("follow_up", "follow_up"),
                            ("unjustified", "unjustified"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["justified", "follow_up", "unjustified"])
                        ),
                        name="review_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="review_with_note"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident", "incident"),
                            ("release", "release"),
                            ("maintenance", "maintenance"),
                            ("dependency", "dependency"),
                            ("experiment", "experiment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reference", models.CharField(max_length=120)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("url", models.CharField(blank=True, default="", max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["service", "-starts_at"], name="charge_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "kind", "reference"), name="charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="charge_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "objective",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="slo.objective",
                    ),
                ),
                ("evaluated_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("good", models.FloatField(null=True)),
                ("total", models.FloatField(null=True)),
                ("spent", models.FloatField(null=True)),
                ("spent_raw", models.FloatField(null=True)),
                ("spent_forecast", models.FloatField(null=True)),
                ("burn", models.FloatField(null=True)),
                ("exhausted_at", models.DateTimeField(null=True)),
                ("burns", models.JSONField(default=list)),
                ("last_data_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("UNKNOWN", "UNKNOWN"),
                            ("OK", "OK"),
                            ("WARN", "WARN"),
                            ("FROZEN", "FROZEN"),
                        ],
                        default="UNKNOWN",
                        max_length=8,
                    ),
                ),
                ("state_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["UNKNOWN", "OK", "WARN", "FROZEN"])),
                        name="standing_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Firing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("pair", models.CharField(blank=True, default="", max_length=60)),
                ("long", models.PositiveIntegerField(null=True)),
                ("short", models.PositiveIntegerField(null=True)),
                ("factor", models.FloatField(null=True)),
                ("burn_long", models.FloatField(null=True)),
                ("burn_short", models.FloatField(null=True)),
                ("said", models.TextField(blank=True, default="")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="firings",
                        to="slo.objective",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["objective", "-started_at"], name="firing_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("objective", "kind"),
                        name="firing_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("maintenance", "maintenance"),
                            ("false_data", "false_data"),
                            ("not_ours", "not_ours"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="slo.objective",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["objective", "-starts_at"], name="correction_by_time")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="correction_has_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="correction_with_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SUMS, migrations.RunSQL.noop),
    ]
