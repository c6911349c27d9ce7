"""Whether somebody's own rules reach them before their policy moves on to somebody else."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from evenfall.oncall.ports import ReachFlaw
from evenfall.paging.logic.rules import INBOX, PersonRule, default_rules
from evenfall.paging.logic.words import Hours, Urgency


def reach_flaw(
    rules: Sequence[PersonRule], *, kinds: Collection[str], moves_on_after: timedelta | None
) -> ReachFlaw | None:
    """What is wrong with somebody's rules for what is urgent; None when one of them reaches them.

    `kinds` are those the person can be reached over, `moves_on_after` is how long the step that
    pages them waits (None: no policy pages them). Such a page is sent over every kind at once, so
    that it is not lost; but that is not what its reader asked for.
    """
    urgent = [rule for rule in rules if rule.urgency is Urgency.HIGH]
    usable = [rule for rule in urgent if rule.kind in kinds and rule.kind != INBOX]
    if not usable:
        return None if _are_defaults(urgent, kinds) else ReachFlaw.NO_METHOD
    awake = [rule for rule in usable if rule.hours is Hours.ALWAYS]
    if not awake:
        return ReachFlaw.ASLEEP
    if moves_on_after is not None and min(rule.delay for rule in awake) > moves_on_after:
        return ReachFlaw.TOO_LATE
    return None


def _are_defaults(urgent: Collection[PersonRule], kinds: Collection[str]) -> bool:
    """Nobody asked for the defaults: where none of them can be used, all else rings at once."""
    defaults = {rule for rule in default_rules(kinds) if rule.urgency is Urgency.HIGH}
    return set(urgent) == defaults
