"""Whoever manages one team only changes nothing of another team.

Each writing request is first made by an administrator (and undone), so that it is known to be
good. Then the manager of another team makes the same one and is refused.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any, override

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.monitors import make_monitor
from tests.factories.oncall import main_layer
from tests.factories.pictures import png
from tests.factories.trackers import values_for
from tests.fuzz import world
from tests.fuzz.test_api import OPERATIONS, _filled
from tests.fuzz.test_pages import PATHS, filled
from tests.fuzz.traces import Watch, fingerprint
from tests.fuzz.world import World

from evenfall.foresight import actions as foresight_actions
from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions as incidents
from evenfall.incidents.logic.stamps import Stamp
from evenfall.insights.models import Proposal
from evenfall.monitors.models import Beat, Drift, Monitor
from evenfall.oncall import actions as on_call
from evenfall.oncall import queries as on_call_queries
from evenfall.oncall.ports import LieutenantRule, OverrideKind
from evenfall.platform.clock import utc_now
from evenfall.postmortems.models import IssueLink, Postmortem
from evenfall.runbooks.models import Run, StepRun

pytestmark = pytest.mark.django_db

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# what a person does with what is her own, and what only looks
OWN = {
    "/api/v1/me",
    "/api/v1/tokens",
    "/api/v1/tokens/{token_id}",
    "/api/v1/contact-methods",
    "/api/v1/contact-methods/{contact_method_id}/verify",
    "/api/v1/contact-methods/{contact_method_id}/ask",
    "/api/v1/contact-methods/{contact_method_id}/primary",
    "/api/v1/contact-methods/{contact_method_id}/twin",
    "/api/v1/contact-methods/{contact_method_id}",
    "/api/v1/notices/test",
    "/api/v1/oncall/notices",
    # one's own address of what everybody signed in may see
    "/api/v1/oncall/feeds",
    "/api/v1/absences/ill",
    # shows what a change would change, for whoever may see the rota; nothing is saved
    "/api/v1/rotas/{rota_id}/preview",
    "/api/v1/profile/rules",
    "/api/v1/profile/hours",
    "/api/v1/contact-methods/{contact_method_id}/check",
    "/api/v1/rules/preview",
    # shows what a change would do; nothing is saved but that it was asked
    "/api/v1/what-if",
}
# the same as forms; what lies below these addresses may be another's
OWN_FORMS = {"/absences/ill/", "/oncall/feeds/", "/oncall/notices/"}
# the world has nobody who was deactivated, and only administrators may
OWN.add("/api/v1/people/{user_id}/reactivate")
OWN_FORMS |= {"/findings/look/", "/runbooks/fuzz/use/", "/runbooks/missing/report/", "/runs/stop/"}
FREE = {
    "/api/v1/findings/look": "whoever manages anything may have everything looked at again",
    "/api/v1/runbooks/missing": "whoever responds anywhere may say which runbook is missing",
    "/api/v1/runbooks/{runbook}/uses": "whoever responds anywhere may say how a runbook went",
    "/api/v1/runs/stop": "whoever responds anywhere may stop all steps",
    "/api/v1/runbooks/imports": "its body is a zip: see the tests of its API",
    "/api/v1/alerts/many": "those of other teams are left out: see its tests",
    "/api/v1/alerts/many/{act_id}/undo": "those of other teams are left out: see its tests",
    "/api/v1/pages": "whoever responds anywhere may call anybody for help",
    "/api/v1/manifests/plan": "its plan refuses what is of other teams: see its tests",
    "/api/v1/manifests/apply": "it refuses what is of other teams: see its tests",
    "/api/v1/objectives/openslo": "its plan refuses what is of other teams: see its tests",
    "/api/v1/triage/items": "whoever follows anything may report to any team",
}
PLACE = {
    "traffic_kind": "haproxy",
    "traffic": {"address": "127.0.0.1:9", "backend": "web", "blue": "a", "green": "b"},
    "plan": {"steps": [{"setWeight": 5}]},
}
# what an operation wants in its address
QUERIES = {
    "POST /imports": "?vendor=pagerduty&team_id={team_id}",
    "DELETE /rollout-targets/{target_id}/analysis": "?version=1",
}
WRITING = [one for one in OPERATIONS if one.method != "get" and one.path not in OWN | FREE.keys()]


@pytest.fixture(scope="module")
def outsider(existing: World) -> User:
    """Somebody who observes the site and manages a team of her own."""
    person = make_user("Olga", "observer")
    make_team("Zebra", leads=(person,))
    return person


def release_bodies(ids: Mapping[str, Any], starts: str, ends: str) -> dict[str, Any]:
    """Those of releases."""
    version = {"service": "till", "version": "2.0"}
    there = {**version, "environment": "PROD"}
    reach = {"service_id": ids["service_id"]}
    exception = {
        "kind": "other",
        "gates": ["approvals"],
        "reason": "New",
        "expires_at": ends,
        "review_on": ends[:10],
    }
    open_hours = {
        **reach,
        "name": "New",
        "environments": ["PROD"],
        "time_zone": "UTC",
        "hours": [{"day": 0, "starts": 540, "ends": 1020}],
    }
    way = {"stages": [{"name": "PROD", "environment": "PROD", "rules": {"gates": []}}]}
    train = {"name": "New", "release_ids": [ids["release_id"]]}
    return {
        "POST /releases": version,
        "PUT /releases/{release_id}": {"revision": 1},
        "POST /releases/{release_id}/passages": {"stage": "PROD"},
        "POST /release-trains": train,
        "PUT /release-trains/{train_id}": train,
        "POST /release-trains/{train_id}/next": {
            "train_id": ids["train_id"],
            "release_ids": [ids["release_id"]],
        },
        "POST /gate": there,
        "POST /quality": {**version, "name": "unit", "is_good": True},
        "POST /deployed": {**there, "phase": "started", "anyway": True},
        "PUT /passages/{passage_id}/sign-off": {"is_yes": True},
        "PUT /passages/{passage_id}/checklist/{item}": {"text": "New"},
        "PUT /passages/{passage_id}/downtime": {"starts_at": ends, "minutes": 5},
        "POST /passages/{passage_id}/cancel": {},
        "POST /passages/{passage_id}/exceptions": exception,
        "POST /release-exceptions/{release_exception_id}/decide": {"is_signed": True},
        "POST /release-exceptions/{release_exception_id}/review": {"review": "New"},
        "POST /stops": {"team_id": ids["team_id"], "reason": "New"},
        "POST /stops/{stop_id}/lift": {"reason": "New"},
        "POST /freezes": {
            **reach,
            "environments": ["PROD"],
            "reason": "New",
            "starts_at": starts,
            "ends_at": ends,
        },
        "POST /freezes/{freeze_id}/lift": {"reason": "New"},
        "POST /deploy-windows": open_hours,
        "PUT /deploy-windows/{window_id}": {**open_hours, "revision": 1},
        "PUT /services/{slug}/stages": way,
        "PUT /release-stages": way,
        "POST /standard-changes": {
            **reach,
            "name": "New",
            "environments": ["PROD"],
            "kinds": ["fix"],
            "expires_at": ends,
        },
    }


def promises(ids: Mapping[str, Any], starts: str, ends: str) -> dict[str, Any]:
    """Good bodies for the operations of objectives."""
    indicator = {"name": "New", "service_id": ids["service_id"], "origin": "pushed"}
    promise = {
        "name": "New",
        "service_id": ids["service_id"],
        "target": 0.99,
        "indicator_id": ids["indicator_id"],
    }
    return {
        "POST /indicators": indicator,
        "PUT /indicators/{indicator_id}": {**indicator, "version": 1},
        "POST /indicators/{indicator_id}/counts": {
            "key": "new",
            "minutes": [{"at": utc_now().isoformat(), "good": 1, "total": 1}],
        },
        "POST /objectives": promise,
        "POST /objectives/preview": promise,
        "PUT /objectives/{objective_id}": {**promise, "version": 1},
        "POST /objectives/{objective_id}/corrections": {
            "starts_at": starts,
            "ends_at": ends,
            "reason": "New",
        },
        "POST /objectives/{objective_id}/exceptions/{exception_id}/review": {
            "outcome": "justified",
            "note": "New",
        },
        "POST /objectives/{objective_id}/exceptions": {
            "kind": "p0",
            "reason": "New",
            "review_on": (utc_now() + timedelta(days=7)).date().isoformat(),
            "ends_at": ends,
        },
    }


def monitor(ids: Mapping[str, Any]) -> dict[str, Any]:
    url = "https://shop.example.org/"
    return {"name": "New", "service_id": ids["service_id"], "settings": {"url": url}}


def bodies(ids: Mapping[str, Any]) -> dict[str, Any]:
    """A good body for each operation that wants one, all about things of the world's team."""
    ends = (utc_now() + timedelta(hours=3)).isoformat()
    starts = (utc_now() + timedelta(hours=2)).isoformat()
    layer = {
        "time_zone": "UTC",
        "starts_on": "2026-03-02",
        "hands_over_at": "09:00:00",
        "members": [{"user_id": ids["user_id"]}],
    }
    rota = {"name": "New", "time_zone": "UTC", "team_id": ids["team_id"], "layers": [layer]}
    target = {"kind": "user", "id": ids["user_id"]}
    policy = {"name": "New", "team_id": ids["team_id"], "steps": [{"targets": [target]}]}
    service = {"name": "New", "slug": "fresh", "team_id": ids["team_id"]}
    runbook = {"title": "New", "owner": {"team_id": ids["team_id"]}}
    repository = {"team_id": ids["team_id"], "url": "https://git.example.org/new.git"}
    url = "https://deploy.example.org/restart"
    step = {"name": "restart", "title": "New", "kind": "http", "settings": {"url": url}}
    metrics = {"name": "New", "url": "https://metrics.example.org"}
    matchers = [{"name": "service", "value": ids["slug"]}]
    integration = {"name": "New", "kind": "prometheus", "team_id": ids["team_id"]}
    rule = {"name": "New", "condition": "true"}
    inhibition = {"name": "New", "source": 'a="b"', "target": 'c="d"'}
    absence = {"kind": "holiday", "starts_at": starts, "ends_at": ends}
    calendar = {
        "team_id": ids["team_id"],
        "name": "New",
        "url": "https://calendar.example.org/new.ics",
        "every_event": True,
    }
    shift = world.coming_shift(ids["rota_id"], ids["lead_id"], now=utc_now())
    cover = {
        "rota_id": ids["rota_id"],
        "asker_id": ids["lead_id"],
        "shift_at": shift.starts_at.isoformat(),
    }
    room = {"name": "New", "team_id": ids["team_id"]}
    opening = {"day": 0, "starts": 540, "ends": 1020}
    business_hours = {"name": "New", "zone": "UTC", "hours": [opening]}
    provider = {
        "name": "New",
        "values": {"bot_token": "xoxb-new", "api_url": "https://slack.example.org/api"},
    }
    status_page = {"title": "New", "slug": "fresh", "team_id": ids["team_id"]}
    tracker = values_for("github", "https://api.example.org")
    status_copy = {"kind": "folder", "values": {"folder": "new"}}
    told = {"text": "New", "statuses": {str(ids["component_id"]): "major_outage"}}
    work = {
        "title": "New",
        "starts_at": starts,
        "ends_at": ends,
        "component_ids": [ids["component_id"]],
    }
    return {
        **release_bodies(ids, starts, ends),
        "POST /status-pages": status_page,
        "PUT /status-pages/{status_page_id}": status_page,
        "PUT /status-pages/{status_page_id}/look": {"accent": "#0b5fff"},
        "POST /status-pages/{status_page_id}/copies": status_copy,
        "PUT /status-pages/{status_page_id}/copies/{copy_id}": status_copy,
        "POST /status-pages/{status_page_id}/subscribers": {"addresses": ["new@example.org"]},
        "PUT /status-pages/{status_page_id}/mailing": {"is_open": True, "reminders": [60]},
        "POST /status-pages/{status_page_id}/groups": {"name": "New"},
        "PUT /status-pages/{status_page_id}/groups/{group_id}": {"name": "New"},
        "POST /status-pages/{status_page_id}/components": {"name": "New"},
        "PUT /status-pages/{status_page_id}/components/{component_id}": {"name": "New"},
        "PUT /status-pages/{status_page_id}/components/{component_id}/status": {
            "status": "degraded"
        },
        "POST /status-pages/{status_page_id}/posts": {"title": "New", **told},
        "POST /status-pages/{status_page_id}/posts/{post_id}/updates": told,
        "PUT /status-pages/{status_page_id}/posts/{post_id}/updates/{update_id}": told,
        "POST /status-pages/{status_page_id}/posts/{post_id}/retract": {"reason": "New"},
        "PUT /status-pages/{status_page_id}/prepared-posts/{prepared_id}": {"title": "New", **told},
        "POST /status-pages/{status_page_id}/prepared-posts/{prepared_id}/publish": {},
        "POST /status-pages/{status_page_id}/prepared-posts/{prepared_id}/drop": {"reason": "New"},
        "POST /status-pages/{status_page_id}/maintenance": work,
        "PUT /status-pages/{status_page_id}/maintenance/{work_id}": work,
        "POST /status-pages/{status_page_id}/maintenance/{work_id}/steps": {"text": "New"},
        "POST /providers": {"type": "slack", **provider},
        "PUT /providers/{provider_id}": provider,
        "POST /providers/{provider_id}/switch": {"is_on": False},
        "POST /chat/rooms": {"provider_id": ids["provider_id"], "address": "C0FUZZ0002", **room},
        "PUT /chat/rooms/{room_id}": room,
        "POST /chat/rooms/{room_id}/switch": {"is_on": False},
        "PUT /people/{user_id}/role": {"role": "manager"},
        "POST /invitations": {"email": "new@example.org", "role": "observer"},
        "POST /teams": {"name": "New", "slug": "fresh"},
        "PUT /teams/{team_id}/members/{user_id}": {"role": "manager"},
        "POST /runbooks": runbook,
        "PUT /runbooks/{runbook}": {"base": 1, **runbook},
        "POST /runbooks/{runbook}/merge": {"base": 1, "text": "New"},
        "PUT /runbooks/{runbook}/links": {"services": [ids["slug"]]},
        "POST /runbooks/imports/{folder_id}/run": {},
        "POST /runbook-repositories": {"name": "New git", **repository},
        "PUT /runbook-repositories/{repository_id}": {"name": "Other git", **repository},
        "PUT /rollout-targets/{target_id}/analysis": {"version": 1, "settings": {}},
        "POST /rollout-targets/{target_id}/analysis/try": {"metric": {"name": "New"}},
        "POST /inhibitions": inhibition,
        "PUT /inhibitions/{inhibition_id}": inhibition,
        "POST /rollouts": {"service": ids["slug"], "version": "9"},
        "POST /rollouts/rollback": {"service": ids["slug"]},
        **{
            f"POST /rollouts/{{rollout_id}}/{verb}": {"reason": "New"}
            for verb in ("rollback", "promote", "hold", "resume")
        },
        "POST /rollout-targets": {"service": ids["other"], **PLACE},
        "PUT /rollout-targets/{target_id}": {"version": 1, "environment": "DEV", **PLACE},
        "POST /metric-sources": metrics,
        "PUT /metric-sources/{source_id}": metrics,
        "POST /monitors": {"kind": "http", **monitor(ids)},
        "PUT /monitors/{monitor_id}": monitor(ids),
        "POST /monitors/{monitor_id}/backups": {"size_bytes": 1},
        "POST /monitors/{monitor_id}/drills": {"ok": True, "took_s": 1},
        "POST /monitors/{monitor_id}/drift/live": {"text": "New"},
        "PUT /monitors/{monitor_id}/drift/declared": {"text": "New"},
        "POST /monitors/{monitor_id}/drift/accept": {"reason": "New"},
        "POST /runbooks/{runbook}/steps": {**step, "name": "second"},
        "PUT /runbooks/{runbook}/steps/{step}": step,
        "PUT /runbooks/{runbook}/parameters/{parameter}": {"label": "Host"},
        "POST /runbooks/{runbook}/runs": {"dry_run": True},
        "POST /runs/{run_id}/stop": {"why": "New"},
        "POST /runs/{run_id}/undo": {"why": "New"},
        "POST /incidents/{incident_id}/runbooks/missing": {"text": "New"},
        "POST /incidents/{incident_id}/runbooks/{runbook}/ticks": {"key": ids["key"]},
        "POST /incidents/{incident_id}/runbooks/{runbook}/uses": {"helped": True},
        "POST /services": service,
        "PUT /services/{slug}": service,
        "PUT /services/{slug}/dependencies/{other}": {},
        "POST /changes": {"service_id": ids["service_id"], "service": "till", "summary": "New"},
        "POST /change-sources": {"kind": "json", **room},
        "PUT /change-sources/{change_source_id}": {"kind": "json", **room},
        "POST /change-sources/{change_source_id}/switch": {"is_on": False},
        "POST /rotas": rota,
        "PUT /rotas/{rota_id}": rota,
        "PUT /rotas/{rota_id}/plan": rota,
        "PUT /rotas/{rota_id}/layers/{layer_id}/members": {
            "user_ids": [ids["user_id"]],
            "from_day": (utc_now() + timedelta(days=9)).date().isoformat(),
        },
        "POST /rotas/{rota_id}/overrides": {
            "user_id": ids["user_id"],
            "starts_at": starts,
            "ends_at": ends,
        },
        "POST /rotas/from-template": {
            "template": "weekly",
            "team_id": ids["team_id"],
            "name": "New",
            "time_zones": ["UTC"],
            "starts_on": utc_now().date().isoformat(),
        },
        "PUT /rotas/{rota_id}/public-page": {},
        "POST /rotas/{rota_id}/gaps/fill": {"user_id": ids["user_id"]},
        "POST /rotas/{rota_id}/take-pager": {"hours": 1},
        "POST /rotas/{rota_id}/plan-proposals": {},
        "PUT /rotas/{rota_id}/handover/note": {"text": "New"},
        "PUT /teams/{team_id}/load-weights": {"page": 10},
        "PUT /teams/{team_id}/work-profiles/{user_id}": {"percent": 80},
        "POST /absences": {"user_id": ids["user_id"], **absence},
        "PUT /absences/{absence_id}": absence,
        "POST /absence-feeds": calendar,
        "POST /oncall-requests": cover,
        "POST /oncall-requests/{request_id}/accept": {},
        "POST /oncall-requests/{request_id}/decline": {},
        "POST /imports": {"users": [{"id": "P1"}]},
        "POST /policies": policy,
        "PUT /policies/{policy_id}": policy,
        "POST /policies/{policy_id}/assignments": {"team_id": ids["team_id"]},
        "POST /pages/{page_id}/responses": {"response": "acknowledge"},
        "POST /silences": {"matchers": matchers, "ends_at": ends},
        "POST /maintenance": {
            "name": "New",
            "service_ids": [ids["service_id"]],
            "ends_at": ends,
        },
        "POST /maintenance/recurring": {
            "name": "New",
            "rule": "FREQ=WEEKLY",
            "begins_on": utc_now().date().isoformat(),
            "begins_at": "01:00",
            "length_minutes": 60,
            "zone": "UTC",
            "service_ids": [ids["service_id"]],
        },
        "PUT /maintenance/recurring/{recurring_id}": {
            "name": "New",
            "rule": "FREQ=WEEKLY",
            "begins_on": utc_now().date().isoformat(),
            "begins_at": "01:00",
            "length_minutes": 60,
            "zone": "UTC",
            "service_ids": [ids["service_id"]],
        },
        "POST /alert-endings": {"service_id": ids["service_id"], "quiet_minutes": 60},
        "PUT /dependence": {"is_on": True, "most_steps": 2, "window_minutes": 30},
        "PUT /dependence/services/{service_id}": {"holding": "never"},
        "POST /rules": rule,
        "PUT /rules": {"rules": []},
        "POST /rules/versions/{rules_version}/restore": {},
        "PUT /integrations/{integration_id}/mapping": {"mapping": {"summary": "new"}},
        "POST /integrations/{integration_id}/mapping/try": {"mapping": {}},
        "PUT /rules/order": {"rule_ids": [ids["rule_id"]]},
        "PUT /rules/{rule_id}": rule,
        "PUT /repairs/limits": {"is_on": False, "most_at_once": 2},
        "POST /runners": {"name": "web-2"},
        "POST /integrations": integration,
        "PUT /integrations/{integration_id}": integration,
        "POST /incidents": {"title": "New", "service_id": ids["service_id"], "page": False},
        "PUT /triage/items/{item_id}": {},
        "POST /triage/items/{item_id}/moves": {"what": "accepted"},
        "POST /triage/items/{item_id}/incident": {"severity": "SEV3", "page": False},
        "PUT /triage/items/{item_id}/priority": {"impact": "high", "urgency": "low"},
        "PUT /triage/items/{item_id}/override": {"score": 9, "reason": "New", "until": ends},
        "POST /triage/calendars": business_hours,
        "PUT /triage/calendars/{business_calendar_id}": business_hours,
        "PUT /triage/targets/{priority}": dict.fromkeys(
            ("first_response", "decision", "next_contact", "resolution"), 60
        ),
        "PUT /triage/teams/{team_id}": {"wip_limit": 2},
        "PUT /triage/teams/{team_id}/skills": {"people": []},
        "POST /triage/teams/{team_id}/mail-sources": {"name": "New"},
        "PUT /incidents/{incident_id}/suspects/{change_id}": {"verdict": "confirmed"},
        "POST /incidents/{incident_id}/merge": {"into_id": ids["into_id"]},
        "POST /incidents/{incident_id}/pause": {"reason": "New", "resume_by": ends},
        "POST /incidents/{incident_id}/decline": {"reason": "New"},
        "PUT /incidents/{incident_id}/recurrence": {"incident_id": ids["older_id"]},
        "PUT /incidents/{incident_id}/stamps/{stamp}": {"at": None, "why": "New"},
        "PUT /incidents/{incident_id}/privacy": {"is_private": True},
        "POST /incidents/{incident_id}/insiders": {"user_ids": [ids["user_id"]]},
        "PUT /incidents/{incident_id}/severity": {"severity": "SEV5"},
        "PUT /incidents/{incident_id}/title": {"title": "New"},
        "PUT /incidents/{incident_id}/not-actionable": {"not_actionable": True, "value": True},
        "POST /incidents/{incident_id}/notes": {"text": "New", "body": "New"},
        "PUT /postmortems/{postmortem_id}/sections/{section_id}": {"text": "New", "version": 1},
        "POST /postmortems/{postmortem_id}/steps": {"step": "waive", "reason": "New"},
        "PUT /postmortems/{postmortem_id}/people": {"owner_id": ids["user_id"]},
        "PUT /postmortems/{postmortem_id}/words": {"tags": ["new"]},
        "POST /postmortems/{postmortem_id}/comments": {"text": "New"},
        "PUT /postmortems/{postmortem_id}/comments/{comment_id}": {"is_resolved": True},
        "PUT /postmortems/{postmortem_id}/publication": {"text": "New"},
        "POST /postmortems/{postmortem_id}/attachments": png(shade=7),
        "PUT /postmortems/{postmortem_id}/attachments/{attachment_id}": {"is_public": True},
        "POST /postmortem-actions/{action_id}/issue": {
            "url": "https://github.com/acme/shop/issues/2"
        },
        "POST /postmortem-actions/{action_id}/issue/choice": {"keep": "action"},
        "POST /issue-trackers": {"type": "github", "name": "New", "values": tracker},
        "PUT /issue-trackers/{tracker_id}": {"name": "New", "values": tracker},
        "PUT /issue-trackers/{tracker_id}/switch": {"is_on": False},
        "POST /postmortems/{postmortem_id}/actions": {"title": "New", "owner_id": ids["user_id"]},
        "PUT /postmortem-actions/{action_id}": {"title": "New", "owner_id": ids["user_id"]},
        "POST /postmortem-actions/{action_id}/steps": {"step": "accept"},
        "POST /postmortem-actions/{action_id}/date": {
            "due_at": (utc_now() + timedelta(days=60)).isoformat(),
            "reason": "New",
        },
        "POST /incidents/{incident_id}/notes/{note_id}/images": png(),
        "PUT /incidents/{incident_id}/notes/{note_id}": {"text": "Better"},
        "PUT /incidents/{incident_id}/notes/{note_id}/struck": {"struck": True},
        "PUT /incidents/{incident_id}/timeline/{entry}/pin": {"pinned": True},
        "PUT /incidents/{incident_id}/timeline/{entry}/remark": {"text": "Why?"},
        "POST /incidents/{incident_id}/roles": {"role": "expert"},
        "POST /incidents/{incident_id}/roles/leave": {"role": "commander"},
        "POST /incidents/{incident_id}/tasks": {"title": "New"},
        "PUT /incidents/{incident_id}/tasks/{task_id}": {"title": "New"},
        "POST /incidents/{incident_id}/tasks/{task_id}/drop": {"reason": "New"},
        "POST /incidents/{incident_id}/tasks/{task_id}/move": {"place": 0},
        "POST /incidents/{incident_id}/updates": {"draft": "New", "audiences": {"public": {}}},
        "PUT /incidents/{incident_id}/promises/{audience}": {"due_at": ends},
        "POST /incidents/{incident_id}/proposed-updates/{proposed_id}/send-back": {"reason": "New"},
        "PUT /approval-rules": {"severities": ["SEV1"]},
        "POST /listeners": {"severity": "SEV1", "hears": "life", "user_id": ids["user_id"]},
        "PUT /incidents/{incident_id}/long": {"is_long": False},
        **promises(ids, starts, ends),
        "POST /insights/proposals/{noise_id}/dismiss": {"reason": "New", "until": ends},
        "PUT /patterns/{pattern_id}": {"title": "New", "team_id": ids["team_id"]},
        "POST /patterns/{pattern_id}/steps": {"state": "being mended"},
        "POST /patterns/{pattern_id}/incidents": {"incident_id": ids["into_id"]},
        "POST /patterns/{pattern_id}/dismiss": {},
        "POST /findings/{finding_id}/dismissal": {
            "until": (utc_now() + timedelta(days=7)).date().isoformat(),
            "reason": "New",
        },
        "POST /incidents/{incident_id}/similar": {"other_id": ids["older_id"], "verdict": "same"},
        "POST /incidents/{incident_id}/page": {"user_ids": [ids["user_id"]], "message": "Help"},
    }


