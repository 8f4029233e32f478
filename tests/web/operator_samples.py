"""Every page of the operator's area with values as they occur."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.metadata_report import Remark
from broker.web.operator import pages, story_pages

ENTITY_ID = "urn:etoegang:DV:00000099000000140000:entities:9001"
FRAME = {
    "start_url": "/operator_index",
    "sections": (
        pages.Section(
            name=Text("Dienstverleners", "Service providers"),
            about=Text("Registreer uw dienst.", "Register your service."),
            url="/operator_service_providers",
            is_current=True,
        ),
        pages.Section(
            name=Text("Berichten", "Messages"), about=Text("Bekijk berichten.", "See messages."), url="/operator_index"
        ),
    ),
}
HIDDEN = {"csrf_token": "c5rf"}


def _remark(rule: str, severity: Severity, line: int | None) -> Remark:
    return Remark(
        rule=rule,
        severity=severity,
        meaning=Text("Een sleutel heeft geen KeyName.", "A key has no KeyName."),
        clause="etd DV metadata for HM: KeyDescriptor; etd Digital signature: KeyName",
        where="SPSSODescriptor/KeyDescriptor[2]",
        line=line,
        detail="no KeyName; messages name their key by it",
        advice=Text("Geef de sleutel een KeyName.", "Give the key a KeyName."),
    )


REMARKS = (_remark("EH-REG-14", Severity.WARNING, 12), _remark("EH-REG-13", Severity.WARNING, None))
CERTIFICATES = (
    pages.Certificate(use=Text("ondertekenen", "signing"), key_name="6" * 64, valid_until=date(2027, 12, 31)),
    pages.Certificate(
        use=Text("versleutelen", "encryption"),
        key_name="a" * 64,
        valid_until=date(2026, 1, 31),
        problem=Text("verlopen", "expired"),
    ),
)
SERVICES = (
    pages.Service(
        index=9001,
        service_id="urn:etoegang:DV:00000099000000140000:services:9001",
        name=Text("Bouwvergunning aanvragen", "Apply for a building permit"),
        level="EH3",
    ),
    pages.Service(index=2, service_id=None, name=Text("Iets anders", "Something else")),
)
PROVIDER = pages.Registered(
    entity_id=ENTITY_ID,
    name=Text("Gemeente Voorbeeldstad", "Municipality of Voorbeeldstad"),
    url="/operator_service_provider",
    registered_on=date(2026, 11, 23),
    services=SERVICES,
    certificates=CERTIFICATES,
    dialect=Text("1.13 of 1.11, volgens het adres", "1.13 or 1.11, by the address"),
    strictness=Text("soepel", "leniently"),
    remarks=REMARKS,
)
UNUSABLE = pages.Registered(
    entity_id="https://portaal.invalid/eherkenning/metadata/" + "x" * 60,
    name=Text("Portaal", "Portal"),
    url="/operator_service_provider",
    registered_on=date(2026, 11, 23),
    services=(),
    certificates=(),
    dialect=Text("flat", "flat"),
    strictness=Text("streng", "strictly"),
    remarks=(_remark("EH-REG-45", Severity.ERROR, 1),),
    is_usable=False,
)


def _form(text: str = "") -> pages.RegistrationForm:
    return pages.RegistrationForm(action="/posted", hidden=HIDDEN, text=text)


def _of(provider: pages.Registered) -> pages.ServiceProvider:
    return pages.ServiceProvider(
        **FRAME,
        done=("Gemeente Voorbeeldstad is geregistreerd.",),
        provider=provider,
        needed=(
            pages.Copyable(name=Text("Metadata", "Metadata"), value="http://localhost:8080/broker/metadata/1.13"),
            pages.Copyable(name=Text("KeyName", "KeyName"), value="f" * 64),
        ),
        consumers=("http://127.0.0.1:8082/acs/gemeente",),
        options=(pages.Option(name="intermediary_name", value=Text("encrypted", "encrypted")),),
        remove_url="/operator_remove",
    )


STORY = story_pages.Story(
    key="chain",
    title=Text("Namens een klant", "On behalf of a client"),
    seen=Text("Fleur logt in namens een klant.", "Fleur logs in on behalf of a client."),
    why=Text("De klant heeft het kantoor gemachtigd.", "The client authorised the office."),
    acts=(
        story_pages.Act(label=Text("Laat zien", "Show"), action="/posted"),
        story_pages.Act(label=Text("Kies zelf", "Choose yourself"), action="/posted"),
    ),
)
CHOICES = ((Text("Begint bij", "Begins at"), "http://127.0.0.1:8082/login/gemeente?service=9001"),)

OPERATOR_PAGES: Mapping[str, pages.Operator] = {
    "operator_index": pages.Index(**FRAME),
    "operator_service_providers": pages.ServiceProviders(**FRAME, entries=(PROVIDER, UNUSABLE), form=_form()),
    "operator_registration_refused": pages.RegistrationRefused(
        **FRAME, form=_form(text="<md:EntityDescriptor/>"), remarks=(_remark("EH-REG-42", Severity.ERROR, 3),)
    ),
    "operator_stories": story_pages.Stories(
        **FRAME, stories=(STORY, replace(STORY, key="expired", acts=())), hidden=HIDDEN
    ),
    "operator_log_in": story_pages.PreparedLogin(**FRAME, choices=CHOICES, action="/posted", hidden=HIDDEN),
    "operator_log_in_refused": story_pages.PreparedLogin(
        **FRAME,
        choices=CHOICES,
        action="/posted",
        hidden=HIDDEN,
        problem=Text("Er is geen inlogmiddel met dit kenmerk.", "There are no means with this id."),
    ),
    "operator_service_provider": _of(PROVIDER),
    "operator_service_provider_unusable": _of(UNUSABLE),
    "operator_remove": pages.RemoveServiceProvider(
        **FRAME,
        name=Text("Gemeente Voorbeeldstad", "Municipality of Voorbeeldstad"),
        entity_id=ENTITY_ID,
        action="/posted",
        hidden={**HIDDEN, "entity_id": ENTITY_ID},
        back_url="/operator_service_provider",
    ),
}
