"""An installation that has one of everything, so that fuzzed requests reach past "not found"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from tests.factories import (
    alerting,
    catalog,
    incidents,
    notifications,
    objectives,
    oncall,
    paging,
)
from tests.factories.analysis import analyse_by, make_rollout, make_target
from tests.factories.approving import make_proposed
from tests.factories.changes import make_change
from tests.factories.changes import make_source as make_change_source
from tests.factories.hearing import make_listener
from tests.factories.identity import make_invitation, make_team, make_token, make_user
from tests.factories.importing import make_upload
from tests.factories.monitors import make_monitor
from tests.factories.pictures import png
from tests.factories.runbooks import folder, link, make_runbook
from tests.factories.statuspages import (
    make_component,
    make_page,
    make_post,
    make_subscriber,
    make_work,
)
from tests.factories.telemetry import make_source
from tests.factories.trackers import make_tracker
from tests.factories.triage import make_item
from tests.fuzz.traces import Fingerprint, fingerprint

from evenfall.alerting import actions as routing
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.models import Alert, BulkAct
from evenfall.alerting.ports import Matcher, Operator
from evenfall.alerting.ports.proposals import OrderChange
from evenfall.catalog.models import Service
from evenfall.chat import actions as chat
from evenfall.foresight import actions as foresight
from evenfall.foresight.models import Finding
from evenfall.identity import queries as identity_queries
from evenfall.identity.models import ApiToken, Team, User
from evenfall.incidents import actions as working
from evenfall.incidents.models import NoteImage
from evenfall.incidents.ports import Sev
from evenfall.insights.models import Proposal as Noise
from evenfall.manifests.models import Bundle
from evenfall.notifications import actions as providers
from evenfall.oncall import actions as on_call
from evenfall.oncall import queries as on_call_queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.requests import Way
from evenfall.oncall.models import AppliedProposal, CalendarFeed, DutyFeed, Layer, Rota
from evenfall.patterns import actions as patterns
from evenfall.platform.clock import utc_now
from evenfall.platform.files import Upload
from evenfall.postmortems import actions as learning
from evenfall.postmortems.models import IssueLink, Postmortem, Section, SectionVersion
from evenfall.releases import actions as releases
from evenfall.releases.logic.windows import Hours
from evenfall.releases.models import Passage
from evenfall.releases.ports import ExceptionKind as LetThrough
from evenfall.releases.ports import Kind as ReleaseKind
from evenfall.runbooks import actions as runbooks
from evenfall.runbooks.actions import RepositoryWish, StepWish
from evenfall.runbooks.logic.checklist import tasks
from evenfall.runbooks.logic.parameters import Parameter
from evenfall.runbooks.models import Run
from evenfall.slo import actions as promising
from evenfall.slo.ports import CorrectionKind, ExceptionKind
from evenfall.statuspages import actions as telling
from evenfall.statuspages.logic.words import Status
from evenfall.statuspages.models import Prepared, StatusPage
from evenfall.triage import actions as triage
from evenfall.triage.logic.calendar import WORKING_WEEK

# Two kinds of feeds share the name of their id. The same number stands for one of each; it is far
# above what the sequences give, so that no feed that a test makes can meet it.
FEED_ID = 1 << 40


@dataclass(frozen=True, kw_only=True)
class World:
    """`ids` holds, by the name that paths and bodies use, the value of something that exists."""

    admin: User
    token: str
    team: Team
    service: Service
    ids: dict[str, Any]

    @cached_property
    def rest(self) -> Fingerprint:
        """What the tables hold; each test undoes what it did, so that it is asked for once."""
        return fingerprint()


def build() -> World:
    """One of everything, at the real time: the pages under test read the clock."""
    now = utc_now()
    admin = make_user("Root", "admin")
    member = make_user("Mia")
    team = make_team("Fuzz", members=(member,), leads=(admin,), slug="fuzz")
    service = catalog.make_service("Till", team=team, slug="till", now=now)
    other = catalog.make_service("Cards", team=team, slug="cards", now=now)
    catalog.make_dependency(service, other, now=now)
    token = make_token(admin, now=now)
    rota_id = oncall.make_rota(admin, member, team=team, now=now)
    helper = make_user("Hal")
    override_id = oncall.make_override(rota_id, helper, starts_at=now + timedelta(hours=1), now=now)
    policy_id = paging.make_policy(paging.user_step(admin), name="Fuzz")
    method = notifications.make_contact_method(admin, is_verified=True, now=now)
    spare = notifications.make_contact_method(admin, is_verified=False, now=now)
    integration = alerting.make_mapped(service=service, team=team, now=now)
    alerting.send(integration, alerting.update(), at=now)
    alerting.receive(now)
    older = incidents.declare("Slow before", service_id=service.id, now=now)
    incident = incidents.declare(service_id=service.id, team_id=team.id, now=now)
    second = incidents.declare("Also slow", service_id=service.id, now=now)
    paged = paging.PagedTeam(
        team=team, service=service, rota_id=rota_id, ada=admin, ben=member, dan=admin, eve=admin
    )
    page = paging.start_page(paged, f"incident:{incident.id}", now=now)
    rule_id = routing.create_rule(
        draft=routing.RuleDraft(name="Cards wait", condition='labels["a"] == "b"'),
        now=now,
        actor="system",
    )
    silence_id = routing.create_silence(
        matchers=[Matcher("service", Operator.EQUAL, "cards")],
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        by_name="Root",
        now=now,
        actor="system",
    )
    maintenance_id = routing.create_maintenance(
        name="Move",
        service_ids=[other.id],
        by_name="Root",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        now=now,
        actor="system",
    )
    provider_id = providers.add_provider(
        type_name="slack",
        name="Fuzz",
        values={"bot_token": "xoxb-fuzz", "api_url": "https://slack.example.org/api"},
        now=now,
        actor="system",
    )
    room_id = chat.add_room(
        provider_id=provider_id,
        address="C0FUZZ0001",
        wish=chat.RoomWish(name="Fuzz", team_id=team.id),
        now=now,
        actor="system",
    )
    ids = make_status_page(team, service, now=now) | {
        "provider_id": provider_id,
        "source_id": make_source(),
        "monitor_id": make_monitor(service=service, now=now).pk,
        **make_rollouts(service, now=now),
        "inhibition_id": make_inhibition(now=now),
        "room_id": room_id,
        "user_id": member.id,
        "lead_id": admin.id,
        "team_id": team.id,
        "service_id": service.id,
        "slug": service.slug,
        **make_runbooks(service, now=now),
        **incidents.make_crew(incident, admin, member, now=now),
        "other": other.slug,
        "token_id": ApiToken.objects.get(user=admin).id,
        "rota_id": rota_id,
        "layer_id": Layer.objects.filter(plan__rota_id=rota_id)[0].id,
        "override_id": override_id,
        "policy_id": policy_id,
        "contact_method_id": spare.id,
        "method_id": method.id,
        "integration_id": integration.id,
        "alert_id": Alert.objects.all()[0].id,
        "incident_id": incident.id,
        "audience": "public",
        "proposed_id": make_proposed(incident, now=now).pk,
        "listener_id": make_listener(helper, now=now),
        "older_id": older.id,
        "stamp": "detected",
        "into_id": second.id,
        "page_id": page.id,
        "rule_id": rule_id,
        "rules_version": alerting_queries.rules_version(),
        "mapping_version": alerting_queries.mapping_versions(integration.id)[0].about.version,
        "upload_id": make_upload(team, now=now),
        "silence_id": silence_id,
        "maintenance_id": maintenance_id,
        "recurring_id": make_recurring(service.id, now=now),
        "auto_end_id": make_auto_end(service.id, now=now),
        "invitation_id": make_invitation(admin, now=now).id,
        "proposal_id": make_proposal(rota_id, override_id, now=now),
        "absence_id": make_absence(helper, now=now),
        "request_id": make_request(rota_id, member, admin, now=now),
        "feed_id": make_feeds(team, admin, rota_id, now=now),
        "calendar_id": FEED_ID,
        "traffic": "haproxy",
        "deploy": "none",
    }
    ids |= {
        **make_changes(service, now=now),
        **make_review(team, now=now),
        **make_timeline(incident.id, now=now),
        **make_learning(incident.id, admin, now=now),
        **make_pattern(incident.id, older.id, team, now=now),
        **make_foresight(team, service_id=service.id, policy_id=policy_id, now=now),
        **make_releases(service, member, now=now),
        **make_promise(service, member, helper, now=now),
        "noise_id": make_noise(service, now=now),
        "act_id": make_bulk_act(now=now),
        "bundle": make_bundle(service, now=now),
    }
    return World(admin=admin, token=token, team=team, service=service, ids=ids)


def make_bulk_act(*, now: datetime) -> int:
    """Something that was done to many alerts, of which none is left as it was."""
    act = BulkAct.objects.create(act="acknowledge", alert_ids=[1], at=now, by="system")
    return act.pk


def make_rollouts(service: Service, *, now: datetime) -> dict[str, Any]:
    """An idle place with an analysis, and another one with a version on its way."""
    rollout = make_rollout(make_target(service=service, now=now), now=now)
    idle = make_target(service=service, environment="DEV", now=now)
    analyse_by(idle)
    return {"target_id": idle.pk, "rollout_id": rollout.pk}


def make_status_page(team: Team, service: Service, *, now: datetime) -> dict[str, Any]:
    """A page at the address of the service, so that one slug names both, with one of everything."""
    page = make_page(slug=service.slug, team_id=team.id, now=now)
    about: dict[str, Any] = {"status_page_id": page.pk, "now": now, "actor": "system"}
    group_id = telling.add_group(wish=telling.GroupWish(name="Fuzz"), **about)
    copy = telling.CopyWish(kind="folder", values={"folder": "fuzz"})
    part = make_component(page, group_id=group_id, service_ids=[service.id], now=now)
    post = make_post(page, {part: Status.DEGRADED}, now=now)
    hour = timedelta(hours=1)
    work = make_work(page, part, starts_at=now + hour, ends_at=now + 2 * hour, now=now)
    return {
        "status_page_id": page.pk,
        "group_id": group_id,
        "component_id": part.pk,
        "post_id": post.pk,
        "update_id": post.updates.get().pk,
        "work_id": work.pk,
        "prepared_id": make_prepared(page, service, now=now).pk,
        "copy_id": telling.add_copy(wish=copy, **about),
        "subscriber_id": make_subscriber(page, now=now).pk,
    }


def make_prepared(page: StatusPage, service: Service, *, now: datetime) -> Prepared:
    """A post that waits for a person."""
    incident = incidents.declare(
        "Fuzz", severity=Sev.SEV1, service_id=service.id, team_id=service.team_id, now=now
    )
    telling.follow_incidents(incident_ids=[incident.pk], now=now)
    return Prepared.objects.get(page=page)


def make_changes(service: Service, *, now: datetime) -> dict[str, int]:
    """A deploy of the service a little before, by a source of its team.

    Its key stays unknown: what a tool sends in vain is written down, as it must be.
    """
    source_id, _ = make_change_source(
        "Fuzz", now=now, service_id=service.id, team_id=service.team_id
    )
    at = now - timedelta(minutes=9)
    change = make_change(service, environment="PROD", at=at, origin_id=source_id)
    return {"change_id": change.id, "change_source_id": source_id}


def make_review(team: Team, *, now: datetime) -> dict[str, Any]:
    """Something that can wait, business hours, an open form and an address for mail of the team."""
    triage.open_intake(team_id=team.id, now=now, actor="system")
    mail = triage.MailSourceWish(name="Fuzz")
    source_id, _ = triage.open_mail_source(team_id=team.id, wish=mail, now=now, actor="system")
    calendar = triage.CalendarWish(name="Fuzz", zone="UTC", hours=WORKING_WEEK)
    return {
        "item_id": make_item(team=team, now=now).pk,
        "priority": "P3",
        "mail_source_id": source_id,
        "business_calendar_id": triage.set_calendar(
            calendar_id=None, wish=calendar, now=now, actor="system"
        ),
    }


def make_timeline(incident_id: int, *, now: datetime) -> dict[str, Any]:
    """A note with an image, which is an entry of the timeline."""
    image = Upload(name="graph.png", body=png())
    note_id = working.add_note(
        incident_id=incident_id,
        text="Fuzz",
        user_id=None,
        images=[image],
        now=now,
        actor="system",
    )
    kept = NoteImage.objects.get(note_id=note_id)
    return {"note_id": note_id, "image_id": kept.pk, "entry": f"note-{note_id}"}


def make_releases(service: Service, member: User, *, now: datetime) -> dict[str, Any]:
    """A version that waits for PROD in a train, and one of everything that holds it."""
    by: dict[str, Any] = {"now": now, "actor": "system"}
    reach = releases.Reach(service_id=service.pk)
    new = releases.NewRelease(service_id=service.pk, version="1.0")
    release_id = releases.register_release(new=new, **by)
    passage = Passage.objects.get(release_id=release_id)
    later = now + timedelta(hours=3)
    wish = releases.ExceptionWish(
        kind=LetThrough.OTHER,
        gates=["approvals"],
        reason="Fuzz",
        expires_at=later,
        review_on=later.date(),
    )
    window = releases.WindowWish(
        reach=reach,
        name="Fuzz",
        environments=["PROD"],
        time_zone="UTC",
        hours=[Hours(0, 540, 600)],
    )
    freeze = releases.NewFreeze(
        reach=reach, environments=["PROD"], reason="Fuzz", starts_at=now, ends_at=later
    )
    standard = releases.StandardWish(
        reach=reach, name="Fuzz", environments=["PROD"], kinds=[ReleaseKind.FIX], expires_at=later
    )
    return {
        "release_id": release_id,
        "passage_id": passage.pk,
        "item": "notes",
        "place": 1,
        "train_id": releases.save_train(
            wish=releases.TrainWish(name="Fuzz", release_ids=[release_id]), **by
        ),
        "release_exception_id": releases.ask_exception(
            passage_id=passage.pk, wish=wish, user_id=member.pk, **by
        ),
        "window_id": releases.save_window(wish=window, **by),
        "freeze_id": releases.declare_freeze(new=freeze, **by),
        "stop_id": releases.stop_everything(reach=reach, reason="Fuzz", **by),
        "standard_id": releases.ask_standard(wish=standard, user_id=member.pk, **by),
    }


def make_promise(service: Service, asker: User, approver: User, *, now: datetime) -> dict[str, int]:
    """An objective about pushed counts, with a correction and an exception that was approved."""
    indicator = objectives.make_indicator(service=service, name="Fuzz", now=now)
    # nothing is about the indicator that is named, so that it can be archived
    counted = objectives.make_indicator(service=service, name="Counted", now=now)
    promise = objectives.make_objective("Fuzz", indicator=counted, now=now)
    span = promising.CorrectionWish(
        kind=CorrectionKind.OTHER,
        starts_at=now - timedelta(hours=1),
        ends_at=now,
        reason="Fuzz",
    )
    (correction_id,) = promising.correct(
        objective_id=promise.pk, wish=span, by=None, now=now, actor="system"
    )
    wish = promising.ExceptionWish(
        kind=ExceptionKind.P0,
        reason="Fuzz",
        review_on=(now + timedelta(days=7)).date(),
        ends_at=now + timedelta(days=1),
    )
    exception_id = promising.ask_exception(
        objective_id=promise.pk, wish=wish, by=asker.pk, now=now, actor="system"
    )
    promising.approve_exception(
        objective_id=promise.pk, exception_id=exception_id, by=approver.pk, now=now, actor="system"
    )
    return {
        "indicator_id": indicator.pk,
        "objective_id": promise.pk,
        "correction_id": correction_id,
        "exception_id": exception_id,
    }


def make_pattern(incident_id: int, older_id: int, team: Team, *, now: datetime) -> dict[str, int]:
    """A pattern of the team, of two incidents."""
    pattern_id = patterns.confirm_pair(
        incident_id=incident_id, other_id=older_id, now=now, actor="system"
    )
    wish = patterns.PatternWish(title="Fuzz", team_id=team.pk)
    patterns.change_pattern(pattern_id=pattern_id, wish=wish, now=now, actor="system")
    return {"pattern_id": pattern_id, "other_id": older_id}


def make_foresight(team: Team, *, service_id: int, policy_id: int, now: datetime) -> dict[str, int]:
    """A finding of the team that a click mends, and a what-if that was answered."""
    offer = {
        "mend": "use_policy",
        "label": "Use it",
        "numbers": {"service_id": service_id, "policy_id": policy_id},
        "owner_id": team.pk,
    }
    finding = Finding.objects.create(
        key="rota:fuzz",
        check_name="rota",
        weight="warning",
        title="Fuzz",
        why="Fuzz",
        mend="Mend",
        mend_url="/rotas/",
        offer=offer,
        team=team,
        found_at=now,
        seen_at=now,
    )
    change = foresight.Asked(kind="order", value=OrderChange(rule_ids=()))
    number = foresight.ask(
        changes=[change], title="Fuzz", days=7, now=now, actor="system", by_name="Fuzz"
    )
    return {"finding_id": finding.pk, "what_if_id": number}


def make_learning(incident_id: int, owner: User, *, now: datetime) -> dict[str, int]:
    """The post-mortem of the incident as if it was over, with a section and an action."""
    row = Postmortem.objects.create(
        incident_id=incident_id,
        title="Fuzz",
        kind="light",
        severity="SEV3",
        environment="PROD",
        team=Team.objects.get(slug="fuzz"),
        created_at=now,
        due_at=now + timedelta(days=5),
    )
    section = Section.objects.create(postmortem=row, position=0, title="Summary")
    SectionVersion.objects.create(section=section, number=1, actor="system", saved_at=now)
    action_id = learning.add_action(
        postmortem_id=row.id,
        draft=learning.ActionDraft(title="Fuzz", owner_id=owner.id),
        now=now,
        actor="system",
    )
    comment_id = learning.add_comment(postmortem_id=row.id, text="Fuzz", now=now, actor="system")
    attachment_id = learning.attach_files(
        postmortem_id=row.id,
        files=[Upload(name="graph.png", body=png())],
        now=now,
        actor="system",
    )[0]
    tracker = make_tracker()
    learning.link_issue(
        action_id=action_id, url="https://github.com/acme/shop/issues/1", now=now, actor="system"
    )
    IssueLink.objects.filter(action_id=action_id).update(is_open=False, clash="linked")
    return {
        "postmortem_id": row.id,
        "section_id": section.id,
        "action_id": action_id,
        "comment_id": comment_id,
        "attachment_id": attachment_id,
        "tracker_id": tracker.id,
    }


def make_runbooks(service: Service, *, now: datetime) -> dict[str, Any]:
    """One of the team of the service with a task, an upload, and one that is missed."""
    team = service.team
    made = make_runbook("Fuzz", team=team, now=now)
    link(made, services=[service.pk], now=now)
    return {
        "runbook": made.slug,
        **make_steps(made.pk, now=now),
        "number": 1,
        "key": tasks(made.text)[0].key,
        "folder_id": runbooks.receive_folder(
            name="Fuzz", team_id=team.pk, body=folder({"a.md": "# A"}), now=now, actor="system"
        ),
        "repository_id": make_repository(team.pk, now=now),
        "use_id": runbooks.report_missing(
            text="Cards", service_id=service.pk, now=now, actor="system"
        ),
    }


def make_recurring(service_id: int, *, now: datetime) -> int:
    """Planned work of one service that comes back every day."""
    draft = routing.RecurringDraft(
        name="Recurring",
        rule="FREQ=DAILY",
        begins_on=now.date(),
        begins_at=time(1),
        length=timedelta(hours=1),
        zone="UTC",
        service_ids=[service_id],
    )
    return routing.create_recurring(draft=draft, by_name="World", now=now, actor="system")


def make_auto_end(service_id: int, *, now: datetime) -> int:
    """Alerts of the service end after a quiet day."""
    draft = routing.AutoEndDraft(service_id=service_id, quiet=timedelta(days=1))
    return routing.set_auto_end(draft=draft, now=now, actor="system")


def make_inhibition(*, now: datetime) -> int:
    draft = routing.InhibitionDraft(
        name="Fuzz",
        source=[Matcher("alertname", Operator.EQUAL, "Down")],
        target=[Matcher("alertname", Operator.EQUAL, "Slow")],
    )
    return routing.create_inhibition(draft=draft, now=now, actor="system")


def make_repository(team_id: int, *, now: datetime) -> int:
    """One that nobody fetches: there are no workers."""
    lead = identity_queries.viewer_by_id(make_user("Rita", "manager").pk)
    assert lead
    wish = RepositoryWish(name="Fuzz git", team_id=team_id, url="https://git.example.org/a.git")
    return runbooks.add_repository(wish=wish, viewer=lead, now=now)


def make_steps(runbook_id: int, *, now: datetime) -> dict[str, Any]:
    """A step, a parameter that nothing asks for, and a run that waits for an approval."""
    url = "https://deploy.example.org/restart"
    wish = StepWish(
        name="restart",
        title="Restart",
        kind="http",
        settings={"method": "POST", "url": url},
        approval="always",
    )
    runbooks.save_step(runbook_id=runbook_id, name=None, wish=wish, now=now, actor="system")
    runbooks.save_parameter(
        runbook_id=runbook_id, name=None, parameter=Parameter(name="host"), now=now, actor="system"
    )
    run_id = runbooks.start_run(runbook_id=runbook_id, now=now, actor="system")
    Run.objects.filter(id=run_id).update(state="waiting", due_at=None)
    runner_id, _ = runbooks.create_runner(name="web-1", now=now, actor="system")
    return {
        "step": "restart",
        "parameter": "host",
        "kind": "http",
        "run_id": run_id,
        "runner_id": runner_id,
        "runner_work_id": runbooks.ask_runner(
            name="web-1", command="restart", arguments={}, limit=timedelta(minutes=1), now=now
        ),
    }


def make_absence(person: User, *, now: datetime) -> int:
    """Of somebody whose shifts it does not touch, so that nobody stands in."""
    return on_call.add_absence(
        user_id=person.id,
        kind=Kind.HOLIDAY,
        starts_at=now + timedelta(days=30),
        ends_at=now + timedelta(days=31),
        now=now,
        actor="system",
    )


def make_request(rota_id: int, asker: User, asked: User, *, now: datetime) -> int:
    """One person is asked, and has not answered, to take the asker's next shift."""
    return on_call.request_cover(
        rota_id=rota_id,
        asker_id=asker.id,
        shift_at=coming_shift(rota_id, asker.id, now=now).starts_at,
        way=Way.PERSON,
        person_id=asked.id,
        now=now,
        actor="system",
    )


