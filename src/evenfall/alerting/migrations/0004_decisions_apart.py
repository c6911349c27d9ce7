from django.db import migrations, models

# Until now a decision stood in the alert, with the names of the fields in each stage.
MOVE = """
INSERT INTO alerting_alert_decision (alert_id, stages)
SELECT alert.id, jsonb_agg(
           jsonb_build_array(stage->'stage', stage->'result', stage->'reason',
                             coalesce(stage->'subject', '""')) ORDER BY place)
  FROM alerting_alert alert
 CROSS JOIN jsonb_array_elements(alert.decision) WITH ORDINALITY AS told (stage, place)
 WHERE jsonb_typeof(alert.decision) = 'array'
 GROUP BY alert.id
"""
MOVE_BACK = """
UPDATE alerting_alert SET decision = told.decision
  FROM (SELECT alert_id, jsonb_agg(
                   jsonb_build_object('stage', stage->0, 'result', stage->1, 'reason', stage->2,
                                      'subject', stage->3) ORDER BY place) AS decision
          FROM alerting_alert_decision
         CROSS JOIN jsonb_array_elements(stages) WITH ORDINALITY AS said (stage, place)
         GROUP BY alert_id) AS told
 WHERE told.alert_id = alerting_alert.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alerting", "0003_waiting_and_bulk_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertDecision",
            fields=[
                ("alert_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stages", models.JSONField()),
            ],
            options={"db_table": "alerting_alert_decision"},
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        migrations.RemoveField(model_name="alert", name="decision"),
    ]
