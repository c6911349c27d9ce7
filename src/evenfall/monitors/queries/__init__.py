"""Named reads of monitors. They return plain values: a template can issue no SQL."""

from evenfall.monitors.queries.counting import check_counts

__all__ = ["check_counts"]
