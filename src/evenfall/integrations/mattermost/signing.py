"""What a button carries, signed: who returns it is the server that got it from us."""

import hmac
from typing import Any, Final

from django.utils.crypto import salted_hmac

_SALT: Final = "evenfall.mattermost.action"


def context_of(provider_id: int, subject: str, action: str, *, title: str) -> dict[str, str]:
    """The context of one button. `title` comes back to write the message anew."""
    return {
        "subject": subject,
        "action": action,
        "title": title,
        "signature": _signature(provider_id, subject, action, title),
    }


def read_context(provider_id: int, context: Any) -> dict[str, str] | None:  # noqa: ANN401 - JSON
    """The context as it was given; None where it is not ours, or of another account."""
    names = ("subject", "action", "title", "signature")
    if not isinstance(context, dict) or any(
        not isinstance(context.get(name), str) for name in names
    ):
        return None
    expected = _signature(provider_id, context["subject"], context["action"], context["title"])
    is_ours = hmac.compare_digest(expected.encode(), context["signature"].encode())
    return {name: context[name] for name in names} if is_ours else None


def _signature(provider_id: int, *parts: str) -> str:
    value = "\n".join((str(provider_id), *parts))
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()