def body_of(name: str, existing: World) -> Any:
    """The good body of an operation; that of a proposal names the one made just now."""
    if name != "POST /rotas/{rota_id}/plan-proposals/apply":
        return bodies(existing.ids).get(name)
    found = on_call_queries.plan_proposal(existing.ids["rota_id"], weeks=8, now=utc_now())
    return {"weeks": 8, "fingerprint": found.fingerprint}


@pytest.mark.parametrize("operation", WRITING, ids=lambda operation: operation.label)
def test_operation_refuses_the_manager_of_another_team(
    operation: Any, existing: World, outsider: User
) -> None:
    name = f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}"
    path = _filled(operation.path + QUERIES.get(name, ""), existing.ids)
    token = make_token(outsider, scopes=tuple(Permission), now=utc_now())
    prepare = BEFORE.get(name, leave_alone)
    with world.undone():
        prepare(existing)
        body = body_of(name, existing)
        allowed = send(existing.token, operation.method, path, body)
        assert allowed.status_code < 300, allowed.content
    with world.undone():
        prepare(existing)
        body = body_of(name, existing)
        watch = Watch(fingerprint() if name in BEFORE else existing.rest)
        assert send(token, operation.method, path, body).status_code in REFUSED
        assert watch.left() == []


def leave_alone(existing: World) -> None:
    """Most operations can do something to the world as it is."""


