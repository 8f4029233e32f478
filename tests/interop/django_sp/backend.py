"""The library's backend, with a note in the session of what its own readers found in the assertion."""

from typing import Any

from digid_eherkenning.backends import eHerkenningBackend
from django.http import HttpRequest


class NotingBackend(eHerkenningBackend):
    """Logs in exactly as the shipped backend does; afterwards keeps the attributes for `/whoami`.

    The shipped backend throws everything but the RSIN away; overriding `get_or_create_user` is how
    a project keeps more.
    """

    def get_or_create_user(self, request: HttpRequest, saml_response: Any, saml_attributes: Any) -> Any:
        found = super().get_or_create_user(request, saml_response, saml_attributes)
        request.session["eherkenning"] = {
            "kvk": self.get_legal_subject_kvk(saml_attributes),
            "rsin": self.get_legal_subject_rsin(saml_attributes),
            "name_id": saml_response.get_nameid_data(),
            "levels": saml_response.get_authn_contexts(),
            "session_index": saml_response.get_session_index(),
            "attributes": saml_attributes,
        }
        return found
