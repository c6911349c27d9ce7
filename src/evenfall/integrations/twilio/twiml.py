"""What a call says, as TwiML: the XML that Twilio asks for when somebody picks up."""

from xml.etree import ElementTree as ET

from evenfall.notifications.ports.speech import Speech

WAIT_S = 8  # for a key, after the last word
HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'


def twiml(speech: Speech, *, key_url: str) -> str:
    """The document; a key is posted to `key_url`, where the speech waits for one."""
    response = ET.Element("Response")
    said_in = response
    if speech.keys:
        said_in = ET.SubElement(
            response,
            "Gather",
            input="dtmf",
            numDigits="1",
            finishOnKey="",
            timeout=str(WAIT_S),
            action=key_url,
            method="POST",
        )
    _say(said_in, speech)
    if speech.parting:
        ET.SubElement(response, "Say", language=speech.language).text = speech.parting
    ET.SubElement(response, "Hangup")
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")


def _say(where: ET.Element, speech: Speech) -> None:
    for number in range(speech.times):
        if number:
            ET.SubElement(where, "Pause", length="1")
        ET.SubElement(where, "Say", language=speech.language).text = speech.text
