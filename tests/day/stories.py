"""The kinds of things that go wrong in a day, each with what ought to come of it.

Where the product is documented to call more than one team, or to call again, that is what is
planted; the scores count it against us all the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from tests.day.company import FIRST_TIER, STANDS_ALONE, TEAMS
from tests.day.plan import LASTS, RESEND, STEP, TICK, Sender, Why, Window
from tests.day.planting import MINUTE, Planter, Sowing
from tests.day.routing import DATACENTRE, HOST

from evenfall.alerting.logic.causes import LINGER
from evenfall.alerting.logic.flapping import FLIPS

SYMPTOMS: Final = ("HighErrorRate", "SlowAnswers", "QueueGrows")
ENVIRONMENTS: Final = ("PROD", "UAT", "DEV")
OWN: Final = ("ErrorBudgetBurns", "CrashLoop", "DiskFull", "CertificateExpired", "DeadlockFound")


def _connected(planter: Planter) -> list[str]:
    return [slug for slug in planter.company.services if slug not in STANDS_ALONE]


def _pairs(planter: Planter, *, same_team: bool) -> list[tuple[str, str]]:
    """Each service with one that it needs directly, of its own team or of another."""
    company = planter.company
    return [
        (upper, lower)
        for upper, lower in company.needs
        if (company.team_of(upper) == company.team_of(lower)) is same_team
    ]


def own_problem(planter: Planter, *, is_doubled: bool = False) -> None:
    """One service is broken by itself; a few alerts say so, the first of them all the time."""
    lasts = planter.span(12 * 60, 55 * 60)
    (service,), at = planter.place([[slug] for slug in planter.company.services], lasts=lasts)
    severity = planter.rng.choice(("error", "critical"))
    names = planter.rng.sample(OWN, planter.rng.randint(1, 4))
    fired = [
        planter.fire(service, names[0], at, at + lasts, severity=severity, is_doubled=is_doubled)
    ]
    for name in names[1:]:
        began = at + planter.span(15, 9 * 60)
        ended = began + planter.span(60, int((at + lasts - began).total_seconds()))
        fired.append(planter.fire(service, name, began, ended, is_doubled=is_doubled))
    story = "two replicas tell of it" if is_doubled else "a service of its own"
    problem = planter.problem(story, planter.company.team_of(service), fired)
    planter.incident(story, problem, service, fired)


def outage(planter: Planter) -> None:
    """A service is down and what needs it fails; some of that is over only minutes later."""
    company = planter.company
    causes = [slug for slug in _connected(planter) if len(company.above(slug)) > 1]
    lasts = planter.span(15 * 60, 60 * 60)
    lingers = planter.span(0, int(LINGER.total_seconds()) - 60)
    sets = [[slug, *company.above(slug)] for slug in causes]
    (cause, *above), at = planter.place(sets, lasts=lasts + lingers)
    ended = at + lasts
    fired = [planter.fire(cause, "Down", at, ended, severity="critical")]
    fired += [
        planter.fire(cause, "Unreachable", at + STEP * number, ended - STEP * number)
        for number in range(1, planter.rng.randint(1, 4))
    ]
    for service in planter.rng.sample(above, min(len(above), planter.rng.randint(2, 8))):
        fired += _symptoms(planter, service, at, ended, lingers)
    story = "an outage and its symptoms"
    problem = planter.problem(story, company.team_of(cause), fired)
    planter.incident(story, problem, cause, fired)


def _symptoms(
    planter: Planter, service: str, at: datetime, ended: datetime, lingers: timedelta
) -> list[str]:
    """One to four alerts of a service that fails with another one."""
    fired = []
    for number in range(planter.rng.randint(1, 4)):
        began = at + planter.span(15, 8 * 60)
        over = ended + lingers if planter.rng.random() < 0.5 else ended - planter.span(0, 4 * 60)
        name = planter.rng.choice(SYMPTOMS)
        fired.append(
            planter.fire(service, name, began, over, place=f"{service}-{number}-{at:%H%M}")
        )
    return fired


def symptom_first(planter: Planter) -> None:
    """The symptom is noticed before its cause, which is another team's: both are called."""
    lasts = planter.span(20 * 60, 40 * 60)
    pairs = [list(pair) for pair in _pairs(planter, same_team=False)]
    (upper, lower), at = planter.place(pairs, lasts=lasts + MINUTE)
    symptom = planter.fire(upper, planter.rng.choice(SYMPTOMS), at, at + lasts)
    cause = planter.fire(lower, "Down", at + MINUTE, at + lasts + MINUTE, severity="critical")
    story = "the symptom of another team comes first"
    problem = planter.problem(story, planter.company.team_of(lower), [symptom, cause])
    planter.incident(story, problem, upper, [symptom])
    planter.incident(story, problem, lower, [cause])


