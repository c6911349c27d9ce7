"""The port of a channel, and the channels this installation has."""

from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

from evenfall.notifications.ports.messages import Accepted, Message


class Channel(Protocol):
    """How to speak to one kind of contact method. One object serves all sends of a process."""

    kind: str
    label: str

    def prepare(self, now: datetime) -> None:
        """Load what sending needs (keys, settings). May use the database; called often."""

    async def send(self, message: Message) -> Accepted:
        """Hand the message over once. Raises ChannelError; is cancelled after ten seconds."""


@runtime_checkable
class NeedsBrowserKey(Protocol):
    """A channel for which the browser must know a public key before it can subscribe."""

    def browser_key(self) -> str:
        """The key in unpadded base64url; valid after `prepare`."""


class AddressField(Struct, frozen=True, kw_only=True):
    """How a person is asked for an address of this kind.

    `input_mode` and `autocomplete` are the HTML attributes; `guide` is the how-to page that tells
    where to find the address, as a path below docs/how-to/. With a `secret_label` a second field
    asks for a secret that belongs to the address; it may stay empty. `twin` is the kind of channel
    that reaches the same address by the same proof; `twin_offer` is what its button says, for who
    has the other one.
    """

    label: str
    help: str
    icon: str
    placeholder: str = ""
    input_mode: str = "text"
    autocomplete: str = "off"
    guide: str = ""
    secret_label: str = ""
    secret_help: str = ""
    twin: str = ""
    twin_offer: str = ""


@runtime_checkable
class AddedByHand(Channel, Protocol):
    """A channel whose address a person types in.

    `proof` says how the address is proved: "code" is a number that its reader types here,
    "challenge" a long word that a machine returns in its answer.
    """

    address_field: AddressField
    proof: Literal["code", "challenge"]

    def read_address(self, text: str) -> str:
        """The address in its one form. Raises AddressNotUsable, which says what is wrong."""

    def new_secret(self) -> str:
        """What the channel needs besides the address, shown once to its owner; "" for nothing."""


@runtime_checkable
class JoinsByLink(AddedByHand, Protocol):
    """A channel that people can also join by following a link into its own tool.

    What they do there comes back to the slice, which calls ``actions.join_contact_method``.
    """

    link_label: str

    def join_link(self, user_id: int, *, now: datetime) -> str:
        """The link for this person, which works for a while; "" where there is none now."""


@runtime_checkable
class KeepsSecret(Protocol):
    """A channel with a secret in or beside what its people type in."""

    def read(self, address: str, secret: str) -> tuple[str, str]:
        """What may be shown of it, and what must not. Raises AddressNotUsable."""


@runtime_checkable
class HasScreens(Protocol):
    """A channel that can take its messages back from where they are shown.

    It gets messages of purpose "close": ``content.tag`` names what to take away, its title says
    why.
    """

    closes: Literal[True]


@runtime_checkable
class HasDevices(Protocol):
    """A channel to devices that answer a silent check, and that show a number on their icon.

    It gets messages of purpose "check": the device posts to ``respond_url`` by itself. Its other
    messages carry ``badge``.
    """

    checks: Literal[True]


_channels: dict[str, Channel] = {}


def register_channel(new: Channel) -> None:
    """Make a channel known; a second one of the same kind replaces the first."""
    _channels[new.kind] = new


def unregister_channel(kind: str) -> None:
    _channels.pop(kind, None)


def channel(kind: str) -> Channel | None:
    return _channels.get(kind)


def kinds() -> tuple[str, ...]:
    return tuple(_channels)


def added_by_hand() -> tuple[AddedByHand, ...]:
    """The channels whose addresses people type in, in the order registered."""
    return tuple(found for found in _channels.values() if isinstance(found, AddedByHand))


def proved_by_code(kind: str) -> bool:
    """Whether a person proves an address of this kind with a code of digits."""
    found = _channels.get(kind)
    return isinstance(found, AddedByHand) and found.proof == "code"


def takes_replies(kind: str) -> bool:
    """Whether a message of this kind can be answered by writing back."""
    return bool(getattr(_channels.get(kind), "takes_replies", False))


def closing_kinds() -> tuple[str, ...]:
    """The kinds whose messages can be taken back from screens."""
    return tuple(kind for kind, found in _channels.items() if isinstance(found, HasScreens))


def checked_kinds() -> tuple[str, ...]:
    """The kinds whose devices answer silent checks and show a badge."""
    return tuple(kind for kind, found in _channels.items() if isinstance(found, HasDevices))


def browser_key(kind: str, *, now: datetime) -> str:
    """The public key of a channel, "" where the channel is absent or needs none."""
    found = _channels.get(kind)
    if found is None or not isinstance(found, NeedsBrowserKey):
        return ""
    found.prepare(now)
    return found.browser_key()
