"""Datadog: its webhook, with our template or with what it sends by itself."""

from evenfall.alerting import ports
from evenfall.integrations.datadog.webhook import WEBHOOK

ports.register_format(WEBHOOK)
