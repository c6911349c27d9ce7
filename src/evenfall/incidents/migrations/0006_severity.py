"""Incidents get a severity of their own; they had that of their alerts."""

from typing import ClassVar

from django.db import migrations, models

_SEVS = [("SEV1", "SEV1"), ("SEV2", "SEV2"), ("SEV3", "SEV3"), ("SEV4", "SEV4"), ("SEV5", "SEV5")]
_ALL = [sev for sev, _ in _SEVS]
_CAPPED = _ALL[2:]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("incidents", "0005_crew")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="incident", name="incident_severity_known"),
        migrations.AddField(
            model_name="incident",
            name="declared_severity",
            field=models.CharField(choices=_SEVS, default="SEV5", max_length=16),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="incident",
            name="severity",
            field=models.CharField(choices=_SEVS, max_length=16),
        ),
        migrations.RunSQL(
            "UPDATE incidents_incident SET severity = CASE severity WHEN 'critical' THEN 'SEV2'"
            " WHEN 'error' THEN 'SEV3' WHEN 'warning' THEN 'SEV4' ELSE 'SEV5' END",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE incidents_incident SET severity = 'SEV3'"
            " WHERE severity = 'SEV2' AND environment <> 'PROD'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE incidents_incident SET declared_severity = severity", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "UPDATE incidents_handovercard SET severity = CASE severity WHEN 'critical' THEN 'SEV2'"
            " WHEN 'error' THEN 'SEV3' WHEN 'warning' THEN 'SEV4' ELSE 'SEV5' END",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(severity__in=_ALL, declared_severity__in=_ALL),
                name="incident_severity_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(environment="PROD")
                | models.Q(severity__in=_CAPPED, declared_severity__in=_CAPPED),
                name="incident_severity_capped",
            ),
        ),
    ]
