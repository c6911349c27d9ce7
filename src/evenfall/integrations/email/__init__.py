"""E-mail: pages by SMTP as plain text with a simple HTML twin, alerts and answers that come in.

Every try of a notice carries the same Message-ID, so that a mailbox can drop the second copy. The
mails of one page form one thread. Links open a page; only its button acts, so a scanner that
follows links acknowledges nothing.
"""

from evenfall.alerting import ports as alerting_ports
from evenfall.integrations.email.channel import EmailChannel
from evenfall.integrations.email.inbound.alerts import MailFormat
from evenfall.notifications import ports

ports.register_channel(EmailChannel())
alerting_ports.register_format(MailFormat())