def coming_shift(rota_id: int, user_id: int, *, now: datetime) -> HeldShift:
    """The first shift of a person that begins after tomorrow."""
    tomorrow = now + timedelta(days=1)
    shifts = on_call_queries.held_shifts(
        rota_id, starts_at=tomorrow, ends_at=tomorrow + timedelta(weeks=4)
    )
    return next(one for one in shifts if one.user_id == user_id and one.starts_at > tomorrow)


def make_feeds(team: Team, owner: User, rota_id: int, *, now: datetime) -> int:
    """One of the two kinds each: the duties that others read, and the absences that we read."""
    duties, _ = on_call.create_feed(
        owner_id=owner.id, kind=FeedKind.ROTA, subject_id=rota_id, now=now, actor="system"
    )
    absences = on_call.add_calendar(
        team_id=team.id,
        name="Holidays",
        url="https://calendar.example.org/fuzz.ics",
        kind=Kind.HOLIDAY,
        every_event=True,
        now=now,
        actor="system",
    )
    DutyFeed.objects.filter(id=duties).update(id=FEED_ID)
    CalendarFeed.objects.filter(id=absences).update(id=FEED_ID)
    return FEED_ID


def make_bundle(service: Service, *, now: datetime) -> str:
    """A bundle that manages nothing but the service."""
    bundle = Bundle.objects.create(name="fuzz", applied_at=now, applied_by="system")
    words = {"name": service.name, "team": "fuzz"}
    bundle.things.create(
        kind="services", key=service.slug, own_id=service.pk, spec=words, written_at=now
    )
    return bundle.name


