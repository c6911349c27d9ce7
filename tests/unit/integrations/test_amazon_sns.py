"""Messages of SNS topics: alarms, events, texts, and who signed them."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.factories.senders import KEY, through_door
from tests.factories.sns import CERTIFICATE_URL, TOPIC_ARN, Amazon, make_amazon
from tests.factories.tools import error_of, read

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction
from evenfall.integrations.amazon_sns.signature import AMAZON, signed_text
from evenfall.integrations.amazon_sns.topic import TOPIC

ALARM: dict[str, Any] = {
    "AlarmName": "CPU of db-1",
    "AlarmDescription": "The CPU is busy",
    "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 1 datapoint [99.1] was greater than the threshold",
    "StateChangeTime": "2027-01-13T13:58:42.236+0000",
    "Region": "EU (Frankfurt)",
    "AlarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CPU of db-1",
    "OldStateValue": "OK",
    "Trigger": {
        "MetricName": "CPUUtilization",
        "Namespace": "AWS/EC2",
        "StatisticType": "Statistic",
        "Statistic": "AVERAGE",
        "Unit": None,
        "Dimensions": [{"value": "i-0123456789", "name": "InstanceId"}],
        "Period": 300,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 90.0,
    },
}
COMPOSITE: dict[str, Any] = {
    "AlarmName": "Shop is ill",
    "AlarmRule": "ALARM(CPU) AND ALARM(Errors)",
    "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM",
    "NewStateReason": "arn:aws:… transitioned to ALARM",
    "StateChangeTime": "2027-01-13T13:58:42.236+0000",
    "Region": "EU (Frankfurt)",
    "AlarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Shop is ill",
    "OldStateValue": "OK",
    "TriggeringChildren": [{"Arn": "arn:aws:…", "State": {"Value": "ALARM"}}],
}
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    "source": "aws.cloudwatch",
    "account": "123456789012",
    "time": "2027-01-13T13:58:42Z",
    "region": "eu-central-1",
    "resources": ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CPU of db-1"],
    "detail": {
        "alarmName": "CPU of db-1",
        "state": {
            "value": "ALARM",
            "reason": "Threshold Crossed",
            "timestamp": "2027-01-13T13:58:42.236+0000",
        },
        "previousState": {"value": "OK"},
        "configuration": {"metrics": []},
    },
}
HEALTH: dict[str, Any] = {
    "detail-type": "AWS Health Event",
    "source": "aws.health",
    "account": "123456789012",
    "time": "2027-01-13T13:00:00Z",
    "region": "eu-central-1",
    "resources": ["i-0123456789"],
    "detail": {
        "eventArn": "arn:aws:health:eu-central-1::event/EC2/X/1",
        "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE",
        "statusCode": "open",
    },
}


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return make_amazon()


def only(now: datetime, amazon: Amazon, message: object, **fields: str) -> AlertUpdate:
    text = message if isinstance(message, str) else json.dumps(message)
    (update,) = read(TOPIC, amazon.body(Message=text, **fields), now)
    return update


def test_alarm_is_read(now: datetime, amazon: Amazon) -> None:
    update = only(now, amazon, ALARM)

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, ALARM["AlarmArn"])
    assert update.summary.startswith("CPU of db-1 is ALARM: Threshold Crossed")
    assert (update.severity, update.source) == (None, "i-0123456789")
    assert update.labels == {
        "alarm": "CPU of db-1",
        "account": "123456789012",
        "region": "eu-central-1",
        "namespace": "AWS/EC2",
        "metric": "CPUUtilization",
        "InstanceId": "i-0123456789",
    }
    assert update.starts_at == datetime(2027, 1, 13, 13, 58, 42, 236_000, UTC)
    assert update.url.endswith("?region=eu-central-1#alarmsV2:alarm/CPU%20of%20db-1")
    assert update.details["AlarmDescription"] == "The CPU is busy"


@pytest.mark.parametrize(
    ("state", "action", "severity"),
    [
        ("OK", "resolve", None),
        ("ALARM", "trigger", None),
        ("INSUFFICIENT_DATA", "trigger", Severity.WARNING),
    ],
)
@pytest.mark.parametrize("alarm", [ALARM, COMPOSITE], ids=["metric", "composite"])
def test_states_of_alarms_are_about_the_same_alert(
    alarm: dict[str, Any],
    state: str,
    action: str,
    severity: Severity | None,
    now: datetime,
    amazon: Amazon,
) -> None:
    """Whoever takes the body as the key never sees an end."""
    update = only(now, amazon, alarm | {"NewStateValue": state})

    assert (update.action, update.severity) == (action, severity)
    assert update.dedup_key == alarm["AlarmArn"]


def test_event_of_an_alarm_is_the_same_alert(now: datetime, amazon: Amazon) -> None:
    update = only(now, amazon, EVENT)
    detail = {**EVENT["detail"], "state": {"value": "OK"}}
    over = only(now, amazon, EVENT | {"detail": detail})

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, ALARM["AlarmArn"])
    assert (over.action, over.dedup_key) == (UpdateAction.RESOLVE, ALARM["AlarmArn"])


def test_event_of_aws_health_ends(now: datetime, amazon: Amazon) -> None:
    update = only(now, amazon, HEALTH)
    closed = HEALTH["detail"] | {"statusCode": "closed"}
    over = only(now, amazon, HEALTH | {"detail": closed})

    assert update.summary == "AWS Health Event: AWS_EC2_OPERATIONAL_ISSUE"
    assert (over.action, over.dedup_key) == (UpdateAction.RESOLVE, update.dedup_key)


def test_any_other_message_is_an_alert_by_its_subject(now: datetime, amazon: Amazon) -> None:
    update = only(now, amazon, "The backup failed\nfor a reason", Subject="Backup")
    plain = only(now, amazon, "The backup failed\nfor a reason")
    numbers = only(now, amazon, "[1, 2]")

    assert (update.summary, update.labels) == ("Backup", {"topic": "alarms"})
    assert plain.summary == "The backup failed"
    assert numbers.details == {"message": "[1, 2]"}


def test_subscription_is_to_be_visited_and_its_end_is_told(now: datetime, amazon: Amazon) -> None:
    url = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
    fields = {"SubscribeURL": url, "Token": "2336412f37", "Message": "You have chosen"}
    begins = amazon.body(Type="SubscriptionConfirmation", **fields)
    ends = amazon.body(Type="UnsubscribeConfirmation", **fields)

    decoded = TOPIC.decode(begins, received_at=now, mapping={})
    (over,) = read(TOPIC, ends, now)

    assert decoded.visits == (url,)
    assert over.action is UpdateAction.TRIGGER
    assert over.dedup_key == decoded.updates[0].dedup_key
    assert TOPIC.decode(ends, received_at=now, mapping={}).visits == ()


OUTSIDE = [
    "http://sns.eu-central-1.amazonaws.com/a.pem",
    "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem",
    "https://sns.evil.example/a.pem",
    "https://evil.example/sns.eu-central-1.amazonaws.com/a.pem",
    "https://sns.x@evil.example/.amazonaws.com/a.pem",
    "https://sns.a.b.amazonaws.com/a.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.example/a.pem",
    "https://sns.eu-central-1.amazonaws.com:8443/a.pem",
    "https://sns.eu-central-1.amazonaws.com\\@evil.example/a.pem",
    "https://sns.eu-central-1.amazonaws.com/a b.pem",
    "https://sns.eu-central-1.amazonaws.com/\na.pem",
    "https://SNS.eu-central-1.amazonaws.com/a.pem",
    "https://bucket.s3.amazonaws.com/a.pem",
    "https://127.0.0.1/a.pem",
]


@pytest.mark.parametrize("url", OUTSIDE)
def test_nothing_outside_of_amazon_is_ever_fetched(url: str, now: datetime, amazon: Amazon) -> None:
    assert TOPIC.certificate_url(amazon.body(SigningCertURL=url)) == ""
    assert "not at an address" in TOPIC.problem(b"{}", secret="", certificate="")
    confirmation = amazon.body(Type="SubscriptionConfirmation", SubscribeURL=url, Token="t")
    decoded = TOPIC.decode(confirmation, received_at=now, mapping={})
    assert (decoded.visits, len(decoded.errors), decoded.unparsed) == ((), 1, False)


@pytest.mark.parametrize("domain", ["amazonaws.com", "amazonaws.com.cn"])
def test_certificates_of_amazon_are_fetched(domain: str, amazon: Amazon) -> None:
    url = f"https://sns.cn-north-1.{domain}/SimpleNotificationService-0.pem"

    assert TOPIC.certificate_url(amazon.body(SigningCertURL=url)) == url
    assert TOPIC.certificate_url(amazon.body(SigningCertURL=url.replace("pem", "txt"))) == ""
    assert isinstance(AMAZON, re.Pattern)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(
    "kind", ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]
)
def test_signature_covers_what_amazon_says_it_covers(
    version: str, kind: str, amazon: Amazon
) -> None:
    fields = {"Type": kind, "SubscribeURL": "https://x", "Token": "t", "Subject": "s"}
    sent = amazon.message(version=version, **fields)
    stranger = make_amazon().certificate

    assert problem(sent, amazon.certificate) == ""
    assert "signature is wrong" in problem(sent, stranger)
    for name in ("Message", "MessageId", "TopicArn", "Timestamp", "Type"):
        assert problem({**sent, name: "Notification " + sent[name]}, amazon.certificate)
    assert "version 3" in problem({**sent, "SignatureVersion": "3"}, amazon.certificate)
    assert problem({**sent, "Signature": "§"}, amazon.certificate)
    assert "cannot be read" in problem(sent, "no certificate")


def test_signed_text_of_a_notification_is_that_of_the_guide() -> None:
    sent = {"Type": "Notification", "Message": "M", "MessageId": "1", "TopicArn": "T"}
    sent |= {"Timestamp": "2027", "Subject": "S"}
    expected = "Message\nM\nMessageId\n1\nSubject\nS\nTimestamp\n2027\nTopicArn\nT\nType\n"

    assert signed_text(sent) == f"{expected}Notification\n".encode()
    del sent["Subject"]
    assert b"Subject" not in signed_text(sent)


def problem(sent: dict[str, Any], certificate: str) -> str:
    body = json.dumps(sent).encode()
    return TOPIC.problem(body, secret="", certificate=certificate)


def test_paths_and_other_shapes(now: datetime, amazon: Amazon) -> None:
    for path in (f"/in/{KEY}/sns", f"/integrations/v1/amazon_sns/{KEY}/"):
        assert through_door(path, {})[:2] == (KEY, "amazon.sns")
    for body in (b"[]", b"nope", b"{}", json.dumps(ALARM).encode()):
        assert error_of(TOPIC, body, now)[0] == 400
    assert TOPIC.certificate_url(b"nope") == ""
    assert amazon.message()["SigningCertURL"] == CERTIFICATE_URL
    assert TOPIC_ARN in amazon.body().decode()
