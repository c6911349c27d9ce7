"""The addresses of notifications. The response link /r/<token>/ is paging's."""

from django.urls import path

from evenfall.notifications.views import confirming, contact_methods, inbox

app_name = "notifications"
_METHODS = "profile/contact-methods/"
_METHOD = f"{_METHODS}<int:contact_method_id>/"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:notice_id>/", inbox.notice, name="notice"),
    path(_METHODS, contact_methods.contact_methods, name="contact_methods"),
    path(f"{_METHODS}test/", contact_methods.send_test, name="test_all"),
    path(f"{_METHODS}email/", contact_methods.add_email, name="add_email"),
    path(f"{_METHODS}webhook/", contact_methods.add_webhook, name="add_webhook"),
    path(f"{_METHODS}push/", contact_methods.add_push, name="add_push"),
    path(f"{_METHODS}confirm/<str:token>/", confirming.confirm, name="confirm"),
    path(_METHOD, contact_methods.contact_method, name="contact_method"),
    path(f"{_METHOD}ask/", contact_methods.ask, name="ask"),
    path(f"{_METHOD}test/", contact_methods.test_one, name="test_one"),
    path(f"{_METHOD}primary/", contact_methods.make_primary, name="make_primary"),
    path(f"{_METHOD}remove/", contact_methods.remove, name="remove"),
]
