"""The addresses of post-mortems and actions."""

from django.urls import path

from evenfall.postmortems.views import (
    attaching,
    editing,
    issues,
    listing,
    moving,
    promising,
    reports,
    sharing,
    templates,
    trackers,
)

app_name = "postmortems"
_ALL = "postmortems/"
_ONE = f"{_ALL}<int:postmortem_id>/"
_SECTION = f"{_ONE}sections/<int:section_id>/"
_FILES = f"{_ONE}attachments/"
_FILE = f"{_FILES}<int:attachment_id>/"
_ACTION = "actions/<int:action_id>/"
_TRACKERS = "settings/trackers/"
_TRACKER = f"{_TRACKERS}<int:tracker_id>/"

urlpatterns = [
    path(_ALL, listing.library, name="library"),
    path(f"{_ALL}templates/", templates.template_list, name="templates"),
    path(f"{_ALL}templates/<slug:kind>/", templates.template, name="template"),
    path("incidents/<int:incident_id>/postmortem/", moving.start, name="start"),
    path(_ONE, listing.one, name="one"),
    path(f"{_ONE}export.md", listing.export_markdown, name="export_markdown"),
    path(f"{_ONE}export.html", listing.export_html, name="export_html"),
    path(f"{_ONE}export.pdf", listing.export_pdf, name="export_pdf"),
    path(f"{_ONE}public/", sharing.publication, name="publication"),
    path(_FILES, attaching.attachments, name="attachments"),
    path(_FILE, attaching.attachment, name="attachment"),
    path(f"{_FILE}public/", attaching.share, name="share_attachment"),
    path(f"{_FILE}remove/", attaching.remove, name="remove_attachment"),
    path("lessons/<slug:slug>/", sharing.lesson, name="lesson"),
    path(
        "lessons/<slug:slug>/attachments/<int:attachment_id>/",
        sharing.public_file,
        name="public_file",
    ),
    path(f"{_ONE}steps/", moving.move, name="move"),
    path(f"{_ONE}people/", moving.people, name="people"),
    path(f"{_ONE}words/", moving.words, name="words"),
    path(f"{_ONE}comments/", moving.comment, name="comment"),
    path(f"{_ONE}comments/<int:comment_id>/", moving.resolve, name="resolve_comment"),
    path(f"{_ONE}actions/", promising.add, name="add_action"),
    path(_SECTION, editing.section, name="section"),
    path(f"{_SECTION}hints/", editing.hints, name="hints"),
    path(f"{_SECTION}versions/", editing.versions, name="versions"),
    path(f"{_SECTION}mute/", editing.mute, name="mute"),
    path("actions/", promising.action_list, name="actions"),
    path("actions/report/", reports.report, name="action_report"),
    path("actions/report.csv", reports.as_csv, name="action_csv"),
    path(_ACTION, promising.one, name="action"),
    path(f"{_ACTION}edit/", promising.change, name="change_action"),
    path(f"{_ACTION}steps/", promising.move, name="move_action"),
    path(f"{_ACTION}extend/", promising.extend, name="extend_action"),
    path(f"{_ACTION}issue/", issues.issue, name="issue"),
    path(_TRACKERS, trackers.tracker_list, name="trackers"),
    path(f"{_TRACKERS}add/<slug:type_name>/", trackers.add, name="add_tracker"),
    path(_TRACKER, trackers.tracker, name="tracker"),
    path(f"{_TRACKER}switch/", trackers.switch, name="switch_tracker"),
    path(f"{_TRACKER}remove/", trackers.remove, name="remove_tracker"),
    path("callbacks/trackers/<int:tracker_id>/", issues.webhook, name="tracker_webhook"),
]
