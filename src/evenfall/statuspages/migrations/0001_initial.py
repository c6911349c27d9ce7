import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import evenfall.platform.crypto
import evenfall.statuspages.models.subscribers


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
        ("incidents", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("minor", "minor"),
                            ("major", "major"),
                            ("critical", "critical"),
                        ],
                        max_length=12,
                    ),
                ),
                ("impact_by_hand", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "investigating"),
                            ("identified", "identified"),
                            ("monitoring", "monitoring"),
                            ("resolved", "resolved"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("next_update_at", models.DateTimeField(null=True)),
                ("retracted_at", models.DateTimeField(null=True)),
                ("retracted_why", models.CharField(default="", max_length=300)),
                ("created_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "investigating"),
                            ("identified", "identified"),
                            ("monitoring", "monitoring"),
                            ("resolved", "resolved"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("notify", models.BooleanField(default=True)),
                ("next_update_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(max_length=80)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="updates",
                        to="statuspages.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatusPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("description", models.CharField(default="", max_length=300)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("signed_in", "signed_in"),
                            ("token", "token"),
                        ],
                        max_length=12,
                    ),
                ),
                ("token", evenfall.platform.crypto.EncryptedField()),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("weight_major", models.DecimalField(decimal_places=3, default="1", max_digits=4)),
                (
                    "weight_partial",
                    models.DecimalField(decimal_places=3, default="0.3", max_digits=4),
                ),
                (
                    "weight_degraded",
                    models.DecimalField(decimal_places=3, default="0", max_digits=4),
                ),
                ("counts_maintenance", models.BooleanField(default=False)),
                ("groups_need_all", models.BooleanField(default=False)),
                ("prepare_from", models.CharField(db_default="SEV2", default="SEV2", max_length=4)),
                ("version", models.PositiveBigIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
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
        ),
        migrations.AddField(
            model_name="post",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="posts",
                to="statuspages.statuspage",
            ),
        ),
        migrations.CreateModel(
            name="PageCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("values", models.JSONField(default=dict)),
                ("secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("place", models.CharField(max_length=400, unique=True)),
                ("address", models.CharField(default="", max_length=300)),
                ("stale_minutes", models.PositiveIntegerField(default=15)),
                ("is_on", models.BooleanField(default=True)),
                ("tried_version", models.PositiveBigIntegerField(default=0)),
                ("stored", models.JSONField(default=dict)),
                ("stored_version", models.PositiveBigIntegerField(default=0)),
                ("stored_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(default="", max_length=500)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_on", True)),
                        fields=["due_at"],
                        name="statuspages_copy_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stale_minutes__gte", 3), ("stale_minutes__lte", 1440)),
                        name="statuspages_copy_stale_sane",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                (
                    "reminders",
                    models.JSONField(
                        default=evenfall.statuspages.models.subscribers.default_reminders
                    ),
                ),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mailing",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accent", models.CharField(default="", max_length=7)),
                ("languages", models.JSONField(default=list)),
                ("domain", models.CharField(default="", max_length=253)),
                ("logo", models.BinaryField(default=b"")),
                ("logo_type", models.CharField(default="", max_length=16)),
                ("logo_digest", models.CharField(default="", max_length=16)),
                ("changed_at", models.DateTimeField()),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("domain", ""), _negated=True),
                        fields=("domain",),
                        name="statuspages_one_domain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "collapsed",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("closed", "closed"),
                            ("unless_trouble", "unless_trouble"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(default="", max_length=300)),
                ("position", models.PositiveIntegerField(default=0)),
                ("shows_uptime", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="components",
                        to="statuspages.group",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="components",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[("incidents", "incidents"), ("maintenance", "maintenance")],
                        max_length=12,
                    ),
                ),
                ("told", models.CharField(max_length=16)),
                (
                    "component_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("ends_story", models.BooleanField(default=False)),
                ("data", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("spread_at", models.DateTimeField(null=True)),
                ("reached", models.PositiveIntegerField(default=0)),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulletins",
                        to="statuspages.post",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulletins",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subscriber",
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
                        choices=[("mail", "mail"), ("webhook", "webhook"), ("push", "push")],
                        max_length=8,
                    ),
                ),
                ("address", models.CharField(max_length=1000)),
                ("key", models.CharField(max_length=64)),
                ("secret", evenfall.platform.crypto.EncryptedField(default="")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "pending"), ("active", "active"), ("off", "off")],
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=2)),
                (
                    "component_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("wants_incidents", models.BooleanField(default=True)),
                ("wants_works", models.BooleanField(default=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("off_reason", models.CharField(default="", max_length=300)),
                ("confirm_until", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscribers",
                        to="statuspages.statuspage",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statuspages.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["page", "-created_at", "-id"], name="statuspages_subscriber_new"
                    ),
                    models.Index(
                        condition=models.Q(("confirm_until__isnull", False)),
                        fields=["confirm_until"],
                        name="statuspages_subscriber_ends",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "kind", "key"), name="statuspages_subscriber_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "pending"), ("confirm_until", None), _connector="XOR"
                        ),
                        name="statuspages_pending_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "errand",
                    models.CharField(
                        choices=[("tell", "tell"), ("confirm", "confirm"), ("known", "known")],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("arrived", models.BooleanField(default=False)),
                ("error", models.CharField(default="", max_length=300)),
                (
                    "bulletin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="statuspages.bulletin",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="statuspages.subscriber",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["subscriber", "id"],
                        name="statuspages_delivery_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscriber", "bulletin"), name="statuspages_delivered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UpdateEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "investigating"),
                            ("identified", "identified"),
                            ("monitoring", "monitoring"),
                            ("resolved", "resolved"),
                        ],
                        max_length=16,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="statuspages.postupdate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UpdateStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unknown", "unknown"),
                            ("operational", "operational"),
                            ("maintenance", "maintenance"),
                            ("degraded", "degraded"),
                            ("partial_outage", "partial_outage"),
                            ("major_outage", "major_outage"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statuspages.component",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statuses",
                        to="statuspages.postupdate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("update", "component"), name="statuspages_said_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(default="")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "scheduled"),
                            ("in_progress", "in_progress"),
                            ("verifying", "verifying"),
                            ("completed", "completed"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("starts_itself", models.BooleanField(default=True)),
                ("ends_itself", models.BooleanField(default=True)),
                ("notify", models.BooleanField(default=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="statuspages_work_due",
                    ),
                    models.Index(
                        fields=["page", "-starts_at", "-id"], name="statuspages_work_newest"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="statuspages_work_takes_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unknown", "unknown"),
                            ("operational", "operational"),
                            ("maintenance", "maintenance"),
                            ("degraded", "degraded"),
                            ("partial_outage", "partial_outage"),
                            ("major_outage", "major_outage"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("manual", "manual"),
                            ("incident", "incident"),
                            ("maintenance", "maintenance"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="statuspages.component",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="statuspages.post",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="statuspages.work",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["component", "starts_at"], name="statuspages_interval_from"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="statuspages_interval_takes_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None), ("source", "manual")),
                        fields=("component",),
                        name="statuspages_one_manual",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="bulletin",
            name="work",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bulletins",
                to="statuspages.work",
            ),
        ),
        migrations.CreateModel(
            name="WorkComponent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statuspages.component",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touched",
                        to="statuspages.work",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("work", "component"), name="statuspages_touched_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "told",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("changed", "changed"),
                            ("started", "started"),
                            ("verifying", "verifying"),
                            ("completed", "completed"),
                            ("cancelled", "cancelled"),
                            ("note", "note"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="statuspages.work",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComponentService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="statuspages.component",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("component", "service"), name="statuspages_link_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Prepared",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("statuses", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.CharField(default="", max_length=80)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(default="", max_length=80)),
                (
                    "settled_how",
                    models.CharField(
                        choices=[
                            ("posted", "posted"),
                            ("dropped", "dropped"),
                            ("by_hand", "by_hand"),
                            ("ended", "ended"),
                            ("merged", "merged"),
                            ("private", "private"),
                            ("milder", "milder"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(default="", max_length=300)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="statuspages.post",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prepared",
                        to="statuspages.statuspage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["page", "id"],
                        name="statuspages_prepared_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "incident"), name="statuspages_prepared_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at", None),
                            models.Q(("settled_how", ""), _negated=True),
                            _connector="XOR",
                        ),
                        name="statuspages_prepared_settled",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["page", "-started_at", "-id"], name="statuspages_post_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retracted_at", None)),
                fields=("page", "incident"),
                name="statuspages_post_once",
            ),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(
                condition=models.Q(("spread_at", None)),
                fields=["due_at", "id"],
                name="statuspages_bulletin_due",
            ),
        ),
    ]
