"""What can go wrong with measurements. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class SourceNotFound(NotFound):
    """There is no metric source {source}. It may have been removed; choose another one."""

    code = "telemetry.source_not_found"


class SourceKindUnknown(Invalid):
    """{kind} is not a kind of metric source. Choose one of the list."""

    code = "telemetry.source_kind_unknown"


class SourceNameTaken(Conflict):
    """There is a metric source {name} already. Give this one another name."""

    code = "telemetry.source_name_taken"


class SourceUnclear(Invalid):
    """{reason}"""

    code = "telemetry.source_unclear"


class QueryInvalid(Invalid):
    """The query cannot be asked: {reason}."""

    code = "telemetry.query_invalid"
