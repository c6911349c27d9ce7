import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("identity", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, default="")),
                ("time_zone", models.CharField(max_length=64)),
                (
                    "coverage",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(), size=2
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("team"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("deleted_at", None)),
                        name="rota_name_in_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="rota_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Func(
                            models.F("coverage"),
                            output_field=models.BooleanField(),
                            template="(0 <= ALL(%(expressions)s) AND 10079 >= ALL(%(expressions)s))",
                        ),
                        name="rota_coverage_in_week",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="oncall.rota",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                (
                    "lieutenant_kind",
                    models.CharField(
                        choices=[
                            ("nobody", "nobody"),
                            ("previous", "previous"),
                            ("next", "next"),
                            ("own_sequence", "own_sequence"),
                            ("person", "person"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "lieutenant_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lieutenant_spares_previous",
                    models.BooleanField(db_default=False, default=False),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rota", "starts_at"), name="plan_starts_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "lieutenant_kind__in",
                                ["nobody", "previous", "next", "own_sequence", "person"],
                            )
                        ),
                        name="plan_lieutenant_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lieutenant_kind", "person"),
                            ("lieutenant_user__isnull", True),
                            _connector="XOR",
                        ),
                        name="plan_lieutenant_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layers",
                        to="oncall.plan",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("primary", "primary"),
                            ("lieutenant", "lieutenant"),
                            ("shadow", "shadow"),
                        ],
                        max_length=16,
                    ),
                ),
                ("precedence", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("time_zone", models.CharField(max_length=64)),
                ("starts_on", models.DateField()),
                ("hands_over_at", models.TimeField()),
                (
                    "shift_hours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField()
                    ),
                ),
                (
                    "windows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(), size=2
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "role", "precedence"), name="layer_precedence_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["primary", "lieutenant", "shadow"])),
                        name="layer_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shift_hours__len__gt", 0),
                            models.Func(
                                models.F("shift_hours"),
                                output_field=models.BooleanField(),
                                template="(1 <= ALL(%(expressions)s) AND 1344 >= ALL(%(expressions)s))",
                            ),
                        ),
                        name="layer_shift_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Func(
                            models.F("windows"),
                            output_field=models.BooleanField(),
                            template="(0 <= ALL(%(expressions)s) AND 10079 >= ALL(%(expressions)s))",
                        ),
                        name="layer_windows_in_week",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="oncall.layer",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("joins_on", models.DateField(null=True)),
                ("leaves_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("layer", "position"), name="member_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joins_on", None),
                            ("leaves_on", None),
                            ("leaves_on__gt", models.F("joins_on")),
                            _connector="OR",
                        ),
                        name="member_leaves_after_joining",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="oncall.rota",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("primary", "primary"),
                            ("lieutenant", "lieutenant"),
                            ("shadow", "shadow"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("replace", "replace"), ("add", "add"), ("remove", "remove")],
                        max_length=16,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=64)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "cancelled_by",
                    models.CharField(blank=True, db_default="", default="", max_length=64),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["rota", "ends_at"], name="override_by_rota_and_end")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["primary", "lieutenant", "shadow"])),
                        name="override_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["replace", "add", "remove"])),
                        name="override_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="override_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "remove"), ("user__isnull", False), _connector="XOR"
                        ),
                        name="override_remove_has_no_user",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "add"), _negated=True),
                            ("instead_of", None),
                            _connector="OR",
                        ),
                        name="override_add_replaces_nobody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
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
                ("name", models.CharField(max_length=120)),
                ("url", evenfall.platform.crypto.EncryptedField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "holiday"),
                            ("sick", "sick"),
                            ("travel", "travel"),
                            ("training", "training"),
                            ("time_off", "time_off"),
                        ],
                        max_length=16,
                    ),
                ),
                ("every_event", models.BooleanField(default=False)),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list
                    ),
                ),
                ("etag", models.CharField(blank=True, default="", max_length=300)),
                ("last_modified", models.CharField(blank=True, default="", max_length=100)),
                ("content_hash", models.CharField(blank=True, default="", max_length=64)),
                ("due_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("worked_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=64)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at", None)), fields=["due_at"], name="feed_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["holiday", "sick", "travel", "training", "time_off"])
                        ),
                        name="feed_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", True), ("team__isnull", True), _connector="XOR"
                        ),
                        name="feed_has_one_owner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "holiday"),
                            ("sick", "sick"),
                            ("travel", "travel"),
                            ("training", "training"),
                            ("time_off", "time_off"),
                        ],
                        max_length=16,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "hand"), ("calendar", "calendar")], max_length=16
                    ),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="oncall.calendarfeed",
                    ),
                ),
                ("source_key", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=64)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_by", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "ends_at"], name="absence_by_user_and_end")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["holiday", "sick", "travel", "training", "time_off"])
                        ),
                        name="absence_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["hand", "calendar"])),
                        name="absence_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="absence_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "hand"), ("feed__isnull", False), _connector="XOR"
                        ),
                        name="absence_of_calendar_has_feed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("feed__isnull", False)),
                        fields=("feed", "user", "source_key"),
                        name="absence_of_event_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "absence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_ins",
                        to="oncall.absence",
                    ),
                ),
                (
                    "override",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_in",
                        to="oncall.override",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LoadWeights",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("since", models.DateTimeField()),
                ("set_by", models.CharField(max_length=64)),
                ("standby_hour", models.FloatField()),
                ("lieutenant_hour", models.FloatField()),
                ("night_hour", models.FloatField()),
                ("weekend_hour", models.FloatField()),
                ("holiday_hour", models.FloatField()),
                ("page", models.FloatField()),
                ("night_page", models.FloatField()),
                ("active_minute", models.FloatField()),
                ("night_starts", models.PositiveSmallIntegerField()),
                ("night_ends", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["team", "-id"], name="weights_by_team")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("standby_hour__range", (0.0, 1000.0))),
                        name="weights_standby_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lieutenant_hour__range", (0.0, 1000.0))),
                        name="weights_lieutenant_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("night_hour__range", (0.0, 1000.0))),
                        name="weights_night_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekend_hour__range", (0.0, 1000.0))),
                        name="weights_weekend_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holiday_hour__range", (0.0, 1000.0))),
                        name="weights_holiday_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("page__range", (0.0, 1000.0))), name="weights_page"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("night_page__range", (0.0, 1000.0))),
                        name="weights_night_page",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("active_minute__range", (0.0, 1000.0))),
                        name="weights_active_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("night_ends__lt", 1440),
                            ("night_starts__lt", 1440),
                            models.Q(("night_starts", models.F("night_ends")), _negated=True),
                        ),
                        name="weights_night",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkProfile",
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
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("region", models.CharField(blank=True, default="", max_length=16)),
                ("percent", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__range", (0, 100))),
                        name="work_profile_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("region", ""),
                            models.Q(("country", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="work_profile_region_in_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppliedProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="oncall.rota",
                    ),
                ),
                (
                    "override_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField()),
                ),
                ("plan_starts_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=64)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["rota", "-id"], name="proposal_by_rota")],
            },
        ),
        migrations.CreateModel(
            name="ReliefOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
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
                (
                    "lieutenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(max_length=16)),
                ("why", models.TextField()),
                ("offered_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-expires_at"], name="relief_by_user")],
            },
        ),
        migrations.CreateModel(
            name="DutyFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("rota", "rota"), ("team", "team")],
                        max_length=16,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
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
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("hint", models.CharField(max_length=16)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-created_at"], name="duty_feed_by_owner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "rota", "team"])),
                        name="duty_feed_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "person"), ("person", None), _connector="XOR"),
                        name="duty_feed_of_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "rota"), ("rota", None), _connector="XOR"),
                        name="duty_feed_of_rota",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "team"), ("team", None), _connector="XOR"),
                        name="duty_feed_of_team",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
                    ),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="ShiftNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("primary", "primary"),
                            ("lieutenant", "lieutenant"),
                            ("shadow", "shadow"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("look_ahead", "look_ahead"),
                            ("ready_day", "ready_day"),
                            ("ready_hour", "ready_hour"),
                            ("begins", "begins"),
                            ("ends", "ends"),
                            ("changed", "changed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("happens_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("told", "told"), ("dropped", "dropped")],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "oncall_shift_notice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["due_at"],
                        name="shift_notice_due",
                    ),
                    models.Index(fields=["user", "-due_at"], name="shift_notice_by_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rota", "role", "happens_at", "user", "kind"),
                        name="shift_notice_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["primary", "lieutenant", "shadow"])),
                        name="shift_notice_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "look_ahead",
                                    "ready_day",
                                    "ready_hour",
                                    "begins",
                                    "ends",
                                    "changed",
                                ],
                            )
                        ),
                        name="shift_notice_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "planned")),
                            models.Q(
                                ("finished_at__isnull", False), ("state__in", ["told", "dropped"])
                            ),
                            _connector="OR",
                        ),
                        name="shift_notice_finished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeWish",
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
                (
                    "look_ahead",
                    models.CharField(
                        choices=[
                            ("week", "week"),
                            ("day", "day"),
                            ("hour", "hour"),
                            ("off", "off"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        choices=[("off", "off"), ("daily", "daily"), ("weekly", "weekly")],
                        max_length=8,
                        null=True,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "oncall_notice_wish",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("look_ahead__in", ["week", "day", "hour", "off"])),
                        name="notice_wish_look_ahead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("summary", None),
                            ("summary__in", ["off", "daily", "weekly"]),
                            _connector="OR",
                        ),
                        name="notice_wish_summary",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tour_starts_at", models.DateTimeField()),
                ("text", models.CharField(max_length=4000)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "db_table": "oncall_handover_note",
                "indexes": [
                    models.Index(fields=["rota", "-written_at"], name="handover_note_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rota", "tour_starts_at", "author"), name="handover_note_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryTurn",
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
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "oncall_summary_turn",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "team"), name="summary_turn_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("hint", models.CharField(max_length=16)),
                ("shows_contact", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("rota",),
                        name="public_page_once_for_rota",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="oncall.rota",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("cover", "cover"), ("swap", "swap")], max_length=8),
                ),
                ("role", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                            ("overtaken", "overtaken"),
                            ("undone", "undone"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("one_by_one", "one_by_one"),
                            ("everybody", "everybody"),
                            ("person", "person"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("turn", models.TextField()),
                ("shift_starts_at", models.DateTimeField()),
                ("shift_ends_at", models.DateTimeField()),
                ("part_starts_at", models.DateTimeField(null=True)),
                ("part_ends_at", models.DateTimeField(null=True)),
                ("back_turn", models.TextField(blank=True, default="")),
                ("back_starts_at", models.DateTimeField(null=True)),
                ("back_ends_at", models.DateTimeField(null=True)),
                (
                    "back_rota",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oncall.rota",
                    ),
                ),
                (
                    "back_role",
                    models.CharField(blank=True, db_default="", default="", max_length=16),
                ),
                ("back_part_starts_at", models.DateTimeField(null=True)),
                ("back_part_ends_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "taker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cover_override",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="oncall.override",
                    ),
                ),
                (
                    "back_override",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="oncall.override",
                    ),
                ),
                (
                    "undo_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "oncall_shift_request",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="request_by_due_time",
                    ),
                    models.Index(fields=["rota", "state"], name="request_by_rota_and_state"),
                    models.Index(fields=["-created_at", "-id"], name="request_newest_first"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["cover", "swap"])),
                        name="request_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "offered",
                                    "accepted",
                                    "declined",
                                    "withdrawn",
                                    "expired",
                                    "overtaken",
                                    "undone",
                                ],
                            )
                        ),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["one_by_one", "everybody", "person"])),
                        name="request_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shift_ends_at__gt", models.F("shift_starts_at"))),
                        name="request_shift_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "cover"), ("back_starts_at__isnull", False), _connector="XOR"
                        ),
                        name="request_swap_has_return",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back_starts_at__isnull", True),
                            models.Q(
                                ("back_rota__isnull", False),
                                models.Q(("back_role", ""), _negated=True),
                            ),
                            _connector="XOR",
                        ),
                        name="request_return_has_rota",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["offered", "open"]),
                            ("closed_at__isnull", False),
                            _connector="XOR",
                        ),
                        name="request_closed_unless_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="oncall.shiftrequest",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("lapsed", "lapsed"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("closed", "closed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "state"], name="offer_by_user_and_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "user"), name="offer_once_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "lapsed", "accepted", "declined", "closed"])
                        ),
                        name="offer_state_known",
                    ),
                ],
            },
        ),
    ]
