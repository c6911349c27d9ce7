"""The only module that touches the library, so that it is loaded only where it is used."""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final, override

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyType
from django.utils.crypto import salted_hmac

from evenfall.integrations.apprise.fence import RefusedError, checked, fenced
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import ChannelError, Message

LOGGER: Final = "apprise"
# Ways to the machine itself, which no web service needs.
_LOCAL: Final = frozenset({"socket", "smtplib", "subprocess", "ctypes"})
# Arguments with which a service would read a file of this machine, or load code.
_FILES: Final = re.compile(
    r"[?&](template|tmpl|keyfile|subfile|attach|include|config|path|cert\w*)=", re.IGNORECASE
)
_FILE_SCHEMES: Final = frozenset({"fcm", "vapid", "vapids", "ifttts", "apprise", "apprises"})
_TYPES: Final = MappingProxyType(
    {
        "critical": NotifyType.FAILURE,
        "error": NotifyType.FAILURE,
        "warning": NotifyType.WARNING,
    }
)
# What many services carry in the place of the host is a word of their own.
_NAME: Final = re.compile(r"[.:]|^localhost$")
_FINAL: Final = re.compile(r"\b(400|401|403|404|405|410|422)\b")
_LONGEST_SHOWN: Final = 120

# Its words can hold whole addresses, with their secrets: none of them belongs into our log.
logging.getLogger(LOGGER).propagate = False


def masked(text: str) -> tuple[str, str]:
    """A form of the address that may be shown, and the address. Raises AddressNotUsable.

    Two addresses of one service look alike when masked, so a short fingerprint follows.
    """
    service = _service(text.strip())
    _check_host(service)
    print_ = salted_hmac("evenfall.apprise", text.strip(), algorithm="sha256").hexdigest()[:6]
    shown = str(service.url(privacy=True)).partition("?")[0]  # type: ignore[no-untyped-call]  # typed in part only
    return f"{shown[:_LONGEST_SHOWN]} #{print_}", text.strip()


def notify(message: Message) -> None:
    """Hand one message over; blocks. Raises ChannelError."""
    try:
        service = _service(message.secret)
    except AddressNotUsable as error:
        raise ChannelError(error.message, permanent=True, address_dead=True) from error
    content = message.content
    kind = _TYPES.get(content.severity, NotifyType.INFO)
    with _complaints() as said:
        try:
            with fenced():
                is_taken = service.notify(
                    title=content.title, body=_body(message), notify_type=kind
                )
        except (OSError, TypeError, ValueError) as error:
            raise ChannelError(f"{type(error).__name__} at the service", permanent=False) from error
    if not is_taken:
        reason = said[-1][:200] if said else "the service did not take it"
        raise ChannelError(reason, permanent=_FINAL.search(reason) is not None)


def _body(message: Message) -> str:
    """Plain text. One way: the answers are links, which open a page that asks once more."""
    links = [f"{link.label}: {link.url}" for link in message.action_links]
    if message.content.url and not links:
        links = [message.content.url]
    lines = "\n".join(message.content.lines)
    return "\n\n".join(part for part in (lines, "\n".join(links)) if part) or message.content.title


def _service(address: str) -> NotifyBase:
    """The service of an address, when it is one that only speaks HTTP."""
    scheme = address.partition("://")[0].lower()
    if scheme in _FILE_SCHEMES or _FILES.search(address):
        raise AddressNotUsable(
            reason="it would read files of this server. Leave that part out.", field="address"
        )
    asset = AppriseAsset(secure_logging=True, async_mode=False, plugin_paths=[])
    found = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(found, NotifyBase):
        raise AddressNotUsable(
            reason="Apprise does not know it. See its list of services for the form.",
            field="address",
        )
    if not _is_by_http(type(found)):
        raise AddressNotUsable(
            reason=f"{scheme}:// is not reached over the web, so it is not used here.",
            field="address",
        )
    return found


def _is_by_http(kind: type[NotifyBase]) -> bool:
    """Whether the modules of a service make requests, and open nothing by themselves."""
    names: set[str] = set()
    for parent in kind.__mro__:
        if parent.__module__.startswith("apprise.plugins.") and parent is not NotifyBase:
            names |= vars(sys.modules[parent.__module__]).keys()
    return "requests" in names and not names & _LOCAL


def _check_host(service: NotifyBase) -> None:
    """Tell early of an address that the fence would refuse. A name unknown now may come."""
    host = getattr(service, "host", None)
    if not isinstance(host, str) or not _NAME.search(host):
        return
    try:
        checked(host, service.port or 443)
    except RefusedError as error:
        raise AddressNotUsable(
            reason=f"{error}. EVENFALL_ALLOW_PRIVATE_ADDRESSES can allow it.", field="address"
        ) from error
    except OSError:
        return


class _OfThisThread(logging.Handler):
    """Keeps what the library complains about while it works for one message."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []
        self._thread = threading.get_ident()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.said.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    handler, logger = _OfThisThread(), logging.getLogger(LOGGER)
    logger.addHandler(handler)
    try:
        yield handler.said
    finally:
        logger.removeHandler(handler)
