from datetime import timedelta

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, new_notice

from evenfall.notifications import actions, errors, queries
from evenfall.notifications.models import Notice
from evenfall.notifications.queries import NoticeView
from evenfall.platform.crypto import sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice() -> NoticeView:
    actions.plan_notices(notices=[new_notice(make_user(), "inbox")], now=NOW)
    return queries.notices_for("page:5")[0]


def token_of(url: str) -> str:
    assert url.startswith("http://127.0.0.1:8420/r/")
    return url.rstrip("/").rpartition("/")[2]


def grant(token: str) -> actions.ResponseGrant:
    return actions.read_response(token, now=NOW)


def test_a_link_says_what_it_allows_and_looking_changes_nothing(notice: NoticeView) -> None:
    token = token_of(actions.response_url(notice, "acknowledge", now=NOW))
    found = grant(token)
    assert found == grant(token)
    assert (found.subject, found.user_id, found.notice_id) == ("page:5", notice.user_id, notice.id)
    assert found.action == "acknowledge"
    assert [action.name for action in found.actions] == ["acknowledge", "help"]
    assert Notice.objects.get().read_at is None


def test_each_answer_works_once_and_reads_the_notice(notice: NoticeView) -> None:
    token = token_of(actions.response_url(notice, now=NOW))
    actions.use_response(grant(token), action="acknowledge", now=NOW)
    with pytest.raises(errors.ResponseAlreadyUsed):
        actions.use_response(grant(token), action="acknowledge", now=NOW)
    actions.use_response(grant(token), action="help", now=NOW)
    assert Notice.objects.get().read_at == NOW


def test_two_links_of_one_notice_share_their_answers(notice: NoticeView) -> None:
    first, second = actions.response_links(notice, now=NOW)
    actions.use_response(grant(token_of(first.url)), action="acknowledge", now=NOW)
    with pytest.raises(errors.ResponseAlreadyUsed):
        actions.use_response(grant(token_of(second.url)), action="acknowledge", now=NOW)


def test_only_offered_answers_work(notice: NoticeView) -> None:
    token = token_of(actions.response_url(notice, now=NOW))
    with pytest.raises(errors.ResponseNotOffered, match="acknowledge, help"):
        actions.use_response(grant(token), action="delete", now=NOW)


def test_a_link_ends(notice: NoticeView) -> None:
    token = token_of(actions.response_url(notice, now=NOW))
    with pytest.raises(errors.ResponseLinkInvalid):
        actions.read_response(token, now=NOW + timedelta(days=8))


@pytest.mark.parametrize("value", ["1.2", "a.b.c", "0.0.ack"])
def test_a_payload_that_leads_nowhere_is_refused(value: str) -> None:
    token = sign(value, purpose="response", now=NOW, valid_for=timedelta(days=1))
    with pytest.raises(errors.ResponseLinkInvalid):
        actions.read_response(token, now=NOW)


def test_a_link_for_another_purpose_is_refused(notice: NoticeView) -> None:
    token = sign(
        f"{notice.id}.{notice.user_id}.", purpose="other", now=NOW, valid_for=timedelta(days=1)
    )
    with pytest.raises(errors.ResponseLinkInvalid):
        actions.read_response(token, now=NOW)
