import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("catalog", "0001_initial"),
        ("changes", "0001_initial"),
        ("identity", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="ApprovalRule",
            fields=[
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("SEV1", "SEV1"),
                            ("SEV2", "SEV2"),
                            ("SEV3", "SEV3"),
                            ("SEV4", "SEV4"),
                            ("SEV5", "SEV5"),
                        ],
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("title_set_by_person", models.BooleanField(db_default=False, default=False)),
                (
                    "lead_title",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                ("description", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("acknowledged", "acknowledged"),
                            ("fixing", "fixing"),
                            ("monitoring", "monitoring"),
                            ("paused", "paused"),
                            ("resolved", "resolved"),
                            ("review", "review"),
                            ("closed", "closed"),
                            ("declined", "declined"),
                            ("merged", "merged"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("SEV1", "SEV1"),
                            ("SEV2", "SEV2"),
                            ("SEV3", "SEV3"),
                            ("SEV4", "SEV4"),
                            ("SEV5", "SEV5"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "declared_severity",
                    models.CharField(
                        choices=[
                            ("SEV1", "SEV1"),
                            ("SEV2", "SEV2"),
                            ("SEV3", "SEV3"),
                            ("SEV4", "SEV4"),
                            ("SEV5", "SEV5"),
                        ],
                        max_length=16,
                    ),
                ),
                ("severity_set_by_person", models.BooleanField(default=False)),
                (
                    "urgency",
                    models.CharField(choices=[("high", "high"), ("low", "low")], max_length=8),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                ("declared", models.BooleanField(default=False)),
                ("not_actionable", models.BooleanField(default=False)),
                (
                    "request_key",
                    models.CharField(blank=True, db_default="", default="", max_length=300),
                ),
                ("is_private", models.BooleanField(db_default=False, default=False)),
                ("is_paged", models.BooleanField(default=False)),
                ("group_key", models.TextField(blank=True, default="")),
                ("holds_group", models.BooleanField(default=False)),
                ("policy_id", models.BigIntegerField(null=True)),
                ("alert_count", models.PositiveIntegerField(default=0)),
                ("open_alert_count", models.PositiveIntegerField(default=0)),
                ("impact_started_at", models.DateTimeField(null=True)),
                ("detected_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
                (
                    "state_reason",
                    models.CharField(blank=True, db_default="", default="", max_length=500),
                ),
                ("resume_by", models.DateTimeField(null=True)),
                ("resume_told_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("mobilised_at", models.DateTimeField(null=True)),
                ("mitigated_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="incidents.incident",
                    ),
                ),
                (
                    "mobilised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recurrence_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recurrences",
                        to="incidents.incident",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "state_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-opened_at", "-id"], name="incident_by_time"),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["acknowledged", "fixing", "monitoring", "open", "paused"],
                            )
                        ),
                        fields=["-opened_at", "-id"],
                        name="incident_live",
                    ),
                    models.Index(
                        fields=["service", "-opened_at", "-id"], name="incident_by_service"
                    ),
                    models.Index(fields=["team", "-opened_at", "-id"], name="incident_by_team"),
                    models.Index(
                        condition=models.Q(("state__in", ["closed", "resolved", "review"])),
                        fields=["group_key", "-resolved_at"],
                        name="incident_ended_group",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "title", "description", config="simple"
                        ),
                        name="incident_words",
                    ),
                    models.Index(
                        condition=models.Q(("resume_told_at", None), ("state", "paused")),
                        fields=["resume_by"],
                        name="incident_to_resume",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("holds_group", True)),
                        fields=("group_key",),
                        name="incident_one_for_each_group",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("request_key", ""), _negated=True),
                        fields=("request_key",),
                        name="incident_declared_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "acknowledged",
                                    "fixing",
                                    "monitoring",
                                    "paused",
                                    "resolved",
                                    "review",
                                    "closed",
                                    "declined",
                                    "merged",
                                ],
                            )
                        ),
                        name="incident_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declared_severity__in", ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]),
                            ("severity__in", ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]),
                        ),
                        name="incident_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("environment", "PROD"),
                            models.Q(
                                ("declared_severity__in", ["SEV3", "SEV4", "SEV5"]),
                                ("severity__in", ["SEV3", "SEV4", "SEV5"]),
                            ),
                            _connector="OR",
                        ),
                        name="incident_severity_capped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="incident_merged_into_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["closed", "resolved", "review"]), _negated=True
                            ),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="incident_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resume_by__isnull", False), ("state", "paused")),
                            models.Q(
                                models.Q(("state", "paused"), _negated=True), ("resume_by", None)
                            ),
                            _connector="OR",
                        ),
                        name="incident_paused_until_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_alert_count__lte", models.F("alert_count"))),
                        name="incident_open_alerts_are_alerts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LongIncident",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="long",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("declared_at", models.DateTimeField()),
                ("declared_by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Called",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page_id", models.BigIntegerField(null=True)),
                ("called_at", models.DateTimeField()),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="called",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "user", "group"),
                        name="called_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", None), ("group", None), _connector="XOR"),
                        name="called_is_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alert_id", models.BigIntegerField(unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("critical", "critical"),
                            ("error", "error"),
                            ("warning", "warning"),
                            ("info", "info"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("is_held", models.BooleanField(default=False)),
                ("cause_alert_id", models.BigIntegerField(null=True)),
                ("log_lines", models.JSONField(default=list)),
                ("joined_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["incident", "-is_open", "-joined_at", "-id"],
                        name="alert_of_incident",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consequences",
                        to="incidents.incident",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "cause"), name="incident_cause_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("incident", models.F("cause")), _negated=True),
                        name="incident_cause_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Insider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="insiders",
                        to="incidents.incident",
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
                    models.UniqueConstraint(fields=("incident", "user"), name="insider_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeHeard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        choices=[("began", "began"), ("back", "back"), ("ended", "ended")],
                        max_length=8,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
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
                    models.UniqueConstraint(fields=("incident", "user"), name="life_heard_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Listener",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("SEV1", "SEV1"),
                            ("SEV2", "SEV2"),
                            ("SEV3", "SEV3"),
                            ("SEV4", "SEV4"),
                            ("SEV5", "SEV5"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                (
                    "hears",
                    models.CharField(
                        choices=[
                            ("called", "called"),
                            ("staff", "staff"),
                            ("executives", "executives"),
                            ("life", "life"),
                        ],
                        max_length=16,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=80)),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("severity", "environment", "team", "hears", "user", "group"),
                        name="listener_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", None), ("group", None), _connector="XOR"),
                        name="listener_is_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("severity__in", ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"])
                        ),
                        name="listener_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hears__in", ["called", "staff", "executives", "life"])
                        ),
                        name="listener_hears_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.CharField(max_length=40)),
                ("is_pinned", models.BooleanField(default=False)),
                ("remark", models.CharField(blank=True, default="", max_length=500)),
                ("remark_actor", models.CharField(blank=True, default="", max_length=80)),
                ("remarked_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "entry"), name="mark_one_for_each_entry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remark", ""), ("remarked_at__isnull", False), _connector="OR"
                        ),
                        name="mark_remark_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("corrected_at", models.DateTimeField(null=True)),
                (
                    "corrected_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "struck_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident", "id"], name="note_of_incident"),
                    models.Index(fields=["incident", "happened_at", "id"], name="note_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("image/png", "image/png"),
                            ("image/jpeg", "image/jpeg"),
                            ("image/webp", "image/webp"),
                            ("image/gif", "image/gif"),
                        ],
                        max_length=16,
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("body", models.BinaryField()),
                ("actor", models.CharField(max_length=80)),
                ("attached_at", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="incidents.note",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["note", "id"], name="image_of_note")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "content_type__in",
                                ["image/png", "image/jpeg", "image/webp", "image/gif"],
                            )
                        ),
                        name="image_content_type_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("happened_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("written_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="incidents.note",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["note", "id"], name="version_of_note")],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("staff", "staff"),
                            ("executives", "executives"),
                        ],
                        max_length=16,
                    ),
                ),
                ("severity", models.CharField(max_length=16)),
                ("is_first", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("interval", models.DurationField()),
                (
                    "named_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                (
                    "taken",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("warn", "warn"),
                            ("due", "due"),
                            ("help", "help"),
                            ("break", "break"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("step_at", models.DateTimeField(null=True)),
                ("nudges", models.PositiveSmallIntegerField(default=0)),
                ("broken_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", ""), ("kept", "kept"), ("withdrawn", "withdrawn")],
                        db_default="",
                        default="",
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                ("page_id", models.BigIntegerField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("step_at__isnull", False)),
                        fields=["step_at"],
                        name="promise_step_due",
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "")),
                        fields=["due_at", "id"],
                        name="promise_open_by_due",
                    ),
                    models.Index(fields=["due_at", "id"], name="promise_by_due"),
                    models.Index(fields=["incident", "id"], name="promise_of_incident"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("incident", "audience"),
                        name="promise_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "staff", "executives"])),
                        name="promise_audience_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("settled_at__isnull", False),
                                ("step_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="promise_settled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("made_at"))),
                        name="promise_due_after_it_was_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nudges__lte", 3)), name="promise_few_nudges"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("commander", "commander"),
                            ("deputy", "deputy"),
                            ("scribe", "scribe"),
                            ("communications", "communications"),
                            ("expert", "expert"),
                            ("observer", "observer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_why",
                    models.CharField(blank=True, db_default="", default="", max_length=16),
                ),
                ("given_by", models.CharField(max_length=80)),
                ("relief_due_at", models.DateTimeField(null=True)),
                ("relief_offered_at", models.DateTimeField(null=True)),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="incidents.incident",
                    ),
                ),
                (
                    "relief_offered_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident", "started_at", "id"], name="role_of_incident"),
                    models.Index(
                        condition=models.Q(("relief_due_at__isnull", False)),
                        fields=["relief_due_at"],
                        name="role_relief_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("role__in", ["commander", "communications", "deputy", "scribe"]),
                        ),
                        fields=("incident", "role"),
                        name="role_held_by_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("incident", "role", "user"),
                        name="role_held_once_by_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "commander",
                                    "deputy",
                                    "scribe",
                                    "communications",
                                    "expert",
                                    "observer",
                                ],
                            )
                        ),
                        name="role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_why", "")),
                            models.Q(
                                ("ended_at__gte", models.F("started_at")),
                                ("ended_why__in", ["left", "handed_over", "over"]),
                            ),
                            _connector="OR",
                        ),
                        name="role_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(max_length=32)),
                ("severity", models.CharField(max_length=16)),
                ("next_steps", models.TextField(blank=True, default="")),
                ("tasks", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("given_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="incidents.incident",
                    ),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handover",
                        to="incidents.roleassignment",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "-id"], name="handover_of_incident")],
            },
        ),
        migrations.CreateModel(
            name="SuspectVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_confirmed", models.BooleanField()),
                ("score", models.PositiveSmallIntegerField(null=True)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=80)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="changes.change",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "change"), name="suspect_one_verdict_each"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_confirmed", True)),
                        fields=("incident",),
                        name="suspect_one_cause_each",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("done", "done"), ("dropped", "dropped")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("position", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, default="", max_length=80)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
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
                    models.Index(fields=["incident", "position", "id"], name="task_of_incident")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "done")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "dropped"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="task_closed_has_time_and_dropped_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("draft", models.TextField(blank=True, default="")),
                ("severity", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=16)),
                ("told_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="updates",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "-id"], name="update_of_incident")],
            },
        ),
        migrations.CreateModel(
            name="ProposedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("next_update_at", models.DateTimeField(null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("approved", "approved"),
                            ("sent_back", "sent_back"),
                            ("replaced", "replaced"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=80)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposed",
                        to="incidents.incident",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "-id"], name="proposed_of_incident")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "waiting")),
                        fields=("incident",),
                        name="proposed_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decision", "waiting")),
                            models.Q(
                                models.Q(("decision", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposed_decided_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "approved"), ("update__isnull", False)),
                            models.Q(
                                models.Q(("decision", "approved"), _negated=True), ("update", None)
                            ),
                            _connector="OR",
                        ),
                        name="proposed_approved_was_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UpdateText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("staff", "staff"),
                            ("executives", "executives"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("next_update_at", models.DateTimeField(null=True)),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("update", "audience"), name="update_says_once"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "staff", "executives"])),
                        name="update_audience_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TextHeard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.updatetext",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("text", "user"), name="text_heard_once")
                ],
            },
        ),
    ]
