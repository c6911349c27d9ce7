"""Every check of reachability: what the domains know, told as findings with owner and mend."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.foresight.logic.findings import Found, RuleFact, Weight, rule_troubles
from evenfall.foresight.logic.kinds import Check, Part
from evenfall.foresight.logic.mends import quiet_offer, rules_offer
from evenfall.foresight.queries.offers import (
    PolicyOffers,
    owner_offers,
    policy_offers,
    service_offers,
)
from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.queries.providers import providers
from evenfall.notifications.queries.rates import provider_rates
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.queries import FindingView, ShiftReadiness
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PolicySearch

DAYS: Final = 30
RATE_DAYS: Final = 7
LEAST_SENT: Final = 5
LEAST_ARRIVED: Final = 0.9
HIDES: Final = 0.9
LEAST_ALERTS: Final = 10
RINGS: Final = frozenset(
    {"sms", "voice", "webpush", "pushover", "ntfy", "unifiedpush", "telegram", "slack"}
)
"""Kinds that make a phone sound; a mail or a chat message alone wakes few."""


def troubles(parts: Collection[Part] = tuple(Part), *, now: datetime) -> list[Found]:
    """What these checks find now. The queries do not grow with what there is."""
    return [one for part in Part if part in parts for one in _CHECKS[part](now)]


def policies(now: datetime) -> Iterator[Found]:
    searches = paging_queries.policy_searches(now=now)
    offers = PolicyOffers(searches)
    for search in searches:
        if search.team_id is None and not search.policy.is_default:
            continue  # nothing pages by it
        if not any(step.found for step in search.steps):
            yield _policy(search, offers, Check.NOBODY_AT_ALL, 0)
            continue
        for step in search.steps:
            if not step.found:
                yield _policy(search, offers, Check.UNREACHABLE_STEP, step.number)


def _policy(search: PolicySearch, offers: PolicyOffers, check: Check, number: int) -> Found:
    policy, for_team = search.policy, f" for {search.team}" if search.team else ""
    steps = [step for step in search.steps if number in {0, step.number}]
    missing = dict.fromkeys(text for step in steps for text in step.missing)
    what = f"Step {number} of {policy.name}" if number else f"The policy {policy.name}"
    # a team without anybody: no policy helps, people do
    is_empty = search.team_id is not None and not offers.has_people(search.team_id)
    return Found(
        check=check,
        weight=Weight.WARNING if number else Weight.SERIOUS,
        subject=f"policy:{policy.id}:{search.team_id or 0}:{number}",
        title=f"{what} finds nobody{for_team}",
        why=_sentence(missing) or "No target leads to anybody.",
        mend="Add people to the team" if is_empty else "Edit the policy",
        mend_url=f"/teams/{search.team_slug}/" if is_empty else f"/policies/{policy.id}/edit/",
        team_id=search.team_id or policy.team_id,
        offer=offers.of(search, check, number),
    )


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(part.rstrip(".") for part in parts)[:500]
    return f"{text[0].upper()}{text[1:]}." if text else ""


_TROUBLES: Final = {
    "gap": "Nobody is on call in {rota}",
    "empty_shift": "A shift of {rota} is empty",
    "absent": "{person} is away during a shift of {rota}",
    "unreachable": "{person} is on call in {rota} and cannot be reached",
    "two_rotas": "{person} is on call in {rota} and elsewhere at once",
    "no_lieutenant": "Nobody is lieutenant in {rota}",
}


def rotas(now: datetime) -> Iterator[Found]:
    """The six weeks to come, as the rotas' own pages show them."""
    ahead = oncall_queries.weeks_ahead(now=now)
    for one in ahead.troubles:
        yield _rota(one)
    of_team: dict[int, list[int]] = defaultdict(list)
    for rota in ahead.rotas:
        of_team[rota.team_id].append(rota.id)
    for service in ahead.services:
        never = service.starts_at is None
        yield Found(
            check=Check.UNCOVERED_SERVICE,
            weight=Weight.SERIOUS if never else Weight.WARNING,
            subject=f"service:{service.service_id}",
            title=f"Nobody is on call for {service.name}",
            why=f"No rota of {service.team} ever has anybody on call."
            if never
            else f"Every rota of {service.team} has a gap from "
            f"{service.starts_at:%Y-%m-%d %H:%M} UTC on.",
            mend="Make a rota" if never else "Look at the rotas",
            mend_url=f"/rotas/new/?team={service.team_id}"
            if never
            else _only("/rotas/", of_team[service.team_id]),
            team_id=service.team_id,
        )


