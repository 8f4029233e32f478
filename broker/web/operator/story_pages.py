"""The pages of stories, and of a login of which the choices stand in its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.operator.pages import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One login of a story."""

    label: Annotated[Text, "what the button reads"]
    action: Annotated[str, "POST: begins it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story."""

    key: Annotated[str, "its name in addresses"]
    title: Annotated[Text, "what it is about"]
    seen: Annotated[Text, "what to look at"]
    why: Annotated[Text, "the reason"]
    acts: Annotated[tuple[Act, ...], "its logins; empty when the demo is not there"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories(Operator):
    """Stories to show, each one click away."""

    template: ClassVar[str] = "operator/stories.html"
    stories: Annotated[tuple[Story, ...], "in the order to tell them"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLogin(Operator):
    """A login of which the choices stand in the address of this page: a button begins it."""

    template: ClassVar[str] = "operator/log_in.html"
    choices: Annotated[tuple[tuple[Text, str], ...], "what was chosen beforehand"]
    action: Annotated[str, "POST: begins it"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    problem: Annotated[Text | None, "why it cannot begin"] = None
