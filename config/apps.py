from django.apps import AppConfig

# Every process that loads Django sends its tasks through this application.
from config.celery import app as celery_app  # noqa: F401


class ConfigConfig(AppConfig):
    name = "config"
