from django.db import migrations

# Some senders ask later what became of a request, by an id that holds its moment. Signals come in
# the order of time, so an index of a few bytes for many pages is enough, and costs no insert.
INDEX = """
CREATE INDEX alerting_signal_by_moment ON alerting_signal
USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on)
"""


class Migration(migrations.Migration):
    dependencies = [("alerting", "0003_flapping")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX alerting_signal_by_moment")]
