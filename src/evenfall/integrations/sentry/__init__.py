"""Sentry: the webhooks of an internal integration."""

from evenfall.alerting import ports
from evenfall.integrations.sentry.webhook import WEBHOOK

ports.register_format(WEBHOOK)
