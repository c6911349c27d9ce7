"""Commands on machines of people: run by a runner there, which asks us for work.

The runner (`evenfall runner`) holds the list of what it allows; we send the name of a command and
values for its parameters, never a command line. It asks by a POST to /runner/work/ that waits for
work, and brings results to /runner/results/<id>/; both carry its token. A runner that took work and
never came back leaves the run unknown.
"""

from evenfall.integrations.script.deploy import CommandDeployer
from evenfall.integrations.script.kind import ScriptStep
from evenfall.rollouts import ports as rollouts_ports
from evenfall.runbooks import ports

ports.register_step_kind(ScriptStep())
rollouts_ports.register_deployer(CommandDeployer())
