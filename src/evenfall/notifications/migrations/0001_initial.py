import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactMethod",
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
                ("kind", models.CharField(max_length=20)),
                ("label", models.CharField(blank=True, default="", max_length=80)),
                ("address", models.CharField(max_length=1000)),
                ("secret", evenfall.platform.crypto.EncryptedField(default="")),
                ("is_primary", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
                ("broken_reason", models.TextField(default="")),
                ("last_accepted_at", models.DateTimeField(null=True)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("check_state", models.CharField(blank=True, default="", max_length=6)),
                ("check_asked_at", models.DateTimeField(null=True)),
                ("check_answered_at", models.DateTimeField(null=True)),
                ("challenge_serial", models.PositiveIntegerField(default=0)),
                ("challenge_asked_at", models.DateTimeField(null=True)),
                ("challenge_guesses", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "db_table": "notifications_contact_method",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "kind", "address"), name="contact_method_once_a_person"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("user", "kind"),
                        name="contact_method_one_primary_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                    "contact_method",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.contactmethod",
                    ),
                ),
                (
                    "fallback_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.notice",
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("purpose", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                (
                    "urgency",
                    models.CharField(choices=[("high", "high"), ("low", "low")], max_length=4),
                ),
                ("address", models.CharField(blank=True, default="", max_length=1000)),
                ("content", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("claimed", "claimed"),
                            ("sent", "sent"),
                            ("accepted", "accepted"),
                            ("delivered", "delivered"),
                            ("failed", "failed"),
                            ("unknown", "unknown"),
                            ("cancelled", "cancelled"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("provider_id", models.CharField(blank=True, default="", max_length=300)),
                ("planned_at", models.DateTimeField()),
                ("first_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reply_code", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["kind", "urgency", "due_at", "id"],
                        name="notice_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["due_at"],
                        name="notice_next_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("claimed", "sent"))),
                        fields=["lease_until"],
                        name="notice_lease",
                    ),
                    models.Index(fields=["subject", "id"], name="notice_subject"),
                    models.Index(fields=["user", "-first_due_at", "-id"], name="notice_inbox"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["user", "first_due_at"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("reply_code__isnull", False)),
                        fields=["address", "-id"],
                        name="notice_answerable",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "claimed",
                                    "sent",
                                    "accepted",
                                    "delivered",
                                    "failed",
                                    "unknown",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="notice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lease_until__isnull", False), ("state__in", ("claimed", "sent"))
                            ),
                            models.Q(
                                models.Q(("state__in", ("claimed", "sent")), _negated=True),
                                ("lease_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_lease_while_with_a_sender",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["high", "low"])),
                        name="notice_urgency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.notice",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("via", models.CharField(blank=True, default="", max_length=80)),
                ("handed_over_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField()),
                ("accepted", models.BooleanField()),
                ("delivered", models.BooleanField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("provider_id", models.CharField(blank=True, default="", max_length=300)),
                ("detail", models.TextField(blank=True, default="")),
                ("cost", models.DecimalField(decimal_places=6, max_digits=12, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
            ],
            options={
                "db_table": "notifications_attempt",
                "indexes": [models.Index(fields=["answered_at"], name="attempt_answered")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "number", "via"), name="attempt_once_a_provider"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.notice",
                    ),
                ),
                ("action", models.CharField(max_length=40)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "notifications_response_use",
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "action"), name="response_used_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("position", models.PositiveIntegerField()),
                ("is_on", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ChannelSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, unique=True)),
                ("value", evenfall.platform.crypto.EncryptedField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "notifications_channel_secret",
            },
        ),
    ]
