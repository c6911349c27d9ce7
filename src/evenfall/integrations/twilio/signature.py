"""The signature of Twilio's requests to us: HMAC-SHA1 over the whole address and the form.

https://www.twilio.com/docs/usage/security: the address as Twilio was given it, with its query,
then each name and value of the form, ordered by name, with nothing between them.
"""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha1

from django.conf import settings
from django.http import HttpRequest

from evenfall.notifications.ports import Account

HEADER = "X-Twilio-Signature"


def signature(url: str, form: Iterable[tuple[str, str]], token: str) -> str:
    """What the header must say for a POST of this form; an empty form for a GET."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


def is_signed(request: HttpRequest, account: Account) -> bool:
    """Whether Twilio sent this for this account. Compares in constant time."""
    form = [(name, value) for name, values in request.POST.lists() for value in values]
    url = settings.EVENFALL.public_url + request.get_full_path()
    expected = signature(url, form, account.values["auth_token"])
    given = request.headers.get(HEADER, "")
    return hmac.compare_digest(expected.encode(), given.encode())
