"""Forms of addresses that several channels share."""

from urllib.parse import urlsplit

from evenfall.notifications import errors


def web_address(text: str) -> str:
    """An absolute http or https address, without the blanks around it.

    Raises AddressNotUsable. Whether it may be called is for the guarded client to say.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise errors.AddressNotUsable(
            reason="it must be a whole address that starts with https://.", field="address"
        )
    return address
