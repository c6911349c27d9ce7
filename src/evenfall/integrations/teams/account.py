"""Teams as a channel to people: a workflow of their own that posts into a chat with themselves."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from evenfall.integrations.teams import cards
from evenfall.integrations.teams.workflow import WorkflowError, deliver, read_workflow, shown
from evenfall.notifications import errors
from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    ProviderField,
)

TYPE: Final = "teams"
HOSTS: Final = "logic.azure.com api.powerplatform.com webhook.office.com"
_HOST: Final = re.compile(r"[a-z0-9.-]+")


class TeamsAccounts:
    """Switches Teams on. A workflow has no account of ours: its address is all there is."""

    type = TYPE
    label = "Microsoft Teams"
    channels: tuple[str, ...] = (TYPE,)
    guide = "microsoft-teams.md"
    fields: tuple[ProviderField, ...] = (
        ProviderField(
            name="hosts",
            label="Hosts of workflows",
            help=(
                "Cards go to addresses of these hosts and of those below them only."
                " Leave what Microsoft uses, unless a proxy of yours stands before it."
            ),
            default=HOSTS,
        ),
    )

    def check(self, values: Mapping[str, str]) -> None:
        wrong = [one for one in values["hosts"].split() if not _HOST.fullmatch(one)]
        if wrong:
            raise errors.ProviderNotUsable(
                reason=f"“{wrong[0]}” is no name of a host. Put blanks between several.",
                field="hosts",
            )

    async def send(self, message: Message, account: Account) -> Accepted:
        """One card whose buttons are the signed links of this message."""
        if not may_go_to(message.secret, account):
            raise ChannelError(not_allowed(message.address, account), permanent=True)
        try:
            run = await deliver(message.secret, cards.of_message(message))
        except WorkflowError as error:
            raise ChannelError(
                error.message,
                permanent=error.is_final,
                address_dead=error.is_gone,
                retry_after=error.wait,
            ) from error
        return Accepted(provider_id=run)


class TeamsChannel(ProviderChannel):
    """One's own workflow. Its address is kept encrypted and never shown whole."""

    def __init__(self) -> None:
        super().__init__(
            kind=TYPE,
            label="Microsoft Teams",
            address_field=AddressField(
                label="Address of your workflow",
                help="The workflow “Send webhook alerts to a chat” shows it once it is made.",
                icon="note",
                placeholder="https://",
                input_mode="url",
                guide="microsoft-teams.md",
            ),
            read_address=read_workflow,
        )

    def read(self, address: str, secret: str) -> tuple[str, str]:
        """What stands for the address, and the address, which is the secret."""
        del secret
        whole = read_workflow(address)
        return shown(whole), whole


def may_go_to(address: str, account: Account) -> bool:
    """Whether the host of an address is one of those that the account allows."""
    host = urlsplit(address).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in account.values["hosts"].split())


def not_allowed(address: str, account: Account) -> str:
    host = address.partition(" ")[0]
    return f"{account.name} allows no workflow at {host}; an administrator can add the host"
