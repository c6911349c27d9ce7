from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollouts", "0003_analysis"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="tally", name="tally_once"),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("rollout", "at"), name="rollout_tally_once"),
        ),
    ]
