"""Addresses of the pages that combine domains."""

from django.urls import path

from evenfall.web.views import live, search, shell, tonight

app_name = "web"
urlpatterns = [
    path("", tonight.page, name="tonight"),
    path("tonight", tonight.part, name="tonight-part"),
    path("first-steps/watch", tonight.first_watch, name="first-watch"),
    path("first-steps/key", tonight.first_key, name="first-key"),
    path("bell", tonight.bell, name="bell"),
    path("waits", tonight.waits, name="waits"),
    path("badge", tonight.badge, name="badge"),
    path("search", search.page, name="search"),
    path("theme", shell.set_theme, name="theme"),
    path("styleguide", shell.style_guide, name="styleguide"),
    path("styleguide/live", shell.style_guide_live, name="styleguide-live"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service-worker"),
    path("offline", shell.offline, name="offline"),
    path("live", live.stream, name="live"),
]