def accuse(existing: World) -> None:
    incidents.judge_suspect(
        incident_id=existing.ids["incident_id"],
        change_id=existing.ids["change_id"],
        is_confirmed=True,
        now=utc_now(),
        actor="system",
    )


def unlink(existing: World) -> None:
    IssueLink.objects.filter(action_id=existing.ids["action_id"]).delete()


def end(existing: World) -> None:
    incidents.resolve_incident(
        incident_id=existing.ids["incident_id"], user_id=None, now=utc_now(), actor="system"
    )


def end_unwritten(existing: World) -> None:
    """An incident that is over, about which nobody wrote yet."""
    Postmortem.objects.filter(incident_id=existing.ids["incident_id"]).delete()
    end(existing)


def act(existing: World) -> None:
    """A run that is over and did something that can be undone."""
    run = Run.objects.filter(id=existing.ids["run_id"])
    run.update(state="ok", ended_at=utc_now())
    StepRun.objects.filter(run__in=run).update(state="ok", undoable=True)


def answer(existing: World) -> None:
    incidents.acknowledge_incident(
        incident_id=existing.ids["incident_id"], user_id=None, now=utc_now(), actor="system"
    )


def notice(existing: World) -> None:
    """So that there is a time to take back."""
    incidents.correct_stamp(
        incident_id=existing.ids["incident_id"],
        stamp=Stamp.DETECTED,
        at=utc_now() - timedelta(hours=1),
        why="the log",
        now=utc_now(),
        actor="system",
    )


