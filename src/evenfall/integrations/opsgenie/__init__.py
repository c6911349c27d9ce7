"""Moving from Opsgenie: the answers of its REST API as a draft of rotas and policies."""

from evenfall.importing import ports
from evenfall.integrations.opsgenie.translator import OPSGENIE

ports.register_translator(OPSGENIE)
