import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("identity", "__first__"),
        ("incidents", "0001_initial"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.provider",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("address", evenfall.platform.crypto.EncryptedField()),
                ("address_hash", models.BinaryField()),
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
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "least_severity",
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
                ("is_on", models.BooleanField(default=True)),
                ("off_reason", models.TextField(default="")),
                ("quiet_until", models.DateTimeField(null=True)),
                ("last_posted_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "address_hash"), name="chat_room_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("incident", None), ("team", None), _connector="OR"),
                        name="chat_room_of_team_or_incident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="chat.room",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident", "incident"),
                            ("list", "list"),
                            ("listed", "listed"),
                            ("test", "test"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "listed_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed",
                        to="chat.post",
                    ),
                ),
                ("wanted", models.PositiveIntegerField(default=1)),
                ("shown", models.PositiveIntegerField(default=0)),
                ("shown_state", models.CharField(default="", max_length=16)),
                ("reference", models.CharField(default="", max_length=200)),
                ("due_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="chat_post_due",
                    ),
                    models.Index(fields=["room", "-created_at"], name="chat_post_of_room"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("incident__isnull", False)),
                        fields=("incident", "room"),
                        name="chat_post_once_a_room",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("incident__isnull", False), ("kind__in", ["incident", "listed"])
                            ),
                            models.Q(
                                models.Q(("kind__in", ["incident", "listed"]), _negated=True),
                                ("incident", None),
                            ),
                            _connector="OR",
                        ),
                        name="chat_post_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown__lte", models.F("wanted"))),
                        name="chat_post_never_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.provider",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked"), ("open", "open"), ("failed", "failed")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="chat.room",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("url", models.TextField(default="")),
                ("missing", models.JSONField(default=list)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="chat_opening_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.provider",
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("address", models.CharField(max_length=200)),
                ("subject", models.CharField(default="", max_length=80)),
                ("action", models.CharField(default="", max_length=40)),
                ("text", models.TextField(default="")),
                ("reply_to", evenfall.platform.crypto.EncryptedField(default="")),
                ("said_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(default="")),
                ("is_ok", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="chat_said_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "key"), name="chat_said_once")
                ],
            },
        ),
    ]
