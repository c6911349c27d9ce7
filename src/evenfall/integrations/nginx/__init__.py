"""nginx: a generated file that splits the requests, put there and reloaded by a runner.

The runner on the machine of nginx allows one command with the parameter `config`: it writes the
line to its file, lets nginx test it, puts the old one back where the test fails, reloads, and
prints the file. An empty `config` prints only. The how-to has the command.
"""

from evenfall.integrations.nginx.traffic import NginxTraffic
from evenfall.rollouts import ports

ports.register_traffic_port(NginxTraffic())
