"""Django as an ASGI application; the front door hands it every path it does not answer itself."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenfall.config.settings")
application = get_asgi_application()
