"""The library's backend, with a note in the session of what its own readers found in the assertion."""

from typing import Any

from digid_eherkenning.backends import eHerkenningBackend
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

NOTED = "eherkenning"


class NotingBackend(eHerkenningBackend):
    """Logs in exactly as the shipped backend does; keeps the attributes for `/whoami`, also when that refuses.

    The shipped backend throws everything but the RSIN away; overriding `get_or_create_user` is how
    a project keeps more.
    """

    def get_or_create_user(self, request: HttpRequest, saml_response: Any, saml_attributes: Any) -> Any:
        request.session[NOTED] = request.noted = {
            "kvk": self.get_legal_subject_kvk(saml_attributes),
            "rsin": self.get_legal_subject_rsin(saml_attributes),
            "name_id": saml_response.get_nameid_data(),
            "levels": saml_response.get_authn_contexts(),
            "session_index": saml_response.get_session_index(),
            "attributes": saml_attributes,
        }
        return super().get_or_create_user(request, saml_response, saml_attributes)


@receiver(user_logged_in)
def _keep_note(request: HttpRequest, **_: object) -> None:
    """Django empties the session when another user logs in."""
    request.session[NOTED] = request.noted
