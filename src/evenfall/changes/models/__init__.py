"""The tables of the ledger. Rows are written by `actions` only; times are UTC."""

from evenfall.changes.models.ledger import Change
from evenfall.changes.models.sources import ChangeSource, PushedCommit, RefusedReport

__all__ = ["Change", "ChangeSource", "PushedCommit", "RefusedReport"]
