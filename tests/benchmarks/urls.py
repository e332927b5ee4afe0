"""The site's addresses, and the floor's."""

from django.urls import include, path

from tests.benchmarks.floor import floor

urlpatterns = [
    path("floor/<int:thread>/", floor),
    path("", include("config.urls")),
]
