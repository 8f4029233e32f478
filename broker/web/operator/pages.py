"""One dataclass per template of the operator's area, as in `broker.web.pages`.

Index                 what there is to do
ServiceProviders      who is registered, and a form to register somebody
RegistrationRefused   what is wrong with metadata, and the form as it was filled in
ServiceProvider       one that is registered: what the other side needs, findings, facts
RemoveServiceProvider asks whether to go on
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.rules.metadata_report import Remark
from broker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the area."""

    name: Annotated[Text, "what it is called"]
    about: Annotated[Text, "what it is for, in one sentence"]
    url: Annotated[str, "its first page"]
    is_current: Annotated[bool, "whether this page is part of it"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Page):
    """What every page of the area has."""

    start_url: Annotated[str, "the first page of the area"]
    sections: Annotated[tuple[Section, ...], "all parts of the area"]
    done: Annotated[tuple[str, ...], "what was done just now, in sentences in the language of the page"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Operator):
    """The first page: the sections, each with what it is for."""

    template: ClassVar[str] = "operator/index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationForm:
    """Metadata to register, from one of three sources. Fields: `file`, `address`, `text`, and those that are hidden."""

    action: Annotated[str, "POST, as multipart/form-data"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    address: Annotated[str, "the web address that was typed"] = ""
    text: Annotated[str, "the metadata that was pasted, or stood in the file"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate of the metadata."""

    use: Annotated[Text, "what it is for"]
    key_name: Annotated[str, "its KeyName"]
    valid_until: Annotated[date, "its last day in the Netherlands"]
    problem: Annotated[Text | None, "why it needs attention"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the metadata."""

    index: Annotated[int, "AttributeConsumingServiceIndex"]
    service_id: Annotated[str | None, "ServiceID, if the metadata has one"]
    name: Annotated[Text, "as the catalogue calls it, or else the metadata"]
    level: Annotated[str | None, "level of assurance by the catalogue; None when no catalogue has the service"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered service provider, as the list and its own page show it."""

    entity_id: Annotated[str, "EntityID"]
    name: Annotated[Text, "display name"]
    url: Annotated[str, "its own page"]
    registered_on: Annotated[date, "day in the Netherlands"]
    services: Annotated[tuple[Service, ...], "its services"]
    certificates: Annotated[tuple[Certificate, ...], "its certificates"]
    dialect: Annotated[Text, "in which form it is answered"]
    strictness: Annotated[Text, "how its requests are judged"]
    remarks: Annotated[tuple[Remark, ...], "findings in the metadata as it is now"]
    is_usable: Annotated[bool, "whether it can log in; if not, the one remark says why"] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProviders(Operator):
    """Who is registered, and a form to register somebody."""

    template: ClassVar[str] = "operator/service_providers.html"
    entries: Annotated[tuple[Registered, ...], "by EntityID"]
    form: Annotated[RegistrationForm, "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRefused(Operator):
    """Nothing was registered, and why. Either there are remarks about metadata, or what was filled in is not enough."""

    template: ClassVar[str] = "operator/registration_refused.html"
    form: Annotated[RegistrationForm, "as it was filled in"]
    remarks: Annotated[tuple[Remark, ...], "what is wrong with the metadata"] = ()
    incomplete: Annotated[Text | None, "what is wrong with the form"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copyable:
    """Something that the other side must know."""

    name: Annotated[Text, "what it is"]
    value: Annotated[str, "to copy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting of a service provider as it is in force."""

    name: Annotated[str, "as the settings file has it"]
    value: Annotated[Text, "what it is"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProvider(Operator):
    """One that is registered."""

    template: ClassVar[str] = "operator/service_provider.html"
    provider: Annotated[Registered, "the service provider"]
    needed: Annotated[tuple[Copyable, ...], "what the other side must know of this broker"]
    consumers: Annotated[tuple[str, ...], "the addresses that answers may go to"]
    options: Annotated[tuple[Option, ...], "settings in force"]
    remove_url: Annotated[str, "GET: asks whether to remove it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveServiceProvider(Operator):
    """Asks whether to go on."""

    template: ClassVar[str] = "operator/remove_service_provider.html"
    name: Annotated[Text, "display name"]
    entity_id: Annotated[str, "EntityID"]
    action: Annotated[str, "POST: removes it"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    back_url: Annotated[str, "its own page"]