def agree(existing: World) -> None:
    on_call.accept_request(
        request_id=existing.ids["request_id"],
        user_id=existing.admin.id,
        now=utc_now(),
        actor="system",
    )


def publish_rota(existing: World) -> None:
    on_call.open_public_page(
        rota_id=existing.ids["rota_id"], shows_contact=False, now=utc_now(), actor="system"
    )


def open_gap(existing: World) -> None:
    change_duty(existing, OverrideKind.REMOVE, None)


def hand_pager_on(existing: World) -> None:
    change_duty(existing, OverrideKind.REPLACE, make_user("Kim").id)


def leave_turns_empty(existing: World) -> None:
    """So that the planner has something to propose."""
    member = User.objects.get(id=existing.ids["user_id"])
    on_call.replan_rota(
        rota_id=existing.ids["rota_id"],
        layers=[main_layer(existing.admin, member, None)],
        lieutenant=LieutenantRule(),
        now=utc_now(),
        actor="system",
    )


def change_duty(existing: World, kind: OverrideKind, user_id: int | None) -> None:
    """For half an hour from now, before the world's own override begins."""
    on_call.add_override(
        rota_id=existing.ids["rota_id"],
        kind=kind,
        user_id=user_id,
        starts_at=utc_now(),
        ends_at=utc_now() + timedelta(minutes=30),
        now=utc_now(),
        actor="system",
    )


