"""All addresses: each domain carries its own, the API and the health checks are added here."""

from django.urls import URLPattern, URLResolver, include, path

from evenfall.config import health
from evenfall.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", health.metrics_page),
    path("api/v1/", api.urls),
    path("", include("evenfall.identity.urls")),
    path("", include("evenfall.catalog.urls")),
    path("", include("evenfall.changes.urls")),
    path("", include("evenfall.notifications.urls")),
    path("", include("evenfall.telemetry.urls")),
    path("", include("evenfall.oncall.urls")),
    path("", include("evenfall.paging.urls")),
    path("", include("evenfall.runbooks.urls")),
    path("", include("evenfall.alerting.urls")),
    path("", include("evenfall.slo.urls")),
    path("", include("evenfall.monitors.urls")),
    path("", include("evenfall.incidents.urls")),
    path("", include("evenfall.insights.urls")),
    path("", include("evenfall.rollouts.urls")),
    path("", include("evenfall.releases.urls")),
    path("", include("evenfall.postmortems.urls")),
    path("", include("evenfall.statuspages.urls")),
    path("", include("evenfall.triage.urls")),
    path("", include("evenfall.foresight.urls")),
    path("", include("evenfall.patterns.urls")),
    path("", include("evenfall.chat.urls")),
    path("", include("evenfall.importing.urls")),
    path("", include("evenfall.manifests.urls")),
    path("", include("evenfall.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("evenfall.integrations.twilio.urls")),
    path("", include("evenfall.integrations.vonage.urls")),
    path("", include("evenfall.integrations.pushover.urls")),
    path("", include("evenfall.integrations.slack.urls")),
    path("", include("evenfall.integrations.script.urls")),
    path("", include("evenfall.integrations.telegram.urls")),
    path("", include("evenfall.integrations.mattermost.urls")),
    path("", include("evenfall.integrations.opsgenie.urls")),
    path("", include("evenfall.integrations.grafana_oncall.urls")),
    path("", include("evenfall.integrations.goalert.urls")),
    # below the key of an integration, so it comes last
    path("", include("evenfall.integrations.alertmanager.urls")),
]
