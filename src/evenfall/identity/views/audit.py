"""The audit: who changed what and when, as a page, as CSV and as JSON."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity import forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.logic.csv_cells import safe_cell
from evenfall.identity.permissions import Permission

_COLUMNS = ("id", "at", "actor", "who", "kind", "subject", "before", "after")


@requires(Permission.MANAGE)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    viewer_of(request).check(Permission.MANAGE)
    form = _form(request)
    before = request.GET.get("before", "")
    lines, following = queries.audit(
        _wanted(form, viewer_of(request).time_zone),
        before_id=int(before) if before.isdecimal() else None,
    )
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "lines": lines,
        "query_string": query.urlencode(),
        "following": following,
        "may_export": viewer_of(request).can(Permission.ADMINISTER),
    }
    return render(request, "identity/audit.html", context)


@requires(Permission.ADMINISTER)
@require_GET
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    wanted = _wanted(_form(request), viewer_of(request).time_zone)
    return _download(_csv_rows(queries.whole_audit(wanted)), "audit.csv", "text/csv")


@requires(Permission.ADMINISTER)
@require_GET
def audit_json(request: HttpRequest) -> StreamingHttpResponse:
    """One JSON object a line, newest first."""
    wanted = _wanted(_form(request), viewer_of(request).time_zone)
    rows = (
        json.dumps(queries.audit_record(line), default=str) + "\n"
        for line in queries.whole_audit(wanted)
    )
    return _download(rows, "audit.jsonl", "application/x-ndjson")


class _Echo:
    """A file that gives back what is written: csv writes rows, we stream them."""

    def write(self, text: str) -> str:
        return text


def _csv_rows(lines: Iterator[queries.AuditLine]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    for line in lines:
        cells = (
            line.id,
            line.at.isoformat(),
            line.actor,
            line.actor_name,
            line.kind,
            " ".join(line.subjects),
            json.dumps(line.data.get("before") or {}),
            json.dumps(line.data.get("after") or {}),
        )
        yield writer.writerow([safe_cell(cell) for cell in cells])


def _download(rows: Iterator[str], name: str, kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(rows, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _form(request: HttpRequest) -> forms.AuditForm:
    return forms.AuditForm(queries.all_people(), queries.audited_domains(), request.GET)


def _wanted(form: forms.AuditForm, time_zone: str) -> queries.AuditFilter:
    """The filter. A field that does not fit is shown as such and left out."""
    form.is_valid()
    data, zone = form.cleaned_data, ZoneInfo(time_zone)
    until = data.get("until")
    return queries.AuditFilter(
        actor=data.get("actor", ""),
        domain=data.get("domain", ""),
        subject=data.get("subject", ""),
        since=_midnight(data.get("since"), zone),
        until=_midnight(until + timedelta(days=1), zone) if until else None,
    )


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=zone)
