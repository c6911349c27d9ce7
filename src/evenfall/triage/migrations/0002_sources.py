from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("triage", "0001_items")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="item",
            name="source",
            field=models.CharField(
                choices=[
                    ("form", "form"),
                    ("api", "api"),
                    ("public", "public"),
                    ("alert", "alert"),
                    ("mail", "mail"),
                    ("pattern", "pattern"),
                ],
                max_length=8,
            ),
        ),
    ]
