"""Post-mortems name the severity of their incident, SEV1 to SEV5."""

from typing import ClassVar

from django.db import migrations, models

_SEVS = [("SEV1", "SEV1"), ("SEV2", "SEV2"), ("SEV3", "SEV3"), ("SEV4", "SEV4"), ("SEV5", "SEV5")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("postmortems", "0001_initial")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="postmortem",
            name="severity",
            field=models.CharField(choices=_SEVS, max_length=16),
        ),
        migrations.RunSQL(
            "UPDATE postmortems_postmortem SET severity = CASE severity WHEN 'critical' THEN 'SEV2'"
            " WHEN 'error' THEN 'SEV3' WHEN 'warning' THEN 'SEV4' ELSE 'SEV5' END",
            migrations.RunSQL.noop,
        ),
    ]
