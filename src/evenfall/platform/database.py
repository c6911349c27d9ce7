"""The connection string of the one database, for connections outside of Django's."""

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo


def dsn() -> str:
    """Return a libpq connection string for the database that Django uses right now.

    Tests run on a database of another name, so the name is read from the live connection.
    """
    return make_conninfo(settings.EVENFALL.database_url, dbname=connection.settings_dict["NAME"])
