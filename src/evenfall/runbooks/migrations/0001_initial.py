import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial"), ("identity", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Switch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_stopped", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("by", models.CharField(blank=True, default="", max_length=80)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Runbook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list
                    ),
                ),
                ("text", models.TextField()),
                ("number", models.IntegerField(default=0)),
                ("search", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("is_linked", models.BooleanField(default=False)),
                ("proven_at", models.DateTimeField(null=True)),
                ("wrong_since", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("source_path", models.CharField(blank=True, default="", max_length=500)),
                ("source_number", models.IntegerField(default=0)),
                ("source_text", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "owner_team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "owner_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("environment", models.CharField(blank=True, default="", max_length=8)),
                ("parameters", models.JSONField(default=dict)),
                ("is_dry", models.BooleanField(default=False)),
                ("is_automatic", models.BooleanField(default=False)),
                ("asked_by", models.CharField(max_length=80)),
                ("state", models.CharField(max_length=8)),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("stop_asked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "asker",
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
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="run_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["-id"], name="run_waiting"
                    ),
                    models.Index(fields=["subject", "-id"], name="run_by_subject"),
                    models.Index(fields=["runbook", "-id"], name="run_by_runbook"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Parameter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("label", models.CharField(blank=True, default="", max_length=120)),
                ("type", models.CharField(max_length=8)),
                ("is_required", models.BooleanField(default=True)),
                ("default", models.CharField(blank=True, default="", max_length=500)),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500), default=list
                    ),
                ),
                ("lowest", models.BigIntegerField(null=True)),
                ("highest", models.BigIntegerField(null=True)),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("runbook", "name"), name="parameter_named_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("matchers", models.TextField()),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Runner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("hint", models.CharField(max_length=16)),
                ("commands", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("name",),
                        name="runner_named_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunnerWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("command", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=dict)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("ok", models.BooleanField(default=False)),
                ("output", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "runner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runner",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["runner", "id"],
                        name="runner_work_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.runbook",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("runbook", "service"), name="runbook_service_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
                ("imported_at", models.DateTimeField(null=True)),
                (
                    "owner_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="runbook",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="runbooks.source",
            ),
        ),
        migrations.CreateModel(
            name="Repository",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                ("branch", models.CharField(max_length=200)),
                ("path", models.CharField(blank=True, default="", max_length=300)),
                ("user_name", models.CharField(blank=True, default="", max_length=100)),
                ("token", evenfall.platform.crypto.EncryptedField(default="")),
                ("commit", models.CharField(blank=True, default="", max_length=64)),
                ("fetched_commit", models.CharField(blank=True, default="", max_length=64)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(default=list)),
                ("failures", models.IntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=500)),
                ("told_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.source",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="repository_due")],
            },
        ),
        migrations.CreateModel(
            name="Folder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("documents", models.JSONField(null=True)),
                ("report", models.JSONField(default=list)),
                ("uploaded_by", models.CharField(max_length=80)),
                ("uploaded_at", models.DateTimeField()),
                ("imported_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("position", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("approval", models.CharField(default="never", max_length=8)),
                ("time_limit_s", models.IntegerField(default=60)),
                ("test_kind", models.CharField(default="none", max_length=12)),
                ("test", models.JSONField(default=dict)),
                ("test_window_s", models.IntegerField(default=60)),
                ("test_every_s", models.IntegerField(default=5)),
                ("undo_on_failure", models.BooleanField(default=True)),
                ("cool_down_s", models.IntegerField(default=0)),
                ("most_per_hour", models.IntegerField(null=True)),
                ("most_per_day", models.IntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=80)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("runbook", "name"),
                        name="step_named_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StepRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.IntegerField()),
                ("title", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("target", models.CharField(max_length=300)),
                ("time_limit_s", models.IntegerField()),
                ("test_kind", models.CharField(max_length=12)),
                ("test", models.JSONField(default=dict)),
                ("test_window_s", models.IntegerField()),
                ("test_every_s", models.IntegerField()),
                ("test_until", models.DateTimeField(null=True)),
                ("undo_on_failure", models.BooleanField()),
                ("state", models.CharField(max_length=8)),
                ("attempt", models.IntegerField(default=0)),
                ("undoable", models.BooleanField(default=False)),
                ("holds", models.BooleanField(default=False)),
                ("needs_approval", models.BooleanField(default=False)),
                ("approved_by", models.CharField(blank=True, default="", max_length=80)),
                ("approved_at", models.DateTimeField(null=True)),
                ("acted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("memory", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("log", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.run",
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
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.step",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("acted_at__isnull", False)),
                        fields=["step", "acted_at"],
                        name="step_run_starts",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("holds", True)),
                        fields=("target",),
                        name="step_target_held_once",
                    ),
                    models.UniqueConstraint(fields=("run", "position"), name="step_run_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("key", models.CharField(max_length=12)),
                ("ticked_by", models.CharField(max_length=80)),
                ("ticked_at", models.DateTimeField()),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "runbook", "key"), name="task_ticked_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(default=0)),
                ("outcome", models.CharField(max_length=8)),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("text", models.CharField(blank=True, default="", max_length=2000)),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "runbook",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
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
                    models.Index(fields=["runbook", "-id"], name="use_by_runbook"),
                    models.Index(
                        condition=models.Q(("outcome", "missing")),
                        fields=["-id"],
                        name="use_missing",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "missing"), ("runbook__isnull", False), _connector="XOR"
                        ),
                        name="use_of_a_runbook_or_missing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list
                    ),
                ),
                ("text", models.TextField()),
                ("summary", models.CharField(blank=True, default="", max_length=200)),
                ("saved_by", models.CharField(max_length=80)),
                ("saved_at", models.DateTimeField()),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("runbook", "number"), name="version_numbered_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="runbook",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="runbook_search"
            ),
        ),
        migrations.AddIndex(
            model_name="runbook",
            index=models.Index(fields=["title", "id"], name="runbook_by_title"),
        ),
        migrations.AddIndex(
            model_name="runbook",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at"],
                name="runbook_reminders",
            ),
        ),
        migrations.AddConstraint(
            model_name="runbook",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner_team", None), ("owner_user", None), _connector="XOR"),
                name="runbook_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="runbook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source__isnull", False)),
                fields=("source", "source_path"),
                name="runbook_once_in_source",
            ),
        ),
    ]
