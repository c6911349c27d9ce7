"""Prometheus and what answers as it does: Mimir, Thanos, VictoriaMetrics, Cortex.

Queries are checked by a PromQL parser before they are stored, and asked over the HTTP API
(`/api/v1/query`, `/api/v1/query_range`).
"""

from evenfall.integrations.prometheus.kind import Prometheus
from evenfall.telemetry import ports

ports.register_metric_kind(Prometheus())
