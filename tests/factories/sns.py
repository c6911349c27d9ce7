"""An Amazon of our own: it signs messages of a topic as SNS does."""

import base64
import json
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from msgspec import Struct

from evenfall.integrations.amazon_sns.signature import signed_text
from evenfall.platform.clock import utc_now

TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:alarms"
CERTIFICATE_URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem"


class Amazon(Struct, frozen=True):
    """`certificate` (PEM) belongs to its key."""

    key: rsa.RSAPrivateKey
    certificate: str

    def message(self, *, version: str = "1", **fields: str) -> dict[str, Any]:
        """Return a signed message; `fields` are those of SNS."""
        sent: dict[str, Any] = {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC_ARN,
            "Message": "My first message!",
            "Timestamp": "2027-01-13T13:59:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
            **fields,
        }
        algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()
        signature = self.key.sign(signed_text(sent), padding.PKCS1v15(), algorithm)
        return sent | {"Signature": base64.b64encode(signature).decode()}

    def body(self, **fields: str) -> bytes:
        return json.dumps(self.message(**fields)).encode()


def make_amazon() -> Amazon:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begins = utc_now() - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    return Amazon(key, made.public_bytes(Encoding.PEM).decode())
