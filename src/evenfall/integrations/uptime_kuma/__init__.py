"""Uptime Kuma: its notifications of the type Webhook."""

from evenfall.alerting import ports
from evenfall.integrations.uptime_kuma.webhook import WEBHOOK

ports.register_format(WEBHOOK)
