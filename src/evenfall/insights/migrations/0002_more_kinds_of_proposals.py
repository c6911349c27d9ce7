from django.db import migrations, models

KINDS = [
    "ticket",
    "low",
    "silence",
    "longer",
    "sender",
    "inhibit",
    "group",
    "wait",
    "end",
    "needs",
    "twin",
]
STATES = ["open", "applied", "dismissed", "undone"]


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="proposal_words_known"),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS), ("state__in", STATES)),
                name="proposal_words_known",
            ),
        ),
    ]
