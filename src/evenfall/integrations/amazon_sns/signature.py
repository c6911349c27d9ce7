"""Is a message from Amazon SNS?

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages". Version 1
signs with SHA-1, which Amazon still uses for topics that do not ask for version 2.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import wire

# The region is letters, digits and dashes, so nothing can be slipped in before the domain.
AMAZON = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]*", re.ASCII)
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def certificate_url(sent: Mapping[str, Any], urls: re.Pattern[str]) -> str:
    """Return where the certificate is, "" unless it is at an address that `urls` matches."""
    given = sent.get("SigningCertURL") or sent.get("SigningCertUrl")
    if not isinstance(given, str) or not given.endswith(".pem") or len(given) > 1000:  # noqa: PLR2004 - far longer than any
        return ""
    return given if urls.fullmatch(given) else ""


def problem(sent: Mapping[str, Any], certificate: str) -> str:
    """Return why a message must not be believed; `certificate` is PEM."""
    from cryptography import x509  # noqa: PLC0415 - only who hears of SNS needs it
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415

    version = wire.text(sent.get("SignatureVersion"), 10)
    digest = {"1": hashes.SHA1(), "2": hashes.SHA256()}.get(version)  # noqa: S303 - Amazon's
    if digest is None:
        return f"Its signature has version {version or 'none'}; 1 and 2 are known."
    try:
        signature = base64.b64decode(wire.text(sent.get("Signature"), 2000), validate=True)
        key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return "What signs it is no RSA key."
        key.verify(signature, signed_text(sent), padding.PKCS1v15(), digest)
    except (InvalidSignature, binascii.Error):
        return "Its signature is wrong: it is not from Amazon SNS."
    except (ValueError, UnsupportedAlgorithm):
        return "The certificate of its signature cannot be read."
    return ""


def signed_text(sent: Mapping[str, Any]) -> bytes:
    """Return what the signature is about: names and values, each on a line of its own."""
    names = _SIGNED.get(wire.text(sent.get("Type"), 40), ())
    lines = [f"{name}\n{sent[name]}\n" for name in names if isinstance(sent.get(name), str)]
    return "".join(lines).encode(errors="replace")
