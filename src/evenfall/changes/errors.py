"""What can go wrong in the ledger. A class's docstring is the message people read."""

from evenfall.platform.errors import DomainError, Forbidden, Invalid, NotFound


class SummaryMissing(Invalid):
    """A change needs a summary: one line that says what changed."""

    code = "changes.summary_missing"


class ChangeNotFound(NotFound):
    """There is no change {change_id}. Look at the ledger."""

    code = "changes.change_not_found"


class SourceNotFound(NotFound):
    """There is no source {source_id}. Look at the list of sources."""

    code = "changes.source_not_found"


class SourceNameMissing(Invalid):
    """A source needs a name, so that people know where a change came from."""

    code = "changes.source_name_missing"


class SourceKindUnknown(Invalid):
    """{kind} is no kind of source."""

    code = "changes.source_kind_unknown"


class SourceNameTaken(Invalid):
    """Another source has this name already. Choose another one."""

    code = "changes.source_name_taken"


class MappedServiceUnknown(Invalid):
    """There is no service {service}, which the line of {about} leads to."""

    code = "changes.mapped_service_unknown"


class KeyUnknown(NotFound):
    """No source has this key. Look at the list of sources, or make a new one."""

    code = "changes.key_unknown"


class SignatureWrong(Forbidden):
    """The signature does not fit. Give the tool the secret of this source."""

    code = "changes.signature_wrong"
    status = 401


class ReportUnreadable(DomainError):
    """{reason}"""

    code = "changes.report_unreadable"
    status = 400
