"""The addresses of patterns."""

from django.urls import path

from evenfall.patterns.views import listing, one

app_name = "patterns"
_ALL = "patterns/"
_ONE = f"{_ALL}<int:pattern_id>/"
urlpatterns = [
    path(_ALL, listing.pattern_list, name="list"),
    path(f"{_ALL}report/", listing.report, name="report"),
    path(_ONE, one.one, name="one"),
    path(f"{_ONE}edit/", one.edit, name="edit"),
    path(f"{_ONE}steps/", one.move, name="move"),
    path(f"{_ONE}incidents/", one.add, name="add"),
    path(f"{_ONE}incidents/<int:incident_id>/remove/", one.remove, name="remove"),
    path(f"{_ONE}dismiss/", one.dismiss, name="dismiss"),
    path("incidents/<int:incident_id>/similar/<int:other_id>/", one.judge, name="judge"),
]
