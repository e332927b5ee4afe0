"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

handler403 = "consult.pages.errors.forbidden"
handler404 = "consult.pages.errors.not_found"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("consult.pages.urls")),
]
