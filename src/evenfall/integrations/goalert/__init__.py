"""GoAlert's incoming paths, for those who switch: its generic API and Site24x7's webhook."""

from evenfall.alerting import ports
from evenfall.integrations.goalert.generic import GENERIC
from evenfall.integrations.goalert.site24x7 import SITE24X7

for _format in (GENERIC, SITE24X7):
    ports.register_format(_format)
