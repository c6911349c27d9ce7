"""What a small mend makes of a policy or of personal rules."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.words import Hours, TargetKind, Urgency


def with_person(spec: PolicySpec, *, user_id: int, step: int | None) -> PolicySpec:
    """The policy with a person more in a step (from 1), or in a new last step (None)."""
    target = TargetSpec(kind=TargetKind.USER, id=user_id)
    if step is None:
        return replace(spec, steps=(*spec.steps, StepSpec(targets=(target,))))
    steps = list(spec.steps)
    known = steps[step - 1]
    if target not in known.targets:
        steps[step - 1] = replace(known, targets=(*known.targets, target))
    return replace(spec, steps=tuple(steps))


def ringing_at_once(
    rules: Sequence[PersonRule], *, kinds: Collection[str]
) -> tuple[PersonRule, ...]:
    """The rules with one more in front for each of these kinds: urgent, at once, at any hour.

    Pages of a team with urgent rules of its own see only those, so it gets them as well.
    """
    teams = {rule.team_id for rule in rules if rule.urgency is Urgency.HIGH}
    everybody = (None, *sorted(one for one in teams if one is not None))
    fresh = [
        PersonRule(
            urgency=Urgency.HIGH, kind=kind, delay_minutes=0, hours=Hours.ALWAYS, team_id=team
        )
        for team in everybody
        for kind in sorted(kinds)
    ]
    kept = [rule for rule in rules if rule not in fresh]
    return (*fresh, *kept)
