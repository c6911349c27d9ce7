"""Puts files into a bucket and says in words what went wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, override
from urllib.parse import urlsplit

from evenfall.integrations.s3 import signature
from evenfall.integrations.s3.signature import Key
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError
from evenfall.platform.http import Response, outgoing
from evenfall.statuspages.ports import CopyNotStored, Field, File, Place, PlaceNotUsable

TIMEOUT_S: Final = 15.0
_OK: Final = range(200, 300)
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}")
_PREFIX: Final = re.compile(r"[A-Za-z0-9._/-]{0,200}")
_CODE: Final = re.compile(rb"<Code>([A-Za-z0-9]{1,60})</Code>")
_ADVICE: Final = {
    "SignatureDoesNotMatch": "the secret key is not the one of this access key.",
    "InvalidAccessKeyId": "the service does not know this access key.",
    "AccessDenied": "this access key may not write there; it needs s3:PutObject.",
    "NoSuchBucket": "there is no such bucket.",
    "AuthorizationHeaderMalformed": "the bucket is in another region.",
    "PermanentRedirect": "the bucket is in another region or behind another endpoint.",
    "RequestTimeTooSkewed": "the clock of this machine is wrong.",
    "SlowDown": "the service asks for a pause.",
    "ServiceUnavailable": "the service is not available.",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "public, max-age=30"


class Bucket(Place):
    kind = "s3"
    label = "A bucket that speaks S3"
    fields = (
        Field(
            name="endpoint",
            label="Endpoint",
            help_text="Such as https://s3.eu-central-1.amazonaws.com, or the address of MinIO.",
        ),
        Field(name="bucket", label="Bucket"),
        Field(name="region", label="Region", help_text="us-east-1 where the service has none."),
        Field(
            name="prefix",
            label="Folder in the bucket",
            help_text="Leave it empty to use the whole bucket.",
            needed=False,
        ),
        Field(name="key_id", label="Access key"),
        Field(
            name="secret",
            label="Secret key",
            help_text="Kept encrypted and never shown.",
            is_secret=True,
        ),
    )

    @override
    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        kept = {one.name: values.get(one.name, "").strip() for one in self.fields}
        kept["endpoint"], kept["prefix"] = kept["endpoint"].rstrip("/"), kept["prefix"].strip("/")
        _check_endpoint(kept["endpoint"])
        _check(
            _BUCKET, kept, "bucket", "a bucket has 3 to 63 small letters, digits, dots, hyphens."
        )
        _check(_REGION, kept, "region", "a region looks like eu-central-1.")
        _check(_PREFIX, kept, "prefix", "a folder takes letters, digits, dots, hyphens, slashes.")
        if kept["prefix"] and {"..", ".", ""} & set(kept["prefix"].split("/")):
            raise PlaceNotUsable(reason="each part of the folder needs a name.", field="prefix")
        for name in ("key_id", "secret"):
            if not kept[name] or not kept[name].isascii() or not kept[name].isprintable():
                raise PlaceNotUsable(reason="both keys are needed, as given.", field=name)
        return kept

    @override
    def described(self, values: Mapping[str, str]) -> str:
        host = urlsplit(values["endpoint"]).netloc
        where = "/".join(filter(None, [values["bucket"], values["prefix"]]))
        return f"Bucket {where} at {host}"

    @override
    async def put(self, values: Mapping[str, str], files: Sequence[File]) -> None:
        for file in files:
            await _put(values, file)


async def _put(values: Mapping[str, str], file: File) -> None:
    path = "/".join(filter(None, [values["bucket"], values["prefix"], file.name]))
    url = f"{values['endpoint']}/{signature.encoded(path)}"
    key = Key(key_id=values["key_id"], secret=values["secret"], region=values["region"])
    about = {
        "Content-Type": file.content_type,
        "Cache-Control": _FOR_EVER if file.is_lasting else _BRIEFLY,
    }
    # signed at the moment it is sent: a signature is good for 15 minutes
    headers = signature.signed("PUT", url, headers=about, body=file.body, key=key, now=utc_now())
    try:
        answer = await outgoing.request(
            "PUT", url, headers=headers, content=file.body, timeout_s=TIMEOUT_S
        )
    except DomainError as error:
        raise CopyNotStored(reason=str(error)) from error
    if answer.status not in _OK:
        raise CopyNotStored(reason=_words(answer, file.name))


def _words(answer: Response, name: str) -> str:
    """What the service said, its code included, so that it can be looked up."""
    found = _CODE.search(answer.body)
    code = found[1].decode() if found else ""
    advice = _ADVICE.get(code, "see what its documentation says of this.")
    return f"{name}: the service answered {answer.status} {code}".rstrip() + f"; {advice}"


def _check_endpoint(endpoint: str) -> None:
    try:
        parts = urlsplit(endpoint)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_bare = not (parts.query or parts.fragment or parts.username or parts.port == 0)
    except ValueError:
        is_good = is_bare = False
    if not (is_good and is_bare and endpoint.isascii() and " " not in endpoint):
        reason = "the endpoint is an address like https://s3.example.org, without keys or query."
        raise PlaceNotUsable(reason=reason, field="endpoint")


def _check(rule: re.Pattern[str], kept: Mapping[str, str], name: str, reason: str) -> None:
    if not rule.fullmatch(kept[name]):
        raise PlaceNotUsable(reason=reason, field=name)
