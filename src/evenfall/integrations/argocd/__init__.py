"""Argo CD: its notifications tell when an application was synchronised, or could not be."""

from evenfall.changes import ports
from evenfall.integrations.argocd.changes import CHANGES

ports.register_format(CHANGES)
