"""Senders that sign what they send: the pipeline reads such a message only once it is checked.

The front door does not check. A certificate may have to be fetched first, and it must not wait for
that; a secret is better known to few processes. So a forged message is answered like a good one,
and the refusal is shown on the page of the integration.
"""

from typing import Protocol, runtime_checkable

from evenfall.alerting.ports import format_named, format_names


@runtime_checkable
class Signed(Protocol):
    """A format whose messages carry a signature; both take any bytes and never raise."""

    def certificate_url(self, body: bytes) -> str:
        """Return where the certificate of the signature is, "" where none is needed.

        Only an address that the vendor alone can fill may be returned.
        """
        ...

    def problem(self, body: bytes, *, secret: str, certificate: str) -> str:
        """Return why the message must not be believed, "" where it may be.

        `secret` is the integration's, "" where it has none; `certificate` (PEM) what was found at
        `certificate_url`.
        """
        ...


def signed_format(name: str) -> Signed | None:
    """Return the format of this name if its messages are signed."""
    found: object = format_named(name) if name in format_names() else None
    return found if isinstance(found, Signed) else None
