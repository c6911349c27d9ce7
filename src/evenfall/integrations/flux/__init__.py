"""Flux: its notification-controller tells what was reconciled, and what could not be."""

from evenfall.changes import ports
from evenfall.integrations.flux.changes import CHANGES

ports.register_format(CHANGES)
