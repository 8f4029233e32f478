"""The ways through the Beheermodule: what takes several steps; `Visitor` presses whatever else there is to press."""

import threading
from urllib.parse import parse_qsl, urlencode, urlsplit

from broker.core.administration.batch_file import ALL_SERVICES, COLUMNS
from broker.core.clock import amsterdam_date
from broker.core.organisations import MeansType
from broker.core.validity import years_later
from tests.crawl.journey import Journey, managing
from tests.flow.register import changing, in_use

TAX, KVK, UWV = "00000099000000110000", "00000099000000120000", "00000099000000130000"
ONE_SIGNS, TWO_SIGN, ABROAD, WITH_MEANS = "90006577", "69599068", "69599076", "68727720"
INVITED = (
    (TWO_SIGN, TAX, "signs@klant.example"),
    (TWO_SIGN, KVK, "signs-not@klant.example"),
    (ABROAD, KVK, "wrong@klant.example"),
    (WITH_MEANS, KVK, "means@klant.example"),
    (WITH_MEANS, UWV, "means@klant.example"),
)
"""Whom the office invites besides, for what, and where the mail goes."""


def managed(journey: Journey) -> None:
    """Issuing, relations and couplings."""
    visitor, base = journey.visitor, f"{journey.network.broker}/beheer"
    managing(journey, "fleur-eh3")
    page = visitor.press(visitor.open(f"{base}/afgeven"), "broker GET management.issue_scope", number="00010001")
    page = visitor.press(page, "broker GET management.issue_terms", kind="all")
    page = visitor.press(page, "broker GET management.issue_confirm")
    visitor.press(page, "broker POST management.issue_now")
    page = visitor.press(
        visitor.open(f"{base}/relaties/nieuw"), "broker GET management.check_relation", number="00010035"
    )
    visitor.press(page, "broker POST management.add_relation")
    page = visitor.open(f"{base}/koppelen")
    page = visitor.press(page, "broker GET management.check_bulk", means=("fleur-eh3",), q="kaasmakerij")
    visitor.press(page, "broker POST management.run_bulk")
    page = visitor.open(f"{base}/ontkoppelen")
    page = visitor.press(page, "broker GET management.check_bulk_end", means=("fleur-eh3",), q="kaasmakerij")
    visitor.press(page, "broker POST management.run_bulk_end")
    (path, *_) = visitor.open(f"{base}/ontvangen?status=active").document.xpath("//ul[@class='rows']/li/a/@href")
    mandate = f"{journey.network.broker}{path}"
    visitor.open(f"{mandate}/geschiedenis")
    page = visitor.open(f"{mandate}/koppelen")
    means, *_ = page.document.xpath("//input[@name='means']/@value")
    visitor.press(page, "broker POST management.coupled", means=(means,))
    page = visitor.open(mandate)
    for _ in ("first", "second, of what is not so any more"):
        visitor.press(page, "broker POST management.change_coupling")


def invited_one_by_one(journey: Journey) -> None:
    """All steps for one client, the last step alone for others; one mail comes back and goes to a better address."""
    visitor, base = journey.visitor, f"{journey.network.broker}/beheer"
    managing(journey, "fleur-eh3")
    page = visitor.press(visitor.open(f"{base}/uitnodigen"), "broker GET management.invite_scope", number=ONE_SIGNS)
    page = visitor.press(page, "broker GET management.invite_terms", kind="providers", provider=(KVK,))
    visitor.press(page, "broker GET management.invite_confirm")  # nothing was filled in
    page = visitor.press(page, "broker GET management.invite_confirm", email="agrees@klant.example")
    asked = dict(parse_qsl(urlsplit(page.response.url).query))
    visitor.press(page, "broker POST management.invite_now")
    for number, provider, email in INVITED:
        query = urlencode(asked | {"number": number, "provider": provider, "email": email})
        page = visitor.open(f"{base}/uitnodigen/controleren?{query}")
        page = visitor.press(page, "broker POST management.invite_now")
        if number == ABROAD:
            visitor.press(journey.mailed_to(email), "broker POST operator.mailbox.bounce")
            visitor.press(visitor.open(page.url), "broker POST management.send_again", email="none")
            visitor.press(visitor.open(page.url), "broker POST management.send_again", email="declines@klant.example")


def invited_from_a_file(journey: Journey) -> None:
    """A file with a row that is right and rows that are not; it is gone through in a thread of the broker."""
    visitor, place = journey.visitor, f"{journey.network.broker}/beheer/uitnodigingen/reeksen"
    managing(journey, "fleur-eh3")
    last = years_later(amsterdam_date(journey.network.clock()), 1)
    row = f"00010035;file@klant.example;;{ALL_SERVICES};EH3;{last:%d-%m-%Y};nl;=1+1"
    file = "\n".join((";".join(COLUMNS), row, row, row.replace("00010035", "12345678")))
    page = visitor.press(
        visitor.open(place), "broker POST management.upload_batch", files={"file": ("clients.csv", file.encode())}
    )
    for _ in ("checked, and carried out by `Visitor`", "done"):
        _wait_for_the_clerk()
        visitor.open(page.url)


def _wait_for_the_clerk() -> None:
    for thread in threading.enumerate():
        if thread.name == "clerk":
            thread.join(30)


def answered_with_means(journey: Journey) -> None:
    """A manager of the client declines the second request that waits; `Visitor` agreed to the first."""
    visitor, place = journey.visitor, f"{journey.network.broker}/beheer/uitnodigingen"
    managing(journey, "gijs-eh3")
    *_, second = visitor.open(place).document.xpath("//a[contains(@href, '/uitnodigingen/ontvangen/')]/@href")
    visitor.press(visitor.open(journey.network.broker + second), "broker POST management.decline_invitation")


def at_the_door(journey: Journey) -> None:
    """Who has no session, who is no manager, and whose means will not do."""
    visitor, base, store = journey.visitor, f"{journey.network.broker}/beheer", journey.network.simulator.store
    visitor.open(f"{base}/overzicht")
    page = managing(journey, "bram-eh2plus")
    visitor.post(page, f"{base}/acs", {"SAMLart": "AAQAAA"})  # who is in already goes on
    visitor.press(page, "broker POST management.logout")
    managing(journey, "karel-eh4")
    visitor.open(f"{base}/overzicht")
    with changing(store) as changes:
        changes.make(in_use(store, "karel-eh4").means, type=MeansType.EH3_BELASTINGDIENST)
        visitor.open(f"{base}/mijn-koppelingen")
