"""What can go wrong in the ledger. A class's docstring is the message people read."""

from evenfall.platform.errors import Invalid


class SummaryMissing(Invalid):
    """A change needs a summary: one line that says what changed."""

    code = "changes.summary_missing"
