"""A trigger keeps versions as they were; a fresh installation gets the default policy."""

from django.db import migrations
from django.db.migrations.state import StateApps

from evenfall.platform.clock import utc_now

TRIGGER = """
CREATE FUNCTION paging_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a policy version never changes: save a new version instead'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER policy_version_never_changes BEFORE UPDATE ON paging_policy_version
    FOR EACH ROW EXECUTE FUNCTION paging_refuse_change();
"""
NO_TRIGGER = """
DROP TRIGGER policy_version_never_changes ON paging_policy_version;
DROP FUNCTION paging_refuse_change();
"""
# as it was when this migration was written; actions.policies makes it again should it be missing
STEPS = [
    {"targets": [{"kind": "rota", "id": None}], "delay_minutes": 5},
    {"targets": [{"kind": "lieutenant", "id": None}], "delay_minutes": 5},
    {
        "targets": [{"kind": "team_lead", "id": None}, {"kind": "lieutenant", "id": None}],
        "delay_minutes": 10,
    },
]


def add_default_policy(apps: StateApps, _schema_editor: object) -> None:
    now = utc_now()
    policy = apps.get_model("paging", "Policy").objects.create(
        name="Default", is_default=True, number=1, created_at=now
    )
    apps.get_model("paging", "PolicyVersion").objects.create(
        policy=policy,
        number=1,
        steps=STEPS,
        rounds=3,
        at_end="catch_all",
        ack_timeout_minutes=30,
        created_at=now,
        created_by="system",
    )


class Migration(migrations.Migration):
    dependencies = [("paging", "0001_initial")]

    operations = [
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
        migrations.RunPython(add_default_policy, migrations.RunPython.noop),
    ]
