"""Addresses of the pages of incidents."""

from django.urls import path

from evenfall.incidents.views import acting, declaring, exporting, listing, one
from evenfall.incidents.views import runbooks as runbook_views

app_name = "incidents"
_ONE = "incidents/<int:incident_id>/"

urlpatterns = [
    path("incidents/", listing.incident_list, name="list"),
    path("incidents/new/", declaring.declare, name="declare"),
    path("incidents/similar/", declaring.similar, name="similar"),
    path("pages/<int:page_id>/chain.json", exporting.page_chain, name="page_chain"),
    path(_ONE, one.incident, name="incident"),
    path(f"{_ONE}runbooks/missing/", runbook_views.miss, name="miss_runbook"),
    path(f"{_ONE}runbooks/<slug:runbook>/", runbook_views.runbook, name="runbook"),
    path(f"{_ONE}runbooks/<slug:runbook>/tick/", runbook_views.tick, name="tick"),
    path(f"{_ONE}runbooks/<slug:runbook>/use/", runbook_views.use, name="use_runbook"),
    path(f"{_ONE}parts/<slug:name>/", one.part, name="part"),
    path(f"{_ONE}acknowledge/", acting.acknowledge, name="acknowledge"),
    path(f"{_ONE}on-it/", acting.mobilise, name="mobilise"),
    path(f"{_ONE}resolve/", acting.resolve, name="resolve"),
    path(f"{_ONE}reopen/", acting.reopen, name="reopen"),
    path(f"{_ONE}merge/", acting.merge, name="merge"),
    path(f"{_ONE}severity/", acting.set_severity, name="severity"),
    path(f"{_ONE}title/", acting.rename, name="rename"),
    path(f"{_ONE}not-actionable/", acting.mark_not_actionable, name="not_actionable"),
    path(f"{_ONE}notes/", acting.add_note, name="notes"),
    path(f"{_ONE}page/", acting.page_more, name="page_more"),
]
