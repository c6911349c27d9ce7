"""What can be done with patterns. Import this module, not its parts."""

from evenfall.patterns.actions.changing import PatternWish, change_pattern, move_pattern
from evenfall.patterns.actions.comparing import compare_due, next_comparison_due
from evenfall.patterns.actions.counting import compare_unknown, count_words
from evenfall.patterns.actions.judging import (
    add_member,
    confirm_pair,
    dismiss_pattern,
    reject_pair,
    remove_member,
)
from evenfall.patterns.actions.noticing import compare_soon
from evenfall.patterns.actions.reading import read_texts
from evenfall.patterns.actions.telling import mark_items

__all__ = [
    "PatternWish",
    "add_member",
    "change_pattern",
    "compare_due",
    "compare_soon",
    "compare_unknown",
    "confirm_pair",
    "count_words",
    "dismiss_pattern",
    "mark_items",
    "move_pattern",
    "next_comparison_due",
    "read_texts",
    "reject_pair",
    "remove_member",
]
