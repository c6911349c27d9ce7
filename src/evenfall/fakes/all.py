"""The fakes that ``evenfall fakes`` serves."""

from evenfall.fakes.vendor import Vendor


def all_vendors() -> list[Vendor]:
    """A fresh one of each."""
    return []
