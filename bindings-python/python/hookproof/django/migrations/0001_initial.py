"""Makes the table of deliveries."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first one."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("delivery", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64, null=True)),
                ("ends_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "hookproof_deliveries",
                "verbose_name_plural": "deliveries",
                "indexes": [models.Index(fields=["ends_at"], name="hookproof_deliveries_ends_at")],
            },
        ),
    ]
