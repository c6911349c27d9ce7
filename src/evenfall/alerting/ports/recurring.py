"""When planned work comes back, for whoever has to know it without a row."""

from evenfall.alerting.logic.recurring import Recurrence, RuleError, checked, following

__all__ = ["Recurrence", "RuleError", "checked", "following"]
