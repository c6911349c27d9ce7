"""E-mail by SMTP: plain text with a simple HTML twin.

Every try of a notice carries the same Message-ID, so that a mailbox can drop the second copy. The
mails of one page form one thread. Links open a page; only its button acts, so a scanner that
follows links acknowledges nothing.
"""

from evenfall.integrations.email.channel import EmailChannel
from evenfall.notifications import ports

ports.register_channel(EmailChannel())
