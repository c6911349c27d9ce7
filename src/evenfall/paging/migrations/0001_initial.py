import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.state import StateApps

from evenfall.platform.clock import utc_now

TRIGGER = """
CREATE FUNCTION paging_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a policy version never changes: save a new version instead'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER policy_version_never_changes BEFORE UPDATE ON paging_policy_version
    FOR EACH ROW EXECUTE FUNCTION paging_refuse_change();
"""
NO_TRIGGER = """
DROP TRIGGER policy_version_never_changes ON paging_policy_version;
DROP FUNCTION paging_refuse_change();
"""
# as it was when this migration was written; actions.policies makes it again should it be missing
STEPS = [
    {"targets": [{"kind": "rota", "id": None}], "delay_minutes": 5},
    {"targets": [{"kind": "lieutenant", "id": None}], "delay_minutes": 5},
    {
        "targets": [{"kind": "team_lead", "id": None}, {"kind": "lieutenant", "id": None}],
        "delay_minutes": 10,
    },
]


def add_default_policy(apps: StateApps, _schema_editor: object) -> None:
    now = utc_now()
    policy = apps.get_model("paging", "Policy").objects.create(
        name="Default", is_default=True, number=1, created_at=now
    )
    apps.get_model("paging", "PolicyVersion").objects.create(
        policy=policy,
        number=1,
        steps=STEPS,
        rounds=3,
        at_end="catch_all",
        ack_timeout_minutes=30,
        created_at=now,
        created_by="system",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
        ("identity", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("description", models.TextField(blank=True, default="")),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("number", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="policy_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_default", False), ("archived_at", None), _connector="OR"
                        ),
                        name="policy_default_is_kept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="paging.policy",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("steps", models.JSONField()),
                ("rounds", models.PositiveSmallIntegerField()),
                (
                    "at_end",
                    models.CharField(
                        choices=[("repeat", "repeat"), ("catch_all", "catch_all")], max_length=10
                    ),
                ),
                (
                    "catch_all_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ack_timeout_minutes", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
            ],
            options={
                "db_table": "paging_policy_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "number"), name="policy_version_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="paging.policy",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
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
            ],
            options={
                "db_table": "paging_policy_assignment",
                "constraints": [
                    models.UniqueConstraint(fields=("service",), name="policy_once_a_service"),
                    models.UniqueConstraint(fields=("team",), name="policy_once_a_team"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("service", None), ("team__isnull", False)),
                            models.Q(("service__isnull", False), ("team", None)),
                            _connector="OR",
                        ),
                        name="policy_of_a_service_or_a_team",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                (
                    "urgency",
                    models.CharField(choices=[("high", "high"), ("low", "low")], max_length=4),
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
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("delay_minutes", models.PositiveSmallIntegerField(default=0)),
                (
                    "hours",
                    models.CharField(
                        choices=[("always", "always"), ("working", "working")], max_length=7
                    ),
                ),
            ],
            options={
                "db_table": "paging_personal_rule",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "urgency", "position"), name="personal_rule_position"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("days", models.JSONField()),
                ("start", models.TimeField()),
                ("end", models.TimeField()),
            ],
            options={
                "db_table": "paging_personal_hours",
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
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
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="paging.policyversion",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(choices=[("high", "high"), ("low", "low")], max_length=4),
                ),
                ("severity", models.CharField(max_length=16, null=True)),
                ("content", models.JSONField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("paging", "paging"),
                            ("help", "help"),
                            ("acknowledged", "acknowledged"),
                            ("mobilised", "mobilised"),
                            ("resolved", "resolved"),
                            ("stopped", "stopped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveIntegerField(default=1)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("started_by", models.CharField(max_length=80)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("mobilised_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("stop_reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at", "id"],
                        name="page_due",
                    ),
                    models.Index(fields=["subject", "-id"], name="page_subject"),
                    models.Index(fields=["-started_at", "-id"], name="page_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("subject",),
                        name="page_one_open_a_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", False),
                            ("status__in", ("mobilised", "resolved", "stopped")),
                            _connector="OR",
                        ),
                        name="page_is_due_or_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at", None),
                                ("ended_at__isnull", False),
                                ("status__in", ("resolved", "stopped")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("resolved", "stopped")), _negated=True),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="page_closed_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PageMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="paging.page",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=24)),
                ("round", models.PositiveIntegerField()),
                ("step", models.PositiveSmallIntegerField(null=True)),
                ("missing", models.JSONField(default=list)),
            ],
            options={
                "db_table": "paging_page_move",
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("starts_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-starts_at"], name="digest_newest")],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="paging.pagemove",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="paging.page",
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
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to="paging.digest",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=200)),
                ("is_reachable", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-at"], name="participation_recent")],
            },
        ),
        migrations.CreateModel(
            name="PageAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="paging.page",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("response", models.CharField(max_length=16)),
                ("via", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=24)),
            ],
            options={
                "db_table": "paging_page_answer",
            },
        ),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
        migrations.RunPython(add_default_policy, migrations.RunPython.noop),
    ]
