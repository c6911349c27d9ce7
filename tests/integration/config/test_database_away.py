"""What people and programs are told while the database is away."""

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from evenfall.config.errors import DomainErrorMiddleware

pytestmark = pytest.mark.django_db


def _ends(*_: object) -> None:
    raise OperationalError("terminating connection due to administrator command")


def test_a_program_is_told_to_come_again() -> None:
    with connection.execute_wrapper(_ends):
        answer = Client().get("/api/v1/incidents", headers={"Authorization": "Bearer evt_any"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["code"] == "platform.database_away"


@pytest.mark.parametrize(("headers", "kind"), [({}, "text/html"), ({"HX-Request": "1"}, "text/p")])
def test_a_reader_is_told_to_try_again(headers: dict[str, str], kind: str) -> None:
    renders = DomainErrorMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().get("/incidents/", headers=headers)
    answer = renders.process_exception(request, OperationalError("the connection is closed"))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith(kind)
    assert "Try again in a moment" in answer.content.decode()


def test_what_is_no_error_of_ours_is_left_to_others() -> None:
    renders = DomainErrorMiddleware(lambda _request: HttpResponse())
    assert renders.process_exception(RequestFactory().get("/"), ValueError("x")) is None
