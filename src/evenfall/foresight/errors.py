"""What can go wrong with foresight. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RunNotFound(NotFound):
    """There is no what-if {run_id}. Records of them are kept for 30 days."""

    code = "foresight.run_not_found"


class KindUnknown(Invalid):
    """There is nothing called {kind} to ask about. Use one of: {kinds}."""

    code = "foresight.kind_unknown"


class ChangeNotValid(Invalid):
    """{where}: {what}"""

    code = "foresight.change_not_valid"


class NothingAsked(Invalid):
    """Name at least one change."""

    code = "foresight.nothing_asked"


class DaysNotValid(Invalid):
    """Ask for 1 to {most} days."""

    code = "foresight.days_not_valid"


class TooManyAlerts(Invalid):
    """{count} alerts came in {days} days, and {most} are replayed while somebody waits. Ask for
    fewer days.
    """

    code = "foresight.too_many_alerts"


class FindingNotFound(NotFound):
    """There is no finding {finding_id}. It may have been mended."""

    code = "foresight.finding_not_found"


class DismissalNotValid(Invalid):
    """{reason}"""

    code = "foresight.dismissal_not_valid"


class NothingToMend(Conflict):
    """There is nothing here that one click mends any more. Look at the list again."""

    code = "foresight.nothing_to_mend"


class MendNotFound(NotFound):
    """Finding {finding_id} was not mended by a click, or that was taken back already."""

    code = "foresight.mend_not_found"
