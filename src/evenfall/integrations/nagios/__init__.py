"""Nagios, Icinga 2 and their kin: a notification command; its script is in the documentation."""

from evenfall.alerting import ports
from evenfall.integrations.nagios.command import COMMAND

ports.register_format(COMMAND)