# what has to be so before an operation can do anything
def become(kind: str, **settings: str) -> Callable[[World], None]:
    """Let the monitor of the world be one of this kind."""

    def change(existing: World) -> None:
        row = Monitor.objects.filter(id=existing.ids["monitor_id"])
        other = make_monitor(kind, settings, service=existing.service, now=utc_now())
        row.update(kind=kind, settings=other.settings)
        for table in (Beat, Drift):
            table._default_manager.filter(monitor=other).update(monitor=row.get())
        Drift.objects.update(live="New", live_at=utc_now())

    return change


def decided(state: str) -> Callable[[World], None]:
    """Let the proposal of the world be in this state."""

    def change(existing: World) -> None:
        row = Proposal.objects.filter(id=existing.ids["noise_id"])
        row.update(state=state, applied_at=utc_now())

    return change


def mended(existing: World) -> None:
    """Let the finding of the world be mended by a click."""
    foresight_actions.mend(finding_id=existing.ids["finding_id"], now=utc_now(), actor="system")


BACKUP, DRIFT = become("backup"), become("drift", reader="text")
BEFORE: dict[str, Callable[[World], None]] = {
    "POST /monitors/{monitor_id}/key": BACKUP,
    "POST /monitors/{monitor_id}/backups": BACKUP,
    "POST /monitors/{monitor_id}/drills": BACKUP,
    "POST /monitors/{monitor_id}/drift/live": DRIFT,
    "PUT /monitors/{monitor_id}/drift/declared": DRIFT,
    "POST /monitors/{monitor_id}/drift/accept": DRIFT,
    "POST /incidents/{incident_id}/reopen": end,
    "POST /incidents/{incident_id}/review": end,
    "POST /runs/{run_id}/undo": act,
    "POST /incidents/{incident_id}/close": end,
    "POST /incidents/{incident_id}/investigate": answer,
    "POST /incidents/{incident_id}/fix": answer,
    "POST /incidents/{incident_id}/monitor": answer,
    "POST /incidents/{incident_id}/pause": answer,
    "PUT /incidents/{incident_id}/stamps/{stamp}": notice,
    "POST /incidents/{incident_id}/postmortem": end_unwritten,
    "DELETE /incidents/{incident_id}/suspects/{change_id}": accuse,
    "POST /postmortem-actions/{action_id}/issue": unlink,
    "DELETE /issue-trackers/{tracker_id}": unlink,
    "POST /oncall-requests/{request_id}/undo": agree,
    "DELETE /rotas/{rota_id}/public-page": publish_rota,
    "POST /rotas/{rota_id}/gaps/fill": open_gap,
    "POST /rotas/{rota_id}/take-pager": hand_pager_on,
    "POST /rotas/{rota_id}/plan-proposals/apply": leave_turns_empty,
    "DELETE /findings/{finding_id}/mend": mended,
    "POST /insights/proposals/{noise_id}/undo": decided("applied"),
    "POST /insights/proposals/{noise_id}/reopen": decided("dismissed"),
}


