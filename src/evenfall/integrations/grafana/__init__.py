"""Grafana: its webhook contact point, of unified alerting and of the legacy one."""

from evenfall.alerting import ports
from evenfall.integrations.grafana.webhook import WEBHOOK

ports.register_format(WEBHOOK)
