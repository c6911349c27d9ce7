"""Anything that can send JSON: `/in/{key}`, with the usual field names or a mapping."""

from evenfall.alerting import ports
from evenfall.changes import ports as changes_ports
from evenfall.integrations.generic.changes import CHANGES
from evenfall.integrations.generic.plain import PLAIN

ports.register_format(PLAIN)
changes_ports.register_format(CHANGES)
