"""All addresses: each domain carries its own, the API and the health checks are added here."""

import importlib.util

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from evenfall.config import health
from evenfall.config.api import api
from evenfall.config.settings import DOMAINS

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", health.metrics_page),
    path("api/v1/", api.urls),
]
urlpatterns += [
    path("", include(f"evenfall.{domain}.urls"))
    for domain in (*DOMAINS, "web")
    if importlib.util.find_spec(f"evenfall.{domain}.urls") is not None
]
if "allauth" in settings.INSTALLED_APPS:
    urlpatterns.append(path("accounts/", include("allauth.urls")))
# below the key of an integration, so it comes last
urlpatterns.append(path("", include("evenfall.integrations.alertmanager.urls")))
