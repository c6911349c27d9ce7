"""What can go wrong with manifests. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid


class ManifestNotValid(Invalid):
    """Nothing was changed: {count} to mend in these files, the first is {first}"""

    code = "manifests.not_valid"


class PlanOutdated(Conflict):
    """Something changed since this plan was made. Make the plan again and look at it."""

    code = "manifests.plan_outdated"


class NothingDeclared(Invalid):
    """These files declare nothing, and “{bundle}” manages {count} things, which would all be
    deleted. Name the right files, or say that an empty bundle is meant.
    """

    code = "manifests.nothing_declared"


class BundleNameNotValid(Invalid):
    """{bundle} is not a name for a bundle. Use small letters, digits and hyphens."""

    code = "manifests.bundle_name_not_valid"


class BundleNotFound(Invalid):
    """Nothing was applied as “{bundle}” yet. Known: {known}."""

    code = "manifests.bundle_not_found"


class TeamStays(Invalid):
    """A rota stays with its team, here {team}. Declare another rota and delete this one."""

    code = "manifests.team_stays"


class NoSuchDay(Invalid):
    """{day} is not a day. Write it like 2027-03-01."""

    code = "manifests.no_such_day"


class NoSuchZone(Invalid):
    """There is no time zone {zone}. Write it like Europe/Lisbon."""

    code = "manifests.no_such_zone"


class NoSuchTime(Invalid):
    """{time} is not a time with a zone. Write it like 2027-03-01T22:00:00+01:00."""

    code = "manifests.no_such_time"


class MatcherNotValid(Invalid):
    """{reason}"""

    code = "manifests.matcher_not_valid"


class SecretNotGiven(Invalid):
    """Nothing was given for {reference}. Set it where you apply."""

    code = "manifests.secret_not_given"
