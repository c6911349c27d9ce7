"""Tools that speak PagerDuty's Events API: version 2, its change events, and version 1."""

from evenfall.alerting import ports
from evenfall.integrations.pagerduty.changes_v2 import CHANGES_V2
from evenfall.integrations.pagerduty.events_v1 import EVENTS_V1
from evenfall.integrations.pagerduty.events_v2 import EVENTS_V2

for _format in (EVENTS_V2, CHANGES_V2, EVENTS_V1):
    ports.register_format(_format)