def _only(place: str, numbers: Sequence[int]) -> str:
    """The one thing there is, else the list."""
    return f"{place}{numbers[0]}/" if len(numbers) == 1 else place


def _rota(one: FindingView) -> Found:
    title = _TROUBLES[one.trouble.value].format(rota=one.rota.name, person=one.person)
    when = f"{one.starts_at:%Y-%m-%d %H:%M} to {one.ends_at:%Y-%m-%d %H:%M} UTC"
    more = f", and {one.more} more times" if one.more else ""
    return Found(
        check=Check.ROTA,
        weight=Weight.SERIOUS if one.weight.value == "critical" else Weight.WARNING,
        # without the times, which move on every day: it stays the same trouble
        subject=f"{one.trouble.value}:{one.rota.id}:{one.role.value}:{one.user_id or 0}",
        title=title,
        why=f"{one.why} {when}{more}.",
        mend="Fill the shift",
        mend_url=f"/rotas/{one.rota.id}/overrides/new/?"
        + urlencode({"starts": one.starts, "ends": one.ends, "role": one.role.value}),
        team_id=one.rota.team_id,
    )


def people(now: datetime) -> Iterator[Found]:
    """Those who are on call within two weeks: what they lack, and how thin their reach is."""
    lines = oncall_queries.readiness(now=now)
    of_person: dict[int, list[ShiftReadiness]] = defaultdict(list)
    for line in lines:
        of_person[line.user_id].append(line)
    kinds = notifications_queries.reachable_kinds(of_person.keys())
    for user_id, shifts in of_person.items():
        yield from _lacks(shifts)
        yield from _thin(shifts[0], kinds[user_id] - {notifications_queries.INBOX})


def _lacks(shifts: list[ShiftReadiness]) -> Iterator[Found]:
    for lack in dict.fromkeys(lack for shift in shifts for lack in shift.lacks):
        if lack.lack.value == "absent":
            continue  # the rota's own trouble
        nothing = lack.lack.value == "no_method"
        check = Check.NO_METHOD if nothing else Check.BROKEN_METHOD
        shift = shifts[0]
        yield Found(
            check=check,
            weight=Weight.SERIOUS if nothing else Weight.WARNING,
            subject=f"user:{shift.user_id}:{lack.lack.value}:{lack.text[:80]}",
            title=f"{shift.name} may not be reached",
            why=f"{lack.text} Next shift: {shift.rota}.",
            mend="Mend it in your profile",
            mend_url=lack.url,
            team_id=shift.team_id,
            person_id=shift.user_id,
            offer=rules_offer(lack.lack.value, shift.user_id),
        )


def _thin(shift: ShiftReadiness, kinds: set[str]) -> Iterator[Found]:
    ways = " and ".join(sorted(kinds))
    if kinds and not kinds & RINGS:
        check, title = Check.NO_PHONE, f"{shift.name} has no phone and no push"
        why = f"A page goes by {ways} only, which wakes few."
    elif len(kinds) == 1:
        check, title = Check.SINGLE_CHANNEL, f"{shift.name} is reached in one way only"
        why = f"When {ways} fails, nothing is left but the inbox."
    else:
        return
    yield Found(
        check=check,
        weight=Weight.WARNING,
        subject=f"user:{shift.user_id}",
        title=title,
        why=why,
        mend="Add a contact method",
        mend_url="/profile/contact-methods/",
        team_id=shift.team_id,
        person_id=shift.user_id,
    )


def channels(now: datetime) -> Iterator[Found]:
    accounts = {one.name: one.id for one in providers()}
    for rate in provider_rates(now=now, days=RATE_DAYS):
        arrived = rate.accepted / rate.sent if rate.sent else 1.0
        if rate.sent >= LEAST_SENT and arrived < LEAST_ARRIVED:
            by = f" by {rate.via}" if rate.via else ""
            one_of = accounts.get(rate.via)
            yield Found(
                check=Check.FAILING_CHANNEL,
                weight=Weight.SERIOUS,
                subject=f"{rate.kind}:{rate.via}",
                title=f"{rate.channel}{by} fails",
                why=f"{rate.sent - rate.accepted} of {rate.sent} messages of the last "
                f"{RATE_DAYS} days were refused.",
                mend="Look at its account" if one_of else "Look at the success rates",
                mend_url=f"/settings/providers/{one_of}/" if one_of else "/reports/reach/",
            )


