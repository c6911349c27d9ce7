"""What a call says, as TwiML."""

from xml.etree import ElementTree as ET

from evenfall.integrations.twilio.twiml import twiml
from evenfall.notifications.ports.speech import Speech

KEY_URL = "https://evenfall.example/callbacks/twilio/1/voice/key/?notice=5&attempt=1"


def parsed(speech: Speech) -> ET.Element:
    return ET.fromstring(twiml(speech, key_url=KEY_URL))


def test_a_question_is_said_twice_while_one_key_is_awaited() -> None:
    asked = parsed(
        Speech(text="Down & <out>", language="de-DE", times=2, keys=("4", "0"), parting="Ade.")
    )
    assert [child.tag for child in asked] == ["Gather", "Say", "Hangup"]
    gather = asked[0]
    assert gather.attrib["action"] == KEY_URL
    assert (gather.attrib["numDigits"], gather.attrib["finishOnKey"]) == ("1", "")
    assert [child.tag for child in gather] == ["Say", "Pause", "Say"]
    assert {(say.text, say.attrib["language"]) for say in gather.iter("Say")} == {
        ("Down & <out>", "de-DE")
    }
    assert asked[1].text == "Ade."


def test_without_a_question_the_call_ends() -> None:
    said = parsed(Speech(text="Goodbye.", language="en-US"))
    assert [child.tag for child in said] == ["Say", "Hangup"]
