"""The whole choreography on a page: which fact makes which domain react.

Facts travel up the stack only. Events of one reactor are handled in the order of the journal.
"""

from evenfall.platform.events import Subscription

SUBSCRIPTIONS: tuple[Subscription, ...] = ()
