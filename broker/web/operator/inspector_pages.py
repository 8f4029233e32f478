"""The page of the inspector. What an inspection tells is shown by `operator/inspection.html`, wherever one is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.inspection.inspected import Inspection
from broker.web.operator.pages import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionForm:
    """What to inspect. Fields: `file` or `text`, `request_file` or `request`, `metadata_file` and `metadata`, `key`,
    `at`, `own`, and hidden ones.

    The key is never filled in again: it is in no answer.
    """

    action: Annotated[str, "POST, as multipart/form-data"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    text: Annotated[str, "what was pasted, or stood in the file"] = ""
    request: Annotated[str, "the request that the message answers, pasted or from a file"] = ""
    metadata: Annotated[str, "metadata that was pasted, or stood in the files"] = ""
    at: Annotated[str, "when the message arrived, as typed"] = ""
    own: Annotated[bool, "use what this simulator knows too"] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why nothing could be inspected."""

    what: Annotated[Text, "what is the matter"]
    advice: Annotated[Text, "what to do"]
    field: Annotated[str, "id of the field to go to"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One message of several."""

    number: Annotated[int, "posted as `number`"]
    label: Annotated[str, "where it was in the export"]
    kind: Annotated[str, "what it is; empty when it cannot be read"]
    is_shown: Annotated[bool, "whether it is the one below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector(Operator):
    """Paste or upload a message; below it what there is to say about it."""

    template: ClassVar[str] = "operator/inspector.html"
    form: Annotated[InspectionForm, "as it was filled in"]
    problem: Annotated[Problem | None, "why nothing could be inspected"] = None
    choices: Annotated[tuple[Choice, ...], "all messages, when there are several"] = ()
    inspection: Annotated[Inspection | None, "what there is to say"] = None