def make_noise(service: Service, *, now: datetime) -> int:
    """A proposal to let the tool that sends an alert of the service wait."""
    evidence = {"why": "Fuzz", "days": 28, "pages": 5, "spared": 5, "nights": 0, "acted": 0}
    return Noise.objects.create(
        kind="sender",
        problem="Fuzz",
        name="Fuzz",
        service_id=service.pk,
        team_id=service.team_id,
        change={"minutes": 5, "name": "Fuzz", "service": service.slug, "environment": "PROD"},
        evidence=evidence | {"critical": 0},
        found_at=now,
        state_at=now,
    ).pk


def make_proposal(rota_id: int, override_id: int, *, now: datetime) -> int:
    """A row, because the planner finds nothing to change in a rota as even as this one."""
    return AppliedProposal.objects.create(
        rota=Rota.objects.get(id=rota_id),
        override_ids=[override_id],
        applied_at=now,
        applied_by="system",
    ).id


def with_existing(value: Any, ids: Mapping[str, Any], name: str = "") -> Any:
    """A JSON value in which each number under a known name names something that exists."""
    if isinstance(value, dict):
        return {key: with_existing(part, ids, key) for key, part in value.items()}
    if isinstance(value, list):
        return [with_existing(part, ids, name.removesuffix("s")) for part in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return ids[name] if is_number and name in ids else value


@contextmanager
def undone() -> Iterator[None]:
    """Undo what the block did to the database, after checking what only a commit would check."""
    with transaction.atomic():
        yield
        if not connection.needs_rollback:
            connection.check_constraints()
        transaction.set_rollback(True)
