"""The addresses of foresight."""

from django.urls import path

from evenfall.foresight.views import findings, runs

app_name = "foresight"
urlpatterns = [
    path("what-if/", runs.run_list, name="runs"),
    path("what-if/ask/<slug:kind>/", runs.ask, name="ask"),
    path("what-if/<int:what_if_id>/", runs.one, name="run"),
    path("what-if/<int:what_if_id>/part/", runs.progress, name="progress"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/look/", findings.look, name="look"),
    path("findings/<int:finding_id>/mend/", findings.mend, name="mend"),
    path("findings/<int:finding_id>/take-back/", findings.take_back, name="take_back"),
    path("findings/<int:finding_id>/dismiss/", findings.dismiss, name="dismiss"),
    path("findings/<int:finding_id>/restore/", findings.restore, name="restore"),
]
