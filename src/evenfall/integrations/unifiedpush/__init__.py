"""UnifiedPush: push messages over a server that the reader chose, without that of a phone's maker.

The address is the endpoint that an app got from its distributor. With the keys of the app the
message is encrypted as Web Push is (RFC 8291); without them it travels as it is, and whoever runs
the push server can read it.

Payload (JSON, at most 4,096 bytes): ``title``, ``message``, ``url``, ``tag``, ``urgency``,
``actions`` [{"action", "title"}] and ``respond_url``, which takes a POST with ``action``.
"""

from evenfall.integrations.unifiedpush.channel import UnifiedPushChannel
from evenfall.notifications import ports

ports.register_channel(UnifiedPushChannel())
