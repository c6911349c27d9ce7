"""Which outside systems this installation speaks to. Importing a slice registers what it offers."""

from evenfall.integrations import (
    alertmanager,
    email,
    generic,
    grafana,
    inbox,
    pagerduty,
    webhook,
    webpush,
)

FORMATS = (alertmanager, generic, grafana, pagerduty)
CHANNELS = (inbox, email, webpush, webhook)
