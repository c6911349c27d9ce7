"""ntfy: push messages over a public or an own ntfy server, with buttons that answer.

The address is that of a topic, such as https://ntfy.sh/a-long-word. A token, or user:password, may
stand before the @ of the address or beside it; it is kept encrypted and never shown. A button posts
to the signed address of its notice from the phone itself, so the phone must reach Evenfall.

The server takes a message and says no more of it: "accepted" is the last state of a notice.
Messages of one page have one sequence id, so the newest replaces the others and a closing clears
them (ntfy 2.16 and newer; older servers show each and clear none).
"""

from evenfall.integrations.ntfy.channel import NtfyChannel
from evenfall.notifications import ports

ports.register_channel(NtfyChannel())
