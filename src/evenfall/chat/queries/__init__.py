"""Named reads of chat. Import this module, not its parts."""

from evenfall.chat.queries.people import viewer_by

__all__ = ["viewer_by"]