def rules_and_quiet(now: datetime) -> Iterator[Found]:
    since = now - timedelta(days=DAYS)
    use = alerting_queries.rule_use(since=since, now=now)
    facts = [
        RuleFact(
            id=one.rule.id,
            name=one.rule.name,
            condition=one.rule.condition,
            is_catch_all=one.rule.is_catch_all,
            holds=one.holds,
            took=one.took,
            changed_at=one.rule.changed_at,
        )
        for one in use.rules
    ]
    yield from rule_troubles(facts, looked_at=use.looked_at, days=DAYS, since=since)
    places = {"silence": "/silences/#silence-", "maintenance": "/maintenance/#maintenance-"}
    for quiet in use.quiet:
        if use.looked_at >= LEAST_ALERTS and quiet.covers >= HIDES * use.looked_at:
            share = round(100 * quiet.covers / use.looked_at)
            yield Found(
                check=Check.HIDES_ALL,
                weight=Weight.SERIOUS,
                subject=f"{quiet.kind}:{quiet.id}",
                title=f"The {quiet.kind} {quiet.name} hides nearly everything",
                why=f"It fits {share} % of the alerts of the last {DAYS} days.",
                mend="Narrow it",
                mend_url=f"{places[quiet.kind]}{quiet.id}"
                if quiet.kind in places
                else f"/inhibitions/{quiet.id}/",
                offer=quiet_offer(quiet.kind, quiet.id),
            )


def owners(now: datetime) -> Iterator[Found]:
    teams = {team.id: team.name for team in identity_queries.teams()}
    unowned = alerting_queries.unowned_integrations()
    offers = owner_offers([one.id for one in unowned], teams, since=now - timedelta(days=DAYS))
    for one in unowned:
        yield Found(
            check=Check.NO_OWNER,
            weight=Weight.WARNING,
            subject=f"integration:{one.id}",
            title=f"The integration {one.name} belongs to nobody",
            why="Alerts without a label for their service are paged to the administrators, and "
            "their tickets wait in the queue of the team that takes what belongs to nobody.",
            mend="Say whose it is",
            mend_url=f"/integrations/{one.id}/",
            offer=offers[one.id],
        )
    yield from _unanswered(teams, since=now - timedelta(days=DAYS))
    services = paging_queries.services_by_default()
    own = policy_offers(services)
    for service in services:
        offer = own[service.id]
        yield Found(
            check=Check.NO_POLICY,
            weight=Weight.HINT,
            subject=f"service:{service.id}",
            title=f"{service.name} has no policy of its own",
            why=f"Neither it nor {teams.get(service.team_id, 'its team')} chose one, so its pages "
            "follow the default.",
            mend="Choose a policy",
            mend_url=f"/policies/{offer.numbers['policy_id']}/" if offer else "/policies/",
            team_id=service.team_id,
            offer=offer,
        )


def _unanswered(teams: Mapping[int, str], *, since: datetime) -> Iterator[Found]:
    """Services whose team has nobody: they have an owner in name only."""
    staffed = identity_queries.team_people(teams.keys())
    services = [one for one in catalog_queries.services().values() if one.team_id not in staffed]
    if not services:
        return
    offers = service_offers(services, teams, since=since)
    for one in services:
        yield Found(
            check=Check.NO_TEAM,
            weight=Weight.WARNING,
            subject=f"service:{one.id}",
            title=f"Nobody answers for {one.name}",
            why=f"It belongs to {teams.get(one.team_id, 'a team')}, and nobody is in that team, so "
            "that its pages end with the administrators.",
            mend="Set its owner",
            mend_url=f"/services/{one.slug}/edit/",
            team_id=one.team_id,
            offer=offers[one.id],
        )


_CHECKS: Final[Mapping[Part, Callable[[datetime], Iterable[Found]]]] = {
    Part.POLICIES: policies,
    Part.ROTAS: rotas,
    Part.PEOPLE: people,
    Part.CHANNELS: channels,
    Part.RULES: rules_and_quiet,
    Part.OWNERS: owners,
}
