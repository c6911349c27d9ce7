"""What can go wrong with objectives. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Forbidden, Invalid, NotFound


class ObjectiveNotFound(NotFound):
    """There is no objective {objective}. It may have been archived."""

    code = "slo.objective_not_found"


class IndicatorNotFound(NotFound):
    """There is no indicator {indicator}. It may have been archived."""

    code = "slo.indicator_not_found"


class ObjectiveUnclear(Invalid):
    """{reason}"""

    code = "slo.objective_unclear"


class SlugTaken(Conflict):
    """There is one called {slug} already. Give this one another name."""

    code = "slo.slug_taken"


class SomebodyChanged(Conflict):
    """Somebody changed this objective in the meantime. Reload and try again."""

    code = "slo.somebody_changed"


class IndicatorInUse(Conflict):
    """Objectives are about this indicator: {objectives}. Archive them first."""

    code = "slo.indicator_in_use"


class NotPushed(Conflict):
    """The counts of this indicator are read by us. Only those of kind “pushed” can be sent."""

    code = "slo.not_pushed"


class CorrectionNotFound(NotFound):
    """There is no such correction of objective {objective}, or it was withdrawn."""

    code = "slo.correction_not_found"


class ExceptionNotFound(NotFound):
    """There is no such exception of objective {objective}, or it is over."""

    code = "slo.exception_not_found"


class NothingToReview(Conflict):
    """This exception was never approved, so nothing came of it. Approve or refuse it."""

    code = "slo.nothing_to_review"


class NotYourOwn(Forbidden):
    """Nobody approves or reviews an exception that they asked for. Ask somebody else of the
    team.
    """

    code = "slo.not_your_own"


class ReasonMissing(Invalid):
    """Say why; people will ask later."""

    code = "slo.reason_missing"


class TimesUnclear(Invalid):
    """{reason}"""

    code = "slo.times_unclear"


class SourceSilent(Invalid):
    """The source did not answer: {problem}"""

    code = "slo.source_silent"
