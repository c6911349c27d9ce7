"""Opsgenie: tools that speak its Alert API send to us; and moving away from it.

Its REST API's answers become a draft of rotas and policies, see `translator`.
"""

from evenfall.alerting import ports
from evenfall.importing import ports as importing_ports
from evenfall.integrations.opsgenie.alerts_api import ALERTS
from evenfall.integrations.opsgenie.translator import OPSGENIE

ports.register_format(ALERTS)
importing_ports.register_translator(OPSGENIE)
