"""Any of the services that the library apprise knows: one way, with a signed link back.

The library is an extra (``pip install evenfall[apprise]``); without it this kind is not offered. An
address such as discord://… holds the secrets of its service: it is kept encrypted, and a masked
form of it is shown.

What the library could do to the machine it runs on is fenced in: only services that it reaches by
HTTP are taken, none of its ways to read files, and each connection is made only to an address that
the guarded client would call too (see ``fence``).
"""

from importlib.util import find_spec

from evenfall.integrations.apprise.channel import AppriseChannel
from evenfall.notifications import ports

if find_spec("apprise") is not None:
    ports.register_channel(AppriseChannel())
