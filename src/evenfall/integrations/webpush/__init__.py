"""Web Push (RFC 8030): to the browsers and phones of people, without a relay of our own.

Payload (JSON, encrypted as RFC 8291): ``title``, ``body``, ``url``, ``tag``, ``urgency``,
``actions`` [{"action", "title"}], ``respond_url``, which takes a POST with ``action``, and
``badge``, the number for the icon of the app. Two kinds show nothing where the platform allows
that: with ``check`` the device posts to that address, with ``closed`` it closes what has the
``tag``.

The key pair by which push services know this installation (VAPID, RFC 8292) is made once and kept
encrypted in the database. Losing it makes every subscription void.
"""

from evenfall.integrations.webpush.channel import WebPushChannel
from evenfall.notifications import ports

ports.register_channel(WebPushChannel())
