"""/livez, /readyz and /metrics: for load balancers and Prometheus, not for people."""

import hmac

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from evenfall.config.lanes import NEEDED
from evenfall.identity.access import public
from evenfall.platform import beats, metrics
from evenfall.platform.clock import utc_now


@public("health checks carry no content of the installation")
def livez(_request: HttpRequest) -> HttpResponse:
    """Say that the process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@public("health checks carry no content of the installation")
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether the process can do its work: 200, or 503 with what is wrong."""
    problems = _problems()
    return JsonResponse(
        {"ready": not problems, "problems": problems}, status=503 if problems else 200
    )


@public("health checks carry no content of the installation")
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Expose this process's metrics; behind EVENFALL_METRICS_TOKEN where that is set."""
    token = settings.EVENFALL.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(token.encode(), given.encode()):
        return HttpResponse("Send the token of EVENFALL_METRICS_TOKEN.\n", status=401)
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _problems() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('platform_beat') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return ["the database is not migrated: run evenfall migrate"]
        silent = beats.silent_lanes(NEEDED, now=utc_now())
    except Error as error:
        return [f"the database does not answer: {type(error).__name__}"]
    return [f"no worker for lane {lane}: run evenfall worker --lane {lane}" for lane in silent]
