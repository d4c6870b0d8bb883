"""The portal for a WSGI server: the publication, and behind it the portal itself."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shinshiro_sns.settings")
django_application = get_wsgi_application()

from publication.serving import Served  # noqa: E402  (it needs what is set up)

application = Served(django_application, settings.PUBLICATION_DIR)
