import django.db.models.deletion
from django.db import migrations, models

# What a note tells happened when it was written, as far as anybody knows of the old ones.
HAPPENED = "UPDATE incidents_note SET happened_at = written_at"
_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_open_alerts_lead")]

    operations = [
        migrations.AddField(
            model_name="note", name="happened_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(HAPPENED, migrations.RunSQL.noop),
        migrations.AlterField(model_name="note", name="happened_at", field=models.DateTimeField()),
        migrations.AddField(
            model_name="note", name="corrected_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="note",
            name="corrected_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="note", name="struck_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="note",
            name="struck_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["incident", "happened_at", "id"], name="note_by_time"),
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
                        condition=models.Q(("remark", ""))
                        | models.Q(("remarked_at__isnull", False)),
                        name="mark_remark_has_time",
                    ),
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
                    models.CharField(choices=[(one, one) for one in _TYPES], max_length=16),
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
                        condition=models.Q(("content_type__in", _TYPES)),
                        name="image_content_type_known",
                    ),
                ],
            },
        ),
    ]
