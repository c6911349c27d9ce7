"""Tools that speak PagerDuty's Events API, versions 1 and 2; and moving away from PagerDuty."""

from evenfall.alerting import ports
from evenfall.changes import ports as changes_ports
from evenfall.importing import ports as importing_ports
from evenfall.integrations.pagerduty.changes_v2 import CHANGES_V2
from evenfall.integrations.pagerduty.deploys import CHANGES
from evenfall.integrations.pagerduty.events_v1 import EVENTS_V1
from evenfall.integrations.pagerduty.events_v2 import EVENTS_V2
from evenfall.integrations.pagerduty.moving import PAGERDUTY

for _format in (EVENTS_V2, CHANGES_V2, EVENTS_V1):
    ports.register_format(_format)
changes_ports.register_format(CHANGES)
importing_ports.register_translator(PAGERDUTY)
