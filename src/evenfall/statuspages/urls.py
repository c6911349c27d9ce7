"""The addresses of status pages: below /status/ those of readers, all others of colleagues."""

from django.urls import path

from evenfall.statuspages.views import (
    copies,
    looks,
    prepared,
    public,
    settings,
    subscribers,
    subscribing,
    telling,
)

app_name = "statuspages"
_PUBLIC = "status/<slug:slug>/"
_ALL = "status-pages/"
_ONE = f"{_ALL}<int:status_page_id>/"
_GROUP = f"{_ONE}groups/<int:group_id>/"
_COMPONENT = f"{_ONE}components/<int:component_id>/"
_WAITING = f"{_ONE}waiting/<int:prepared_id>/"
_POST = f"{_ONE}posts/<int:post_id>/"
_COPY = f"{_ONE}copies/<int:copy_id>/"
_SUBSCRIBER = f"{_ONE}subscribers/<int:subscriber_id>/"
_WORK = f"{_ONE}maintenance/<int:work_id>/"

urlpatterns = [
    path(_PUBLIC, public.page, name="public"),
    path(f"{_PUBLIC}history.html", public.history, name="history"),
    path(f"{_PUBLIC}logo", public.logo, name="logo"),
    path(f"{_PUBLIC}look.css", public.look, name="look"),
    path(f"{_PUBLIC}feed.atom", public.atom, name="atom"),
    path(f"{_PUBLIC}maintenance.ics", public.calendar, name="calendar"),
    path(f"{_PUBLIC}status.json", public.data, name="data"),
    path(f"{_PUBLIC}subscribe/", subscribing.subscribe, name="subscribe"),
    path(f"{_PUBLIC}subscribe/browser/", subscribing.subscribe_browser, name="subscribe_browser"),
    path(f"{_PUBLIC}confirm/<str:token>/", subscribing.confirm, name="confirm"),
    path(f"{_PUBLIC}subscription/<str:token>/", subscribing.subscription, name="subscription"),
    path(f"{_PUBLIC}unsubscribe/<str:token>/", subscribing.unsubscribe, name="unsubscribe"),
    path(_ALL, settings.pages, name="pages"),
    path(f"{_ALL}new/", settings.new_page, name="new_page"),
    path(_ONE, settings.page, name="page"),
    path(f"{_ONE}edit/", settings.edit_page, name="edit_page"),
    path(f"{_ONE}look/", looks.look, name="look_settings"),
    path(f"{_ONE}look/logo/remove/", looks.remove_logo, name="remove_logo"),
    path(f"{_ONE}copies/", copies.copies, name="copies"),
    path(f"{_ONE}copies/new/<slug:kind>/", copies.new_copy, name="new_copy"),
    path(_COPY, copies.copy, name="copy"),
    path(f"{_COPY}store/", copies.store_copy, name="store_copy"),
    path(f"{_COPY}remove/", copies.remove_copy, name="remove_copy"),
    path(f"{_ONE}link/", settings.renew_token, name="renew_token"),
    path(f"{_ONE}remove/", settings.remove_page, name="remove_page"),
    path(f"{_ONE}groups/new/", settings.new_group, name="new_group"),
    path(_GROUP, settings.group, name="group"),
    path(f"{_GROUP}remove/", settings.remove_group, name="remove_group"),
    path(f"{_ONE}components/new/", settings.new_component, name="new_component"),
    path(_COMPONENT, settings.component, name="component"),
    path(f"{_COMPONENT}move/", settings.move_component, name="move_component"),
    path(f"{_COMPONENT}remove/", settings.remove_component, name="remove_component"),
    path(f"{_COMPONENT}status/", settings.set_status, name="set_status"),
    path(f"{_ONE}subscribers/", subscribers.subscriber_list, name="subscribers"),
    path(f"{_ONE}subscribers.csv", subscribers.subscribers_csv, name="subscribers_csv"),
    path(f"{_ONE}subscribers/import/", subscribers.import_subscribers, name="import_subscribers"),
    path(f"{_ONE}subscribers/settings/", subscribers.mailing, name="mailing"),
    path(f"{_SUBSCRIBER}erase/", subscribers.erase_subscriber, name="erase_subscriber"),
    path(f"{_SUBSCRIBER}on/", subscribers.switch_on_subscriber, name="switch_on_subscriber"),
    path(_WAITING, prepared.prepared, name="prepared"),
    path(f"{_WAITING}publish/", prepared.publish, name="publish_prepared"),
    path(f"{_WAITING}drop/", prepared.drop, name="drop_prepared"),
    path(f"{_ONE}posts/", telling.posts, name="posts"),
    path(f"{_ONE}posts/new/", telling.new_post, name="new_post"),
    path(_POST, telling.post, name="post"),
    path(f"{_POST}updates/<int:update_id>/", telling.edit_update, name="edit_update"),
    path(f"{_POST}retract/", telling.retract_post, name="retract_post"),
    path(f"{_ONE}maintenance/", telling.works, name="works"),
    path(f"{_ONE}maintenance/new/", telling.new_work, name="new_work"),
    path(_WORK, telling.work, name="work"),
    path(f"{_WORK}edit/", telling.edit_work, name="edit_work"),
    path(f"{_WORK}step/", telling.step_work, name="step_work"),
]
