"""Amazon SNS: alarms of CloudWatch, events of EventBridge, and whatever else a topic carries."""

from evenfall.alerting import ports
from evenfall.integrations.amazon_sns.topic import TOPIC

ports.register_format(TOPIC)
