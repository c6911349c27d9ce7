"""The SMTP server that the settings name."""

from django.conf import settings

from evenfall.integrations.email.connections import Server


def mail_server() -> Server:
    """Where mail goes; its host is empty while mail is off."""
    env = settings.EVENFALL
    return Server(
        host=env.mail_host,
        port=env.mail_port,
        user=env.mail_user,
        password=env.mail_password,
        security=env.mail_security,
    )
