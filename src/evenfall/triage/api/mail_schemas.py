"""Addresses for mail, as they go over the wire."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from evenfall.triage.actions import MailSourceWish


class MailSourceIn(Schema):
    """`answers`: whoever writes is told the number of the item."""

    name: str = Field(max_length=80)
    service_id: int | None = None
    answers: bool = True

    def wish(self) -> MailSourceWish:
        return MailSourceWish(**dict(self))


class NewMailSourceOut(Schema):
    """`address` is empty while no mail comes in; it and the key cannot be shown again."""

    id: int
    address: str
    key: str


class MailSourceOut(Schema):
    """`items` mails became items or words on them, `refused` were of no use."""

    id: int
    name: str
    service_id: int | None
    answers: bool
    key_hint: str
    created_at: datetime
    items: int
    refused: int


class MailSourcesOut(Schema):
    items: list[MailSourceOut]


class RefusedMailOut(Schema):
    sender: str
    subject: str
    problem: str
    at: datetime


class RefusedMailsOut(Schema):
    items: list[RefusedMailOut]
