"""Tools with a form of their own, and what to copy into them."""

from collections.abc import Mapping

from evenfall.alerting.logic.snippet_words import Kind, Snippet

_DATADOG = (
    "event_title alert_title text_only_msg alert_id alert_cycle_key alert_transition alert_type "
    "alert_priority alert_scope alert_metric alert_query alert_status event_type hostname tags "
    "link snapshot date org_name"
)
_TEMPLATE = ",\n".join(f'  "{name}": "${name.upper()}"' for name in _DATADOG.split())

TOOLS: Mapping[str, Kind] = {
    "amazon_sns": Kind(
        "Amazon SNS and CloudWatch",
        "An HTTPS subscription of an SNS topic: alarms of CloudWatch, events of EventBridge. It is "
        "confirmed by itself, and every signature is checked.",
        (
            Snippet("Subscribe the topic: the endpoint", "{url}/in/{key}/sns"),
            Snippet(
                "Or with the command line of AWS",
                "aws sns subscribe --protocol https --topic-arn YOUR-TOPIC-ARN \\\n"
                "  --notification-endpoint {url}/in/{key}/sns",
            ),
        ),
    ),
    "datadog": Kind(
        "Datadog",
        "A webhook of Datadog; name it in the message of a monitor, such as @webhook-evenfall.",
        (
            Snippet("Integrations, Webhooks, New: URL", "{url}/in/{key}/datadog"),
            Snippet("And as its payload, in place of what is there", f"{{{{\n{_TEMPLATE}\n}}}}"),
        ),
    ),
    "goalert": Kind(
        "GoAlert-compatible",
        "Whatever sends to GoAlert: another host and another token, nothing else.",
        (
            Snippet(
                "Generic API",
                "curl -X POST '{url}/api/v2/generic/incoming?token={key}' "
                "-d summary=Hello -d dedup=hello",
            ),
            Snippet("Grafana", "{url}/api/v2/grafana/incoming?token={key}"),
            Snippet("Site24x7", "{url}/api/v2/site24x7/incoming?token={key}"),
            Snippet("Alertmanager", "{url}/api/v2/prometheusalertmanager/incoming?token={key}"),
        ),
    ),
    "grafana_oncall": Kind(
        "Grafana OnCall-compatible",
        "Whatever sends to an integration of Grafana OnCall: another host and another token.",
        (
            Snippet("Webhook", "{url}/integrations/v1/webhook/{key}/"),
            Snippet("Formatted webhook", "{url}/integrations/v1/formatted_webhook/{key}/"),
            Snippet("Grafana", "{url}/integrations/v1/grafana_alerting/{key}/"),
            Snippet("Alertmanager", "{url}/integrations/v1/alertmanager/{key}/"),
        ),
    ),
    "nagios": Kind(
        "Nagios and Icinga 2",
        "A notification command; the script is on the page of the documentation.",
        (
            Snippet("The address to give to the script", "{url}/in/{key}/nagios"),
            Snippet(
                "Try it from any shell",
                "curl {url}/in/{key}/nagios -d type=PROBLEM -d host=db1 -d state=CRITICAL "
                "--data-urlencode 'output=Just a test'",
            ),
        ),
    ),
    "opsgenie": Kind(
        "Opsgenie-compatible",
        "Any tool that speaks Opsgenie's Alert API: change the host and the key, keep the rest.",
        (
            Snippet("The address instead of https://api.opsgenie.com", "{url}"),
            Snippet(
                "Create an alert: the key as GenieKey",
                "curl -X POST {url}/v2/alerts \\\n"
                "  -H 'Authorization: GenieKey {key}' -H 'Content-Type: application/json' \\\n"
                '  -d \'{{"message": "Hello", "alias": "hello", "priority": "P1"}}\'',
            ),
            Snippet(
                "And close it",
                "curl -X POST '{url}/v2/alerts/hello/close?identifierType=alias' \\\n"
                "  -H 'Authorization: GenieKey {key}' -d '{{}}'",
            ),
        ),
    ),
    "sentry": Kind(
        "Sentry",
        "An internal integration of Sentry, as the action of its alert rules.",
        (
            Snippet(
                "Settings, Custom Integrations, Internal Integration: Webhook URL",
                "{url}/in/{key}/sentry",
            ),
        ),
    ),
    "uptime_kuma": Kind(
        "Uptime Kuma",
        "A notification of the type Webhook, with its body as JSON.",
        (Snippet("Settings, Notifications, type Webhook: Post URL", "{url}/in/{key}/uptime-kuma"),),
    ),
    "zabbix": Kind(
        "Zabbix",
        "A media type of the type Webhook; its script is on the page of the documentation.",
        (Snippet("The parameter url of the media type", "{url}/in/{key}/zabbix"),),
    ),
}
