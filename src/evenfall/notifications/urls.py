"""The addresses of notifications. The response link /r/<token>/ is paging's."""

from django.urls import path

from evenfall.notifications.views import (
    confirming,
    contact_methods,
    devices,
    inbox,
    providers,
    reach,
    short_links,
    twins,
)

app_name = "notifications"
_METHODS = "profile/contact-methods/"
_METHOD = f"{_METHODS}<int:contact_method_id>/"
_PROVIDERS = "settings/providers/"
_PROVIDER = f"{_PROVIDERS}<int:provider_id>/"
urlpatterns = [
    path("s/<str:code>/", short_links.short_link, name="short_link"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:notice_id>/", inbox.notice, name="notice"),
    path(_METHODS, contact_methods.contact_methods, name="contact_methods"),
    path(f"{_METHODS}test/", contact_methods.send_test, name="test_all"),
    path(f"{_METHODS}add/<slug:kind>/", contact_methods.add, name="add_contact_method"),
    path(f"{_METHODS}devices/", devices.guide, name="devices"),
    path(f"{_METHODS}push/", devices.add_push, name="add_push"),
    path(f"{_METHODS}push/seen/", devices.seen, name="push_seen"),
    path(f"{_METHODS}push/moved/<str:token>/", devices.moved, name="push_moved"),
    path(f"{_METHODS}push/answer/<str:token>/", devices.answer, name="push_answer"),
    path(f"{_METHODS}confirm/<str:token>/", confirming.confirm, name="confirm"),
    path(_METHOD, contact_methods.contact_method, name="contact_method"),
    path(f"{_METHOD}ask/", contact_methods.ask, name="ask"),
    path(f"{_METHOD}test/", contact_methods.test_one, name="test_one"),
    path(f"{_METHOD}name/", contact_methods.rename, name="rename"),
    path(f"{_METHOD}check/", devices.check, name="check_device"),
    path(f"{_METHOD}primary/", contact_methods.make_primary, name="make_primary"),
    path(f"{_METHOD}twin/", twins.add_twin, name="add_twin"),
    path(f"{_METHOD}remove/", contact_methods.remove, name="remove"),
    path("reports/reach/", reach.reach, name="reach"),
    path("reports/reach/teams/<int:team_id>/", reach.team_reach, name="team_reach"),
    path(_PROVIDERS, providers.providers, name="providers"),
    path(f"{_PROVIDERS}add/<slug:type_name>/", providers.add, name="add_provider"),
    path(_PROVIDER, providers.provider, name="provider"),
    path(f"{_PROVIDER}switch/", providers.switch, name="switch_provider"),
    path(f"{_PROVIDER}first/", providers.ask_first, name="ask_provider_first"),
    path(f"{_PROVIDER}remove/", providers.remove, name="remove_provider"),
]