def symptom_first_same_team(planter: Planter) -> None:
    """The symptom is noticed before its cause, and the same team owns both: called once."""
    lasts = planter.span(20 * 60, 40 * 60)
    pairs = [list(pair) for pair in _pairs(planter, same_team=True)]
    (upper, lower), at = planter.place(pairs, lasts=lasts + MINUTE)
    symptom = planter.fire(upper, planter.rng.choice(SYMPTOMS), at, at + lasts)
    cause = planter.fire(lower, "Down", at + MINUTE, at + lasts + MINUTE, severity="critical")
    story = "the symptom of the same team comes first"
    problem = planter.problem(story, planter.company.team_of(lower), [symptom, cause])
    planter.incident(story, problem, upper, [symptom, cause])


def vital_symptom(planter: Planter) -> None:
    """A service of tier 1 is critical although the cause is known: its team is called too."""
    company = planter.company
    pairs = [[u, lower] for u in sorted(FIRST_TIER) for lower in company.below(u, steps=1)]
    lasts = planter.span(20 * 60, 40 * 60)
    (upper, lower), at = planter.place(pairs, lasts=lasts)
    cause = planter.fire(lower, "Down", at, at + lasts, severity="critical")
    began = at + planter.span(30, 120)
    symptom = planter.fire(upper, "HighErrorRate", began, at + lasts, severity="critical")
    story = "a symptom at tier 1"
    problem = planter.problem(story, company.team_of(lower), [cause, symptom])
    planter.incident(story, problem, lower, [cause])
    planter.incident(story, problem, upper, [symptom])


def hidden_behind_a_cause(planter: Planter) -> None:
    """Something else breaks at a service whose need is down: it waits, and calls afterwards."""
    company = planter.company
    pairs = [
        [upper, lower]
        for upper, lower in _pairs(planter, same_team=False)
        if upper not in FIRST_TIER
    ]
    first, rest = planter.span(20 * 60, 30 * 60), planter.span(20 * 60, 30 * 60)
    (upper, lower), at = planter.place(pairs, lasts=first + TICK + LINGER + rest)
    first += -(at + first + LINGER - planter.starts) % TICK  # is over when the replay looks
    cause = planter.fire(lower, "Down", at, at + first, severity="critical")
    other = planter.fire(upper, "DiskFull", at + 5 * MINUTE, at + first + LINGER + rest)
    story = "a problem of its own behind a cause"
    planter.incident(story, planter.problem(story, company.team_of(lower), [cause]), lower, [cause])
    problem = planter.problem(story, company.team_of(upper), [other])
    planter.incident(story, problem, upper, [other], at + first + LINGER)


def flapper(planter: Planter) -> None:
    """It comes and goes all the time; from the third time on it stays open."""
    times = planter.rng.randint(6, 12)
    lives = [(planter.span(60, 120), planter.span(60, 180)) for _ in range(times)]
    lasts = sum((up + down for up, down in lives), timedelta())
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=lasts + 20 * MINUTE)
    fired: list[str] = []
    for fires, rests in lives:
        like = fired[0] if fired else ""
        fired.append(planter.fire(service, "HealthCheckFails", at, at + fires, like=like))
        at += fires + rests
    story = "it flaps"
    problem = planter.problem(story, planter.company.team_of(service), fired)
    calls = [planter.firings[one].began for one in fired[: FLIPS + 1]]
    planter.incident(story, problem, service, fired, *calls)


def comes_back(planter: Planter) -> None:
    """It is over for some minutes only, since the fix did not hold: called again."""
    first, second = planter.span(10 * 60, 20 * 60), planter.span(10 * 60, 20 * 60)
    rest = planter.span(3 * 60, 8 * 60)
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=first + rest + second)
    name = planter.rng.choice(OWN)
    one = planter.fire(service, name, at, at + first)
    back = at + first + rest
    two = planter.fire(service, name, back, back + second, like=one)
    story = "the fix does not hold"
    problem = planter.problem(story, planter.company.team_of(service), [one, two])
    planter.incident(story, problem, service, [one, two], at, back)


def comes_back_later(planter: Planter) -> None:
    """The same alert hours later is another problem."""
    lasts, hours = planter.span(10 * 60, 20 * 60), timedelta(hours=3)
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=lasts + hours + lasts)
    name, story, like = planter.rng.choice(OWN), "again hours later", ""
    for began in (at, at + hours):
        like = planter.fire(service, name, began, began + lasts, like=like)
        problem = planter.problem(story, planter.company.team_of(service), [like])
        planter.incident(story, problem, service, [like])


def unknown_blip(planter: Planter) -> None:
    """Over before anybody could look, and nobody said beforehand that it may wait."""
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=MINUTE)
    one = planter.fire(service, planter.rng.choice(OWN), at, at + planter.span(15, 60))
    planter.incident("a blip nobody knew of", "", service, [one])


