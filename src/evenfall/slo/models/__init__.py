"""Tables of objectives. Rows are written by `actions` only; times are UTC."""

from evenfall.slo.models.budgets import (
    BudgetException,
    Charge,
    Correction,
    ExceptionReview,
    Firing,
)
from evenfall.slo.models.counts import Count, DaySum, HourSum, Push, Series
from evenfall.slo.models.indicators import Indicator
from evenfall.slo.models.objectives import Objective, ObjectiveMember, ObjectiveVersion, Standing

__all__ = [
    "BudgetException",
    "Charge",
    "Correction",
    "Count",
    "DaySum",
    "ExceptionReview",
    "Firing",
    "HourSum",
    "Indicator",
    "Objective",
    "ObjectiveMember",
    "ObjectiveVersion",
    "Push",
    "Series",
    "Standing",
]
