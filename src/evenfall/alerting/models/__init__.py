"""The tables of alerting."""

from evenfall.alerting.models.intake import Integration, Signal, SignalBatch

__all__ = ["Integration", "Signal", "SignalBatch"]
