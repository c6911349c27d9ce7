"""Names in addresses, which belong to one row each."""

from collections.abc import Sequence

from django.db.models import Model


def first_taken(model: type[Model], slugs: Sequence[str]) -> str | None:
    """The first of these that names a row already, or another one of them; None if all are free."""
    held = model._default_manager.filter(slug__in=slugs)  # noqa: SLF001 - the way Django documents
    known = set(held.values_list("slug", flat=True))
    return next((one for at, one in enumerate(slugs) if one in known or one in slugs[:at]), None)
