"""Twilio: text messages and calls over its REST API of 2010-04-01.

Callbacks come to /callbacks/twilio/<provider>/…; each is signed over its whole address, so what the
address says of notice and attempt can be trusted. Twilio knows no idempotency key: a message whose
answer was lost is sent again, and the callback of the first one still counts.
"""

from evenfall.integrations.twilio.provider import Twilio
from evenfall.notifications import ports

ports.register_provider_type(Twilio())
