"""The addresses of this installation that mail comes in to.

``EVENFALL_MAIL_IN_ADDRESS`` is a domain of its own (``in.example.org``: the address of *word* is
``word@in.example.org``) or one mailbox (``alerts@example.org``: ``alerts+word@example.org``).
Capital letters mean nothing: mail servers change them on the way.
"""

from django.conf import settings

# the beat of what reads the mailbox; its detail has "problem", "" while all is well
MAILBOX_BEAT = "mail.mailbox"


def address_of(word: str) -> str:
    """The address that a word stands in, "" while no mail comes in."""
    mailbox, _, domain = settings.EVENFALL.mail_in_address.rpartition("@")
    if not domain:
        return ""
    return f"{mailbox}+{word}@{domain}" if mailbox else f"{word}@{domain}"


def word_in(address: str) -> str | None:
    """What an address says besides the mailbox and the domain; None where it is not one of ours."""
    mailbox, _, domain = settings.EVENFALL.mail_in_address.rpartition("@")
    local, _, asked = address.strip().rpartition("@")
    if not domain or asked.lower().rstrip(".") != domain:
        return None
    if not mailbox:
        return local
    before, _, word = local.partition("+")
    return word if before.lower() == mailbox else None
