"""What can be done with objectives. Import this module, not its parts."""

from evenfall.slo.actions.charging import charge, forget_charges
from evenfall.slo.actions.correcting import CorrectionWish, correct, withdraw_correction
from evenfall.slo.actions.counting import forget_sums
from evenfall.slo.actions.evaluating import EVALUATE, evaluate_due, next_evaluation_due
from evenfall.slo.actions.excepting import (
    ExceptionWish,
    approve_exception,
    ask_exception,
    revoke_exception,
)
from evenfall.slo.actions.indicators import (
    IndicatorWish,
    add_indicator,
    archive_indicator,
    change_indicator,
    check_indicator,
)
from evenfall.slo.actions.previewing import Preview, filled, preview
from evenfall.slo.actions.promising import (
    ObjectiveWish,
    add_objective,
    archive_objective,
    change_objective,
)
from evenfall.slo.actions.pushing import PushedMinute, forget_pushes, push_counts
from evenfall.slo.actions.reading import READ, next_due, next_reading_due, read_due
from evenfall.slo.actions.reviewing import remind_reviews, review_exception
from evenfall.slo.actions.telling import PICTURE

__all__ = [
    "EVALUATE",
    "PICTURE",
    "READ",
    "CorrectionWish",
    "ExceptionWish",
    "IndicatorWish",
    "ObjectiveWish",
    "Preview",
    "PushedMinute",
    "add_indicator",
    "add_objective",
    "approve_exception",
    "archive_indicator",
    "archive_objective",
    "ask_exception",
    "change_indicator",
    "change_objective",
    "charge",
    "check_indicator",
    "correct",
    "evaluate_due",
    "filled",
    "forget_charges",
    "forget_pushes",
    "forget_sums",
    "next_due",
    "next_evaluation_due",
    "next_reading_due",
    "preview",
    "push_counts",
    "read_due",
    "remind_reviews",
    "review_exception",
    "revoke_exception",
    "withdraw_correction",
]
