import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
        ("incidents", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="BusinessCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(default="")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "form"),
                            ("api", "api"),
                            ("public", "public"),
                            ("alert", "alert"),
                            ("mail", "mail"),
                            ("pattern", "pattern"),
                        ],
                        max_length=8,
                    ),
                ),
                ("alert_id", models.BigIntegerField(null=True, unique=True)),
                ("pattern_id", models.BigIntegerField(db_index=True, null=True)),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=4
                    ),
                ),
                ("release", models.CharField(default="", max_length=80)),
                ("workaround", models.TextField(default="")),
                ("reporter_name", models.CharField(default="", max_length=100)),
                ("reporter_contact", models.CharField(default="", max_length=200)),
                ("business_contact", models.CharField(default="", max_length=200)),
                ("business_stand_in", models.CharField(default="", max_length=200)),
                (
                    "impact",
                    models.CharField(
                        choices=[("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=8,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=8,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("P1", "P1"),
                            ("P2", "P2"),
                            ("P3", "P3"),
                            ("P4", "P4"),
                            ("P5", "P5"),
                        ],
                        max_length=2,
                    ),
                ),
                ("users_affected", models.PositiveIntegerField(default=0)),
                ("confidence", models.PositiveSmallIntegerField(default=100)),
                ("multiplier", models.PositiveSmallIntegerField(default=100)),
                ("effort_hours", models.FloatField(null=True)),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), db_default=[], default=list
                    ),
                ),
                ("recurs", models.BooleanField(default=False)),
                ("pin", models.CharField(default="", max_length=12)),
                ("override_score", models.FloatField(null=True)),
                ("override_reason", models.TextField(default="")),
                ("override_until", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("needs_info", "needs_info"),
                            ("accepted", "accepted"),
                            ("scheduled", "scheduled"),
                            ("active", "active"),
                            ("waiting", "waiting"),
                            ("verifying", "verifying"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("duplicate", "duplicate"),
                            ("risk_accepted", "risk_accepted"),
                            ("promoted", "promoted"),
                        ],
                        max_length=16,
                    ),
                ),
                ("scheduled_for", models.DateField(null=True)),
                ("exit_reason", models.TextField(db_default="", default="")),
                ("risk_accepted_by", models.CharField(db_default="", default="", max_length=200)),
                ("risk_review_at", models.DateTimeField(null=True)),
                ("risk_reminded_at", models.DateTimeField(null=True)),
                ("incident_over_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_due_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="triage.businesscalendar",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="triage.item",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "technical_contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "technical_stand_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="triage_item_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "accepted",
                                    "active",
                                    "needs_info",
                                    "new",
                                    "scheduled",
                                    "verifying",
                                    "waiting",
                                ],
                            )
                        ),
                        fields=["team"],
                        name="triage_item_open",
                    ),
                    models.Index(fields=["-ended_at", "-id"], name="triage_item_ended_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("assignee",),
                        name="triage_one_in_work_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence__range", (50, 100)), ("multiplier__range", (100, 200))
                        ),
                        name="triage_item_factors",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effort_hours", None), ("effort_hours__gt", 0.0), _connector="OR"
                        ),
                        name="triage_item_effort",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("override_score", None), ("override_until", None)),
                            models.Q(
                                ("override_score__isnull", False),
                                ("override_until__isnull", False),
                                models.Q(("override_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="triage_item_override_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                (
                                    "state__in",
                                    [
                                        "accepted",
                                        "active",
                                        "needs_info",
                                        "new",
                                        "scheduled",
                                        "verifying",
                                        "waiting",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            "accepted",
                                            "active",
                                            "needs_info",
                                            "new",
                                            "scheduled",
                                            "verifying",
                                            "waiting",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__gte", models.F("reported_at")),
                            ),
                            _connector="OR",
                        ),
                        name="triage_item_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duplicate_of__isnull", False), ("state", "duplicate")),
                            models.Q(
                                models.Q(("state", "duplicate"), _negated=True),
                                ("duplicate_of", None),
                            ),
                            _connector="OR",
                        ),
                        name="triage_item_duplicate_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duplicate_of", models.F("id")), _negated=True),
                        name="triage_item_not_its_own_duplicate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("risk_review_at__isnull", False),
                                ("state", "risk_accepted"),
                                models.Q(("risk_accepted_by", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "risk_accepted"), _negated=True),
                                ("risk_review_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="triage_item_risk_has_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "promoted"), _negated=True),
                            ("incident__isnull", False),
                            _connector="OR",
                        ),
                        name="triage_item_promoted_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("reported", "reported"),
                            ("answered", "answered"),
                            ("asked", "asked"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("pulled", "pulled"),
                            ("put_back", "put_back"),
                            ("paused", "paused"),
                            ("resumed", "resumed"),
                            ("scheduled", "scheduled"),
                            ("fixed", "fixed"),
                            ("not_fixed", "not_fixed"),
                            ("done", "done"),
                            ("duplicate", "duplicate"),
                            ("risk_taken", "risk_taken"),
                            ("promoted", "promoted"),
                            ("reopened", "reopened"),
                            ("returned", "returned"),
                            ("resolved", "resolved"),
                            ("prioritised", "prioritised"),
                            ("changed", "changed"),
                            ("overridden", "overridden"),
                            ("commented", "commented"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=64)),
                ("priority", models.CharField(default="", max_length=2)),
                ("reason", models.CharField(default="", max_length=12)),
                ("text", models.TextField(default="")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="triage.item",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "id"], name="triage_event_of_item")],
            },
        ),
        migrations.CreateModel(
            name="MailSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("answers", models.BooleanField(default=True)),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("key_hint", models.CharField(max_length=16)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("team", "name"),
                        name="triage_source_name_of_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            ("closed_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="triage_source_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BinaryField(max_length=32)),
                ("sender", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=200)),
                ("problem", models.CharField(default="", max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="triage.item",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="triage.mailsource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("item", None)),
                        fields=["source", "-id"],
                        name="triage_mail_refused",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "key"), name="triage_mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("item", None), ("problem", ""), _connector="XOR"),
                        name="triage_mail_item_or_problem",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberSkills",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40)
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "user"), name="triage_skills_of_member")
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorityTargets",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("P1", "P1"),
                            ("P2", "P2"),
                            ("P3", "P3"),
                            ("P4", "P4"),
                            ("P5", "P5"),
                        ],
                        max_length=2,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("first_response", models.PositiveIntegerField(null=True)),
                ("decision", models.PositiveIntegerField(null=True)),
                ("next_contact", models.PositiveIntegerField(null=True)),
                ("resolution", models.PositiveIntegerField(null=True)),
                ("around_the_clock", models.BooleanField(default=False)),
                ("set_by", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("priority", "since"), name="triage_targets_since"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wip_limit", models.PositiveSmallIntegerField(null=True)),
                ("weekly_hours", models.FloatField(null=True)),
                ("intake_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("intake_hint", models.CharField(default="", max_length=16)),
                (
                    "calendar",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="triage.businesscalendar",
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wip_limit", None), ("wip_limit__gte", 1), _connector="OR"
                        ),
                        name="triage_wip_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekly_hours", None),
                            ("weekly_hours__range", (0.0, 2000.0)),
                            _connector="OR",
                        ),
                        name="triage_weekly_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warned",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            ("first_response", "first_response"),
                            ("decision", "decision"),
                            ("next_contact", "next_contact"),
                            ("resolution", "resolution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("level", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="triage.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "clock", "started_at", "level"), name="triage_warned_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", (50, 75, 90, 100))),
                        name="triage_warned_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                ("hours", models.JSONField()),
                ("country", models.CharField(default="", max_length=2)),
                ("region", models.CharField(default="", max_length=16)),
                (
                    "company_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), default=list
                    ),
                ),
                ("set_by", models.CharField(max_length=64)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="triage.businesscalendar",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "since"), name="triage_version_since"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("region", ""),
                            models.Q(("country", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="triage_region_in_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapacityWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField()),
                ("items", models.PositiveIntegerField()),
                ("inflow_hours", models.FloatField()),
                ("hours", models.FloatField()),
                ("measured_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "monday"), name="triage_capacity_week_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("monday__iso_week_day", 1)),
                        name="triage_capacity_from_monday",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gte", 0.0), ("inflow_hours__gte", 0.0)),
                        name="triage_capacity_hours",
                    ),
                ],
            },
        ),
    ]
