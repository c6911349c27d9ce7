"""What tools send, read in one call."""

import json
from datetime import datetime

from evenfall.alerting.ports import AlertUpdate, Format


def read(format_: Format, sent: object, now: datetime) -> tuple[AlertUpdate, ...]:
    """Return what a body says; examining and decoding it agree and find no error."""
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    examined = format_.examine(body, received_at=now, known={})
    decoded = format_.decode(body, received_at=now, mapping={})
    assert not examined.errors
    assert not decoded.errors
    assert format_.accepted(examined).status < 300
    return decoded.updates


def error_of(format_: Format, body: bytes, now: datetime) -> tuple[int, str]:
    """Return status and text of the answer to a body that cannot be understood."""
    examined = format_.examine(body, received_at=now, known={})
    assert examined.unparsed
    answer = format_.accepted(examined)
    return answer.status, json.loads(answer.body)["message"]
