"""Pages and sockets in one process."""

import gc
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

# The routes import models, which need the applications that the line above has loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from consult.pages.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
        ),
    }
)

# A thousand sockets make so many objects that looking through all of them for garbage, again and
# again, holds up every notice for a quarter of a second. What stands now stays; the rest can wait.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)