def planned_work(planter: Planter, hours: tuple[int, int], *, goes_wrong: bool) -> None:
    """Alerts while people work on a service; one of them may stay when the work ends."""
    begins, ends = (planter.starts + timedelta(hours=hour) for hour in hours)
    chosen = [slug for slug in ("dns", "registry", "secrets") if goes_wrong] or ["build-farm"]
    lasts = ends - begins + timedelta(hours=1)
    for slug, environment in product(chosen, ENVIRONMENTS):  # the window holds in all of them
        room = planter.room([slug], lasts=lasts, environment=environment, at=begins)
        assert room == begins, "planned work is planted before what comes by chance"
    planter.windows.append(
        Window(name=f"Work on {chosen[0]}", services=tuple(chosen), starts=begins, ends=ends)
    )
    for _ in range(25):
        service, at = planter.rng.choice(chosen), begins + planter.span(60, 80 * 60)
        over = at + planter.span(60, 20 * 60)
        planter.hush(Why.MAINTENANCE, planter.fire(service, planter.rng.choice(OWN), at, over))
    if goes_wrong:
        stays = planter.fire(chosen[0], "Unreachable", begins + 30 * MINUTE, ends + 30 * MINUTE)
        story = "left broken by planned work"
        team = planter.company.team_of(chosen[0])
        problem = planter.problem(story, team, [stays], since=ends)
        planter.incident(story, problem, chosen[0], [stays], ends)


def datacentre_down(planter: Planter) -> None:
    """A site is gone and all its hosts with it: one rule says which is the cause."""
    lasts = 40 * MINUTE
    hosts = planter.room(["network", "hosts"], lasts=lasts, hours=(2, 4))
    assert hosts is not None, "the site is planted before what comes by chance"
    story = "a site is gone"
    cause = planter.fire(
        "network", DATACENTRE, hosts, hosts + lasts, severity="critical", place="site-2"
    )
    fired = [
        planter.fire("hosts", HOST, hosts + planter.span(15, 180), hosts + lasts - STEP * 4)
        for _ in range(40)
    ]
    planter.hush(Why.INHIBITION, *fired)
    problem = planter.problem(story, planter.company.team_of("network"), [cause, *fired])
    planter.incident(story, problem, "network", [cause])


def by_day_in_tests(planter: Planter) -> None:
    """A test environment that is down in working hours keeps people from working."""
    lasts = planter.span(20 * 60, 50 * 60)
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=lasts, environment="UAT", hours=(9.1, 15.5))
    one = planter.fire(service, "Down", at, at + lasts, severity="critical", environment="UAT")
    story = "the test environment, by day"
    problem = planter.problem(story, planter.company.team_of(service), [one])
    planter.incident(story, problem, service, [one], environment="UAT")


def by_night_in_tests(planter: Planter) -> None:
    """At night it can wait: an incident, and a word for the morning."""
    lasts = planter.span(20 * 60, 50 * 60)
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=lasts, environment="UAT", hours=(0.5, 7.5))
    one = planter.fire(service, "Down", at, at + lasts, severity="critical", environment="UAT")
    story = "the test environment, at night"
    planter.incident(story, "", service, [one], environment="UAT", is_urgent=False)


def gets_worse(planter: Planter) -> None:
    """A batch job tells twice, the second time louder; it pages once."""
    lasts = planter.span(20 * 60, 40 * 60)
    (service,), at = planter.place([[slug] for slug in TEAMS["insight"]], lasts=lasts)
    one = planter.fire(
        service, "JobFails", at, at + lasts, sender=Sender.BATCH, raised_at=at + 6 * MINUTE
    )
    story = "it gets worse"
    problem = planter.problem(story, planter.company.team_of(service), [one])
    planter.incident(story, problem, service, [one])


def sender_vanishes(planter: Planter) -> None:
    """Nobody ever says that it is over: it is, when no signal came for long enough."""
    told = RESEND * planter.rng.randint(5, 12)
    sets = [[slug] for slug in planter.company.services]
    (service,), at = planter.place(sets, lasts=told + LASTS + 2 * MINUTE)
    one = planter.fire(service, "TargetGone", at, None, last_told=at + told)
    story = "its sender vanishes"
    problem = planter.problem(story, planter.company.team_of(service), [one])
    planter.incident(story, problem, service, [one])


FIXED: Final[Sequence[Sowing]] = (
    Sowing(lambda planter: planned_work(planter, (1, 3), goes_wrong=True), 1),
    Sowing(lambda planter: planned_work(planter, (13, 15), goes_wrong=False), 1),
    Sowing(datacentre_down, 1),
)
TROUBLE: Final[Sequence[Sowing]] = (
    Sowing(hidden_behind_a_cause, 2),
    Sowing(vital_symptom, 2),
    Sowing(symptom_first, 3),
    Sowing(outage, 14),
    Sowing(symptom_first_same_team, 3),
    Sowing(comes_back_later, 2),
    Sowing(flapper, 4),
    Sowing(comes_back, 2),
    Sowing(sender_vanishes, 2),
    Sowing(gets_worse, 2),
    Sowing(own_problem, 12),
    Sowing(lambda planter: own_problem(planter, is_doubled=True), 2),
    Sowing(by_day_in_tests, 3),
    Sowing(by_night_in_tests, 3),
    Sowing(unknown_blip, 5),
)
