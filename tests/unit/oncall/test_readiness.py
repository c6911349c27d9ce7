from evenfall.oncall.logic.readiness import Lack, ReachFlaw, Way, lacks


def _way(state: str = "verified", kind: str = "webpush", name: str = "Pixel") -> Way:
    return Way(kind=kind, channel="Push", name=name, state=state)


def _lacks(*ways: Way, flaw: ReachFlaw | None = None, is_absent: bool = False) -> list[Lack]:
    return [missing.lack for missing in lacks(ways, flaw, is_absent=is_absent)]


def test_a_verified_method_and_rules_that_reach_are_ready() -> None:
    assert _lacks(_way()) == []


def test_nobody_without_a_verified_method_is_ready() -> None:
    assert _lacks() == [Lack.NO_METHOD]


def test_an_unverified_phone_is_named() -> None:
    assert _lacks(_way("unverified")) == [Lack.NO_METHOD, Lack.UNVERIFIED]
    (missing,) = lacks([_way("unverified", kind="sms", name="+49 1"), _way()], None)
    assert missing.lack is Lack.UNVERIFIED
    assert "+49 1" in missing.text
    assert missing.url == "/profile/contact-methods/"


def test_a_dead_push_subscription_is_named() -> None:
    mail = _way(kind="email", name="ada@example.org")
    (missing,) = lacks([_way("broken"), mail], None)
    assert (missing.lack, missing.text) == (Lack.BROKEN, "Push no longer works: Pixel.")


def test_an_old_device_is_no_lack_while_a_new_one_works() -> None:
    assert _lacks(_way("broken", name="old"), _way(name="new")) == []


def test_flaws_of_rules_lead_to_the_rules() -> None:
    for flaw, lack in (
        (ReachFlaw.TOO_LATE, Lack.RULES_TOO_LATE),
        (ReachFlaw.ASLEEP, Lack.RULES_ASLEEP),
        (ReachFlaw.NO_METHOD, Lack.RULES_WITHOUT_METHOD),
    ):
        (missing,) = lacks([_way()], flaw)
        assert (missing.lack, missing.url) == (lack, "/profile/rules/")


def test_rules_do_not_matter_without_a_method() -> None:
    assert _lacks(flaw=ReachFlaw.NO_METHOD) == [Lack.NO_METHOD]


def test_an_absence_comes_first() -> None:
    assert _lacks(is_absent=True) == [Lack.ABSENT, Lack.NO_METHOD]


def test_a_device_that_did_not_answer_its_check_is_named() -> None:
    (missing,) = lacks([_way("silent")], None)
    assert (missing.lack, missing.text) == (Lack.SILENT, "Push did not answer its check: Pixel.")
    assert _lacks(_way("silent", name="old"), _way(name="new")) == []
