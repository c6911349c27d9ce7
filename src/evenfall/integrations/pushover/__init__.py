"""Pushover: pages that ring until they are acknowledged in the app.

What is urgent is sent with priority 2: Pushover repeats it each minute for half an hour, or until
its reader acknowledges, or until the page is answered elsewhere (it is then cancelled by its tag).
The acknowledgement comes back to ``/callbacks/pushover/<provider>/<token>/`` and acknowledges the
page. A callback carries no signature, so its receipt is looked up at Pushover before it counts.
"""

from evenfall.integrations.pushover.channel import PushoverChannel
from evenfall.integrations.pushover.provider import Pushover
from evenfall.notifications import ports

ports.register_provider_type(Pushover())
ports.register_channel(PushoverChannel())