def send(token: str, method: str, path: str, body: Any) -> Any:
    given = b"" if body is None else body
    sent = given if isinstance(given, bytes) else json.dumps(given).encode()
    headers = {"Authorization": f"Bearer {token}"}
    client = Client(raise_request_exception=False)
    return client.generic(method.upper(), path, sent, "application/json", headers=headers)


class Forms(HTMLParser):
    """The forms of a page that post, as address and the values a browser would send."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._address = address
        self._is_open = False
        self._select = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_open = given.get("method", "").lower() == "post"
            if self._is_open:
                self.found.append((given.get("action") or self._address, {}))
        elif self._is_open and tag in {"input", "button", "textarea"}:
            self._add(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._is_open and tag == "option" and self._select:
            self._choose(given)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False

    def _add(self, given: dict[str, str]) -> None:
        is_box = given.get("type") in {"checkbox", "radio"}
        if "name" in given and (not is_box or "checked" in given):
            self.found[-1][1].setdefault(
                given["name"], given.get("value", "on" if is_box else "New")
            )

    def _choose(self, given: dict[str, str]) -> None:
        form = self.found[-1][1]
        if "selected" in given or (not form.get(self._select) and given.get("value")):
            form[self._select] = given["value"]


def test_forms_refuse_the_manager_of_another_team(existing: World, outsider: User) -> None:
    """Every form that an administrator sees is sent by her as it stands, and by the outsider."""
    admin, other = (Client(raise_request_exception=False) for _ in range(2))
    admin.force_login(existing.admin)
    other.force_login(outsider)
    reached, wrong = set(), []
    for address, form in forms(admin, existing):
        with world.undone():
            watch = Watch(existing.rest)
            answer = admin.post(address, form)
            changed = answer.status_code < 400 and watch.left()
        if not changed:
            continue
        reached.add(address)
        with world.undone():
            watch = Watch(existing.rest)
            answer = other.post(address, form)
            if watch.left():
                wrong.append((address, form, answer.status_code))
    assert wrong == [], "\n".join(map(repr, wrong))
    assert len(reached) > 20


def forms(admin: Client, existing: World) -> list[tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for path in PATHS:
        if "profile" in path:
            continue
        address = filled(path, existing.ids)
        with world.undone():
            page = admin.get(address)
        parser = Forms(address)
        parser.feed(page.content.decode(errors="replace"))
        found |= {repr(form): form for form in parser.found}
    mine = (
        "/accounts/",
        "/theme",
        "/profile/",
        "/settings/tokens/",
        "/welcome/",
        "/first-steps",
        "/pages/new/",
        "/triage/new/",  # whoever has an account may report to any team
    )
    return [
        form
        for form in found.values()
        if not form[0].startswith(mine) and form[0].partition("?")[0] not in OWN_FORMS
    ]
