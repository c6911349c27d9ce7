"""The addresses of the ledger."""

from django.urls import path

from evenfall.changes.views import ledger, receiving, sources

app_name = "changes"
_SOURCE = "changes/sources/<int:change_source_id>/"

urlpatterns = [
    path("changes/", ledger.ledger, name="ledger"),
    path("changes/new/", ledger.record, name="record"),
    path("changes/export.csv", ledger.export, name="export"),
    path("changes/sources/", sources.sources, name="sources"),
    path("changes/sources/new/", sources.new_source, name="new_source"),
    path(_SOURCE, sources.source, name="source"),
    path(f"{_SOURCE}edit/", sources.edit_source, name="edit_source"),
    path(f"{_SOURCE}keys/", sources.new_keys, name="new_source_keys"),
    path(f"{_SOURCE}switch/", sources.switch_source, name="switch_source"),
    path("changes/in/<str:change_key>/", receiving.receive, name="receive"),
    # senders that put a path of their own behind the address they are given
    path("changes/in/<str:change_key>/<path:tail>", receiving.receive, name="receive_below"),
    path("changes/<int:change_id>/", ledger.change, name="change"),
    path("services/<slug:slug>/changes/", ledger.of_service, name="of_service"),
    path("services/<slug:slug>/changes/recent/", ledger.recent, name="recent"),
]
