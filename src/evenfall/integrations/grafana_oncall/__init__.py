"""Moving from Grafana OnCall: the answers of its REST API as a draft of rotas and policies."""

from evenfall.importing import ports
from evenfall.integrations.grafana_oncall.translator import GRAFANA_ONCALL

ports.register_translator(GRAFANA_ONCALL)
