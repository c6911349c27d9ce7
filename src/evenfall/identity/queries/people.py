"""Reads of people."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.identity import errors
from evenfall.identity.models import User
from evenfall.identity.permissions import Role
from evenfall.platform import once, pages


class Person(Struct, frozen=True, kw_only=True):
    """Somebody as others see them. `time_zone` is an IANA name, `language` a two-letter code."""

    id: int
    name: str
    email: str
    role: Role
    time_zone: str
    language: str
    is_active: bool


_KNOWN: Final = "identity.people"
_COLUMNS: Final = Person.__struct_fields__


def people(ids: Collection[int]) -> dict[int, Person]:
    """The people with these ids, by id; ids nobody has are left out."""
    return once.known(_KNOWN, ids, lambda: _read(User.objects.filter(id__in=ids).order_by("id")))


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called; None and ids nobody has are left out."""
    found = people({user_id for user_id in ids if user_id is not None})
    return {user_id: person.name for user_id, person in found.items()}


def person(user_id: int) -> Person:
    """Raise `UserNotFound` when there is none."""
    found = people([user_id])
    if user_id not in found:
        raise errors.UserNotFound(user_id=user_id)
    return found[user_id]


def person_by_email(email: str) -> Person | None:
    user = User.objects.filter(email=email.strip().lower()).first()
    return person_of(user) if user else None


def people_by_email(emails: Collection[str]) -> dict[str, Person]:
    """Those of these addresses, in small letters, that belong to people who may sign in."""
    users = User.objects.filter(email__in=emails, is_active=True) if emails else ()
    return {user.email: person_of(user) for user in users}


def active_people() -> list[Person]:
    """Everybody who may sign in, by name: for choices in forms."""
    found = _read(User.objects.filter(is_active=True).order_by("name", "id"))
    once.learn(_KNOWN, dict(sorted(found.items())))
    return list(found.values())


def _read(rows: QuerySet[User]) -> dict[int, Person]:
    """Rows without the model around them: forms offer everybody there is."""
    found = rows.values(*_COLUMNS)
    return {row["id"]: Person(**{**row, "role": Role(row["role"])}) for row in found}


def administrators() -> list[int]:
    """The ids of the active people who administer the site, by name."""
    rows = User.objects.filter(is_active=True, role=Role.ADMIN).order_by("name", "id")
    return list(rows.values_list("id", flat=True))


def people_page(*, text: str = "", cursor: str | None = None) -> pages.Page[User]:
    """Fifty people by name, of whom name or address contain the text."""
    return pages.keyset(_matching_people(text), order=("name", "id"), cursor=cursor, size=50)


def people_views(users: Iterable[User]) -> list[Person]:
    return [person_of(user) for user in users]


def find_people(text: str, *, limit: int = 5) -> list[Person]:
    """The first people by name that match: for the search box."""
    matching = _matching_people(text).filter(is_active=True).order_by("name", "id")
    return [person_of(user) for user in matching[:limit]]


def all_people() -> list[Person]:
    """Everybody, deactivated ones too: for the export."""
    return [person_of(user) for user in User.objects.order_by("name", "id")]


def has_administrator() -> bool:
    """Whether anybody can administer already; until then the first sign-in link works."""
    return User.objects.filter(role=Role.ADMIN, is_active=True).exists()


def _matching_people(text: str) -> QuerySet[User]:
    if not text:
        return User.objects.all()
    return User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))


def person_of(user: User) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        role=Role(user.role),
        time_zone=user.time_zone,
        language=user.language,
        is_active=user.is_active,
    )
