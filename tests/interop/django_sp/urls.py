"""The library's own pages, and one of ours."""

from django.urls import include, path

from .views import whoami

urlpatterns = [
    path("eherkenning/", include("digid_eherkenning.eherkenning_urls")),
    path("metadata/", include("digid_eherkenning.metadata_urls")),
    path("whoami", whoami),
]
