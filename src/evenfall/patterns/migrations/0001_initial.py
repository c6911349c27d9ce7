import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("identity", "0001_initial"), ("incidents", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("incidents", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="WordUse",
            fields=[
                ("word", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("incidents", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="IncidentTraits",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("counts", models.BooleanField(default=True)),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("heading", models.TextField(blank=True, db_default="", default="")),
                (
                    "title",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "factors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "alerts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "releases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="traits_due",
                    ),
                    models.Index(fields=["-opened_at"], name="traits_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pattern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspected", "suspected"),
                            ("confirmed", "confirmed"),
                            ("being mended", "being mended"),
                            ("mended", "mended"),
                            ("accepted", "accepted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("item_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
                ("mended_at", models.DateTimeField(null=True)),
                (
                    "owner",
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
                "indexes": [models.Index(fields=["-state_at", "-id"], name="pattern_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["suspected", "confirmed", "being mended", "mended", "accepted"],
                            )
                        ),
                        name="pattern_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pattern_accepted_with_reason",
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
                ("is_confirmed", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("joined_at", models.DateTimeField()),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="patterns.pattern",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pattern", "-opened_at"], name="member_by_time"),
                    models.Index(fields=["opened_at"], name="member_in_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternSign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("often", "often"),
                            ("not_mended", "not_mended"),
                            ("escaped", "escaped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signs",
                        to="patterns.pattern",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pattern", "sign", "incident"), name="sign_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("opened_at", models.DateTimeField()),
                (
                    "traits",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="features",
                        to="patterns.incidenttraits",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "-opened_at", "-traits"], name="feature_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("traits", "key"), name="feature_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Neighbour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cosine", models.FloatField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="neighbour_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="neighbour_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cosine__gte", 0.0), ("cosine__lte", 1.0)),
                        name="neighbour_cosine_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.FloatField()),
                ("parts", models.JSONField(default=list)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("open", "open"), ("same", "same"), ("different", "different")],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("judged_by", models.CharField(blank=True, default="", max_length=80)),
                ("judged_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="pair_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0.0), ("score__lte", 1.0)),
                        name="pair_score_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at", None), ("verdict", "open")),
                            models.Q(
                                models.Q(("verdict", "open"), _negated=True),
                                ("judged_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="pair_judged_has_time",
                    ),
                ],
            },
        ),
    ]
