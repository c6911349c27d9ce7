"""Which names and values alerts had lately: what one may write into a condition."""

from typing import Final

from django.db import connection
from msgspec import Struct

from evenfall.alerting.logic.words import lookup_of

LOOKED_AT: Final = 1_000
_NAMES: Final = 60
_VALUES: Final = 12
# texts that differ from alert to alert help nobody
_LONGEST: Final = 80
_WORDS = """
WITH newest AS MATERIALIZED (
    SELECT alert.labels, alert.annotations, alert.source, alert.environment,
           coalesce(nullif(alert.told_severity, ''), alert.severity) AS severity,
           integration.name AS integration, coalesce(service.slug, '') AS service
      FROM (SELECT * FROM alerting_alert ORDER BY id DESC LIMIT %(looked_at)s) AS alert
      JOIN alerting_integration AS integration ON integration.id = alert.integration_id
      LEFT JOIN catalog_service AS service ON service.id = alert.service_id
), pairs AS (
    SELECT 'labels' AS kind, key, value FROM newest, jsonb_each_text(labels)
    UNION ALL SELECT 'annotations', key, '' FROM newest, jsonb_each_text(annotations)
    UNION ALL SELECT 'severity', '', severity FROM newest
    UNION ALL SELECT 'environment', '', environment FROM newest
    UNION ALL SELECT 'service', '', service FROM newest
    UNION ALL SELECT 'integration', '', integration FROM newest
    UNION ALL SELECT 'source', '', source FROM newest
), counted AS (
    SELECT kind, key, value, count(*) AS alerts FROM pairs
     WHERE length(value) <= %(longest)s GROUP BY kind, key, value
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY kind, key ORDER BY alerts DESC, value) AS place,
           sum(alerts) OVER (PARTITION BY kind, key) AS of_name FROM counted
), named AS (
    SELECT *, dense_rank() OVER (ORDER BY (kind = 'annotations'), of_name DESC, kind, key) AS name
      FROM ranked
)
SELECT kind, key, value FROM named WHERE place <= %(values)s AND name <= %(names)s
 ORDER BY name, place
"""


class Word(Struct, frozen=True):
    """A name as a condition writes it, and the values it had most often, empty ones left out."""

    name: str
    values: tuple[str, ...]


def words_seen() -> list[Word]:
    """The names of the newest alerts, those that most of them have first; one query."""
    asked = {"looked_at": LOOKED_AT, "longest": _LONGEST, "values": _VALUES, "names": _NAMES}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, asked)
        for kind, key, value in cursor.fetchall():
            values = found.setdefault(lookup_of(kind, key), [])
            if value:
                values.append(value)
    return [Word(name, tuple(values)) for name, values in found.items()]
