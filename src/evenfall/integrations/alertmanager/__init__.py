"""Tools that speak Alertmanager: Prometheus and its like directly, Alertmanager's webhook."""

from evenfall.alerting import ports
from evenfall.integrations.alertmanager.api import API
from evenfall.integrations.alertmanager.webhook import WEBHOOK

for _format in (API, WEBHOOK):
    ports.register_format(_format)
