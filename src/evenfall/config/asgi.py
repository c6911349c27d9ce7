"""Django as an ASGI application; the front door hands it every path it does not answer itself."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenfall.config.settings")
# whitenoise hands out files as iterators that Django then reads whole: ours are small
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
application = get_asgi_application()
