"""The addresses of triage."""

from django.urls import path

from evenfall.triage.views import acting, intake, items, mail, queue, settings

app_name = "triage"
_ITEM = "triage/<int:item_id>/"
_TEAM = "triage/teams/<int:team_id>/"
urlpatterns = [
    path("triage/", queue.queue, name="queue"),
    path("triage/ended/", queue.ended, name="ended"),
    path("triage/board/", queue.board, name="board"),
    path("triage/week/", queue.week, name="week"),
    path("triage/kept/", queue.kept, name="kept"),
    path("triage/new/", intake.report, name="new"),
    path("triage/in/<str:token>/", intake.public_report, name="public"),
    path("triage/calendars/", settings.calendars, name="calendars"),
    path("triage/calendars/new/", settings.calendar, name="new_calendar"),
    path("triage/calendars/<int:business_calendar_id>/", settings.calendar, name="calendar"),
    path(_TEAM, settings.team, name="team"),
    path(f"{_TEAM}intake/", settings.intake, name="intake"),
    path(f"{_TEAM}skills/", settings.skills, name="skills"),
    path(f"{_TEAM}mail/", mail.sources, name="mail"),
    path(f"{_TEAM}mail/<int:mail_source_id>/", mail.source, name="mail_source"),
    path(_ITEM, items.one, name="item"),
    path(f"{_ITEM}act/", acting.act, name="act"),
    path(f"{_ITEM}edit/", items.edit, name="edit"),
]
