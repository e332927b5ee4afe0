"""Every socket of the site."""

from django.urls import URLPattern, path

from comments.consumers import DraftSocket, SectionSocket
from consult.pages import addresses  # noqa: F401 - knows <ref:…>
from consult.reports.consumers import ReportSocket

websocket_urlpatterns: list[URLPattern] = [
    path("ws/reports/<uuid:public_id>/", ReportSocket.as_asgi()),
    path("ws/<slug:code>/<int:number>/", DraftSocket.as_asgi()),
    path("ws/<slug:code>/<int:number>/<ref:ref>/", SectionSocket.as_asgi()),
]
