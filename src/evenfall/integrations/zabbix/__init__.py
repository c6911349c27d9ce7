"""Zabbix: a media type of the type Webhook; its script is in the documentation."""

from evenfall.alerting import ports
from evenfall.integrations.zabbix.webhook import WEBHOOK

ports.register_format(WEBHOOK)
