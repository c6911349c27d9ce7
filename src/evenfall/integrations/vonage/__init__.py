"""Vonage: text messages over its Messages API, calls over its Voice API.

Callbacks come to /callbacks/vonage/<provider>/…; each is signed over its body, so the notice and
the attempt travel in `client_ref`, which comes back in every report.
"""

from evenfall.integrations.vonage.provider import Vonage
from evenfall.notifications import ports

ports.register_provider_type(Vonage())
