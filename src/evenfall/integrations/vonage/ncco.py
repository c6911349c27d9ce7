"""What a call says, as a Call Control Object: the JSON that steers a call of Vonage's."""

from typing import Any, Final

from evenfall.notifications.ports.speech import Speech

WAIT_S: Final = 8  # for a key, after the last word; Vonage takes at most 10


def ncco(speech: Speech, *, key_url: str) -> list[dict[str, Any]]:
    """The actions in their order; a key is posted to `key_url`, where the speech waits for one.

    The parting is heard where nobody could be asked what a key means.
    """
    talk = {
        "action": "talk",
        "text": speech.text,
        "language": speech.language,
        "loop": speech.times,
        "bargeIn": bool(speech.keys),
    }
    if not speech.keys:
        return [talk]
    key = {
        "action": "input",
        "type": ["dtmf"],
        "dtmf": {"maxDigits": 1, "timeOut": WAIT_S},
        "eventUrl": [key_url],
        "eventMethod": "POST",
    }
    return [talk, key, {"action": "talk", "text": speech.parting, "language": speech.language}]
