import pytest

from evenfall.notifications.logic.devices import Family, device_name, device_of

PIXEL = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "name", "family"),
    [
        (PIXEL, "Chrome on Android", Family.ANDROID),
        (SAMSUNG, "Samsung Internet on Android", Family.ANDROID),
        (IPHONE.format("17_5"), "Safari on iPhone", Family.IPHONE),
        (FIREFOX, "Firefox on Linux", Family.DESKTOP),
        (EDGE, "Edge on Windows", Family.DESKTOP),
        ("", "Browser", Family.DESKTOP),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent: str, name: str, family: Family) -> None:
    assert device_name(agent) == name
    assert device_of(agent).family is family


def test_the_model_says_more_than_the_system() -> None:
    assert device_name(PIXEL, model=" Pixel  8 ") == "Chrome on Pixel 8"
    assert device_name(IPHONE.format("17_5"), is_app=True) == "Evenfall app on iPhone"


def test_two_devices_alike_have_two_names() -> None:
    taken = {"Firefox on Linux", "Firefox on Linux 2"}
    assert device_name(FIREFOX, taken=taken) == "Firefox on Linux 3"
    assert len(device_name(PIXEL, model="x" * 500, taken={"y"})) <= 80


@pytest.mark.parametrize(
    ("version", "is_too_old"), [("16_3", True), ("16_4", False), ("9_0", True), ("18_1", False)]
)
def test_an_iphone_needs_a_version_with_push(version: str, is_too_old: bool) -> None:
    assert device_of(IPHONE.format(version)).is_too_old is is_too_old


def test_an_iphone_that_hides_its_version_is_not_too_old() -> None:
    assert not device_of("Mozilla/5.0 (iPhone)").is_too_old
