"""Policies and what happened, in sentences that a newcomer understands."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from evenfall.paging.logic.machine import CATCH_ALL_EVERY
from evenfall.paging.logic.people import Missing
from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.rules import Flaw, RuleWarning
from evenfall.paging.logic.window import WORKING_DAYS, WeeklyWindow
from evenfall.paging.logic.words import AtEnd, Reason, TargetKind
from evenfall.platform import durations

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = frozenset(range(7))


class Names(Struct, frozen=True, kw_only=True):
    """What the ids in a policy are called."""

    rotas: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


def minutes(count: int) -> str:
    return durations.exact(60 * count)


def join(words: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def target_words(target: TargetSpec, names: Names) -> str:
    """Whom a target means, to be put behind "page"."""
    own = target.id is None
    rota = "the team's rota" if own else names.rotas.get(target.id or 0, "a rota that is gone")
    team = "the team" if own else names.teams.get(target.id or 0, "a team that is gone")
    return {
        TargetKind.ROTA: f"whoever is on call in {rota}",
        TargetKind.LIEUTENANT: f"the lieutenant of {rota}",
        TargetKind.NEXT: f"whoever is next on call in {rota}",
        TargetKind.TEAM: f"everybody in {team}",
        TargetKind.TEAM_LEAD: f"the lead of {team}",
        TargetKind.USER: names.people.get(target.id or 0, "somebody who left"),
        TargetKind.ADMINISTRATORS: "the administrators",
    }[target.kind]


def window_words(window: WeeklyWindow) -> str:
    """Return words like "Monday to Friday, 09:00 to 17:00 (Europe/Lisbon)"."""
    hours = f"{window.start:%H:%M} to {window.end:%H:%M} ({window.zone})"
    return f"{day_words(window.days)}, {hours}"


def day_words(days: Collection[int]) -> str:
    if frozenset(days) == EVERY_DAY:
        return "every day"
    if frozenset(days) == WORKING_DAYS:
        return "Monday to Friday"
    return join([DAYS[day] for day in sorted(days)])


def step_sentence(step: StepSpec, *, after: int, names: Names) -> str:
    """One step; `after` is the number of minutes since the round began."""
    when = "At once" if after == 0 else f"After {minutes(after)}"
    whom = join([target_words(target, names) for target in step.targets])
    conditions = [f"for {join(sorted(step.severities))}"] if step.severities else []
    conditions += [window_words(step.window)] if step.window else []
    only = f", only {join(conditions)}" if conditions else ""
    return f"{when}, page {whom}{only}."


def policy_sentences(policy: PolicySpec, names: Names) -> tuple[str, ...]:
    """Each step, then what happens when nobody answers."""
    after = 0
    told = []
    for step in policy.steps:
        told.append(step_sentence(step, after=after, names=names))
        after += step.delay_minutes
    return (*told, end_sentence(policy, after=after, names=names))


def end_sentence(policy: PolicySpec, *, after: int, names: Names) -> str:
    again = f"After {minutes(after)}, start again"
    if policy.at_end is AtEnd.REPEAT:
        return f"{again}, until somebody answers."
    last = join([target_words(target, names) for target in policy.last_targets])
    every = minutes(int(CATCH_ALL_EVERY.total_seconds() // 60))
    end = f"page {last} every {every}, until somebody answers."
    if policy.rounds == 1:
        return f"After {minutes(after)}, {end}"
    return f"{again}, {policy.rounds} rounds in all; then {end}"


MOVE_WORDS: Mapping[str, str] = {
    Reason.STEP_TAKEN: "Paged",
    Reason.CALLED_BY_NAME: "Paged by name",
    Reason.TOOK_OVER: "The duty passed to somebody else; paged",
    Reason.CATCH_ALL: "Every step came to nobody or went unanswered; paged the catch-all",
    Reason.ADMINISTRATORS: "The catch-all cannot be reached; paged the administrators",
    Reason.ACK_EXPIRED: "Nothing followed the acknowledgement; paged again",
    Reason.HELP_WANTED: "Paged as help",
    Reason.SKIPPED_SEVERITY: "Skipped, for the step is for other severities",
    Reason.SKIPPED_TIME: "Skipped, for the step is for other hours",
}


def move_sentence(reason: str, people: Sequence[str]) -> str:
    """What a move did, with the names of the people it led to."""
    words = MOVE_WORDS.get(reason, reason.replace("_", " ").capitalize())
    return f"{words}: {join(people)}" if people else words


def short_why(why: str) -> str:
    """A reason without what the rota says about the shift: that belongs to the story."""
    return why.partition(" (")[0]


MISSING_WORDS: Mapping[str, str] = {
    Missing.NO_TEAM: "the page belongs to no team",
    Missing.NO_ROTA: "the team has no rota",
    Missing.ROTA_GAP: "nobody is on call now: the rota has a gap",
    Missing.NO_LIEUTENANT: "the rota has no lieutenant now",
    Missing.NO_NEXT: "nobody is next in the rota",
    Missing.EMPTY_TEAM: "the team has no members",
    Missing.NO_TEAM_LEAD: "the team has no lead",
    Missing.NO_PERSON: "this person is no longer active",
    Missing.NO_ADMINISTRATOR: "there is no active administrator",
    Missing.NO_METHOD: "no working contact method; only the inbox has the message",
    Missing.WANTS_HELP: "asked for the help",
}


def nobody_sentence(reasons: Collection[str]) -> str:
    """What a step did that led to nobody: whom it found is told, if only in the inbox."""
    if Missing.NO_METHOD in reasons:
        return "Told only the inbox; went on at once"
    return "Nobody to reach; went on at once"


def missing_sentence(reason: str, target: str, person: str = "", why: str = "") -> str:
    """Why a target led to nobody: "lieutenant: the rota has no lieutenant now"."""
    who = person or target.replace("_", " ")
    if person and why:
        who = f"{who}, {short_why(why)}"
    return f"{who}: {MISSING_WORDS.get(reason, reason)}"


FLAW_WORDS: Mapping[Flaw, str] = {
    Flaw.TOO_LATE: "This can come too late: the policy may have moved on to somebody else by then.",
    Flaw.NO_METHOD: "You have no verified contact method of this kind, so nothing will be sent.",
    Flaw.ASLEEP: "At night this waits for the morning, although urgent pages cannot.",
    Flaw.NOTHING_AT_ONCE: "For some urgent pages no rule acts at once: the first minutes are lost.",
}


def flaw_sentence(warning: RuleWarning) -> str:
    return FLAW_WORDS[warning.flaw]
