"""One address, two kinds: a telephone that proved text messages may be called, and vice versa."""

from collections.abc import Sequence

from msgspec import Struct

from evenfall.notifications import errors
from evenfall.notifications.ports import AddedByHand
from evenfall.notifications.queries.channels import addable_now
from evenfall.notifications.queries.contact_methods import ContactMethodView, contact_methods


class Twin(Struct, frozen=True, kw_only=True):
    """What a contact method can be as well, without a second proof; `offer` is how people read it.

    `contact_method_id` is the one that is proved.
    """

    contact_method_id: int
    kind: str
    offer: str
    icon: str
    address: str


def twins_offered(
    methods: Sequence[ContactMethodView], addable: Sequence[AddedByHand]
) -> list[Twin]:
    """What the verified ones of a person's methods can be as well, and are not yet; no query."""
    verified = [method for method in methods if method.state == "verified"]
    have = {(method.kind, method.address) for method in methods if method.state != "unverified"}
    channels = {channel.kind: channel for channel in addable}
    return [
        twin
        for method in verified
        if (own := channels.get(method.kind)) is not None
        and (other := channels.get(own.address_field.twin)) is not None
        and (twin := _twin(method, other)) is not None
        and (twin.kind, twin.address) not in have
    ]


def twin_of(*, contact_method_id: int, user_id: int) -> Twin | None:
    """What one contact method of this person can be as well; None for nothing."""
    offered = twins_offered(contact_methods(user_id), addable_now())
    return next((one for one in offered if one.contact_method_id == contact_method_id), None)


def _twin(method: ContactMethodView, other: AddedByHand) -> Twin | None:
    try:
        address = other.read_address(method.address)
    except errors.AddressNotUsable:
        return None  # such as a landline, which shows no text
    return Twin(
        contact_method_id=method.id,
        kind=other.kind,
        offer=other.address_field.twin_offer,
        icon=other.address_field.icon,
        address=address,
    )
