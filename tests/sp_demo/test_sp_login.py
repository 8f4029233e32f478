"""Logins that succeed: what the portal sends, and what it makes of a valid answer."""

import pytest
from lxml import html

from sp_demo.app import create_app
from tests.sp_demo import wire_broker
from tests.sp_demo.visit import OINS, Visit, heading
from tests.sp_demo.wire_messages import KVK, PrefixSigner, Signer, SilentSigner, envelope, tag

CLIENT = "KvK-nummer 90004566, RSIN 999991073"
INTERMEDIARY = "Voorbeeld Accountants (KvK-nummer 90001354)"


def facts(page):
    rows = html.fromstring(page.text).findall(".//table//tr")
    return {row.findtext("th"): [value.text for value in row.findall("td/div")] for row in rows}


def test_the_request_is_signed_and_asks_for_the_service(visit):
    sent = visit.begin(service=9002)
    request = wire_broker.verified(sent.request, visit.pki["kvk-signing"])
    assert request.tag == tag("samlp:AuthnRequest")
    assert dict(request.attrib) == {
        "ID": sent.request.get("ID"),
        "Version": "2.0",
        "IssueInstant": request.get("IssueInstant"),
        "Destination": visit.broker.sso_url,
        "ForceAuthn": "true",
        "AssertionConsumerServiceIndex": "0",
        "AttributeConsumingServiceIndex": "9002",
        "ProviderName": "Portaal kvk",
    }
    issuer = request.find(tag("saml:Issuer"))
    assert issuer.text == f"urn:etoegang:DV:{OINS['kvk']}:entities:9001"
    assert not issuer.attrib
    assert sent.address == visit.broker.sso_url
    assert 1 <= len(sent.relay_state.encode()) <= 80


def test_messages_name_their_key_and_carry_no_certificate(visit):
    sent = visit.begin()
    visit.finish(sent, visit.answer(sent))
    resolve = visit.broker.resolves[0].message
    for message in (sent.request, resolve):
        info = message.find(f"{tag('ds:Signature')}/{tag('ds:KeyInfo')}")
        assert [child.tag for child in info] == [tag("ds:KeyName")]
        assert info[0].text == visit.pki["kvk-signing"].name
        method = message.find(f".//{tag('ds:SignatureMethod')}").get("Algorithm")
        assert method == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def test_the_artifact_is_resolved_with_a_signed_message_in_plain_soap(visit):
    sent = visit.begin()
    artifact = visit.hand_out(visit.answer(sent))
    visit.come_back(sent, artifact)
    (received,) = visit.broker.resolves
    assert received.content_type == "text/xml; charset=UTF-8"
    resolve = wire_broker.verified(received.message, visit.pki["kvk-signing"])
    assert resolve.findtext(tag("samlp:Artifact")) == artifact
    assert resolve.get("Destination") == f"{visit.broker.url}/broker/ars/1.13"
    assert resolve.get("ID") != sent.request.get("ID")


def test_a_direct_login(visit):
    sent = visit.begin()
    answer = visit.answer(sent)
    page = visit.finish(sent, answer)
    assert page.status_code == 200
    assert heading(page) == f"U handelt namens {CLIENT}"
    known = facts(page)
    assert known["Handelende persoon (pseudoniem)"] == [answer.acting]
    assert known["Vertegenwoordigde organisatie"] == ["KvK-nummer 90004566", "RSIN 999991073"]
    assert known["Betrouwbaarheidsniveau"] == ["EH3"]
    assert known["Dienst (ServiceID)"] == [answer.provider.service_id]
    assert known["Kenmerk van de vraag"] == [sent.request.get("ID")]
    assert known["Kenmerk van de verklaring"] == [answer.assertion_id]
    assert "Intermediair" not in known
    assert "Alleen voor vestiging" not in known


def test_a_login_on_behalf_of_a_client_with_three_statements_in_advice(visit):
    sent = visit.begin()
    page = visit.finish(sent, visit.chain_answer(sent))
    assert heading(page) == f"U handelt namens {CLIENT} via {INTERMEDIARY}"
    known = facts(page)
    assert known["Intermediair"] == [INTERMEDIARY]
    parties = [issuer.split(":")[2] for issuer in known["Meegestuurde verklaringen van"]]
    assert parties == ["AD", "MR", "MR"]
    # Advice names other subjects and attributes too; none of them may be taken for the portal's own
    assert known["Vertegenwoordigde organisatie"] == ["KvK-nummer 90004566", "RSIN 999991073"]
    assert "Representation" not in page.text


def test_an_intermediary_without_a_name_is_called_by_its_number(visit):
    def no_name(response):
        statement = response.find(f".//{tag('saml:AttributeStatement')}")
        statement.remove(statement.find(tag("saml:EncryptedAttribute")))

    sent = visit.begin()
    page = visit.finish(sent, visit.answer(sent).but(intermediary=("90001354", "x"), edit=no_name))
    assert heading(page) == f"U handelt namens {CLIENT} via KvK-nummer 90001354"


def test_a_branch_restriction_is_shown(visit):
    sent = visit.begin("gemeente")
    page = visit.finish(sent, visit.answer(sent, "gemeente").but(branch="000012345678"), "gemeente")
    assert facts(page)["Alleen voor vestiging"] == ["000012345678"]


def test_a_higher_level_than_needed_is_accepted(visit):
    sent = visit.begin(service=9002)
    page = visit.finish(sent, visit.answer(sent, service=9002).but(level="loa4"))
    assert facts(page)["Betrouwbaarheidsniveau"] == ["EH4"]


def test_every_signing_key_in_the_metadata_may_be_used(visit):
    sent = visit.begin()
    page = visit.finish(sent, visit.answer(sent).but(signer=Signer(visit.pki["broker_next"])))
    assert heading(page).startswith("U handelt namens")


def test_a_signature_need_not_name_its_key(visit):
    sent = visit.begin()
    page = visit.finish(sent, visit.answer(sent).but(signer=SilentSigner(visit.pki["broker"])))
    assert heading(page).startswith("U handelt namens")


@pytest.mark.parametrize("prefixes", [("xs",), ("xs", "xacml-saml"), ("#default", "saml")])
def test_canonicalization_may_list_prefixes(visit, prefixes):
    sent = visit.begin()
    page = visit.finish(sent, visit.chain_answer(sent).but(signer=PrefixSigner(visit.pki["broker"], prefixes=prefixes)))
    assert heading(page).startswith("U handelt namens")


def test_a_message_may_be_laid_out_with_white_space(visit):
    def indented(response):
        for position, part in enumerate(response.iter()):
            if len(part):
                part.text = "\n" + " " * (position % 7)
            part.tail = "\n  " if part is not response else None

    sent = visit.begin()
    page = visit.finish(sent, visit.chain_answer(sent).but(edit=indented))
    assert heading(page).startswith("U handelt namens")


def test_an_artifact_by_post_comes_again_by_get_because_the_cookie_is_missing(visit):
    sent = visit.begin()
    artifact = visit.hand_out(visit.answer(sent))
    form = {"SAMLart": artifact, "RelayState": sent.relay_state}
    # a form posted from another site carries no Lax cookie
    step = visit.another_browser().post("/acs/kvk", data=form)
    assert step.status_code == 303
    assert visit.broker.resolves == []
    page = visit.get(visit.get(step.location).location)
    assert heading(page).startswith("U handelt namens")


def test_the_endpoint_index_of_the_artifact_chooses_the_address(visit):
    sent = visit.begin()
    answer = visit.answer(sent)
    artifact = visit.broker.artifact(lambda resolve_id: envelope(answer.artifact_response(resolve_id)), index=16)
    assert heading(visit.come_back(sent, artifact)).startswith("U handelt namens")
    assert visit.broker.resolves[0].path == "/broker/ars/1.13/1"


def test_soap_with_the_other_content_type(settings_file, broker, pki):
    settings_file.write_text('soap_content_type = "application/soap+xml"\n' + settings_file.read_text())
    broker.content_type = "application/soap+xml"
    visit = Visit(create_app(settings_file).test_client(), broker, pki)
    sent = visit.begin()
    assert heading(visit.finish(sent, visit.answer(sent))).startswith("U handelt namens")
    assert broker.resolves[0].content_type == "application/soap+xml; charset=UTF-8"


def test_the_same_person_for_another_client_replaces_the_session(visit):
    first = visit.begin()
    visit.finish(first, visit.answer(first))
    old_cookie = visit.browser.get_cookie("sp_demo_session", domain="127.0.0.1").value
    second = visit.begin()
    page = visit.finish(second, visit.answer(second).but(legal=((KVK, "90009999"),)))
    assert heading(page) == "U handelt namens KvK-nummer 90009999"
    thief = visit.another_browser()
    thief.browser.set_cookie("sp_demo_session", old_cookie, domain="127.0.0.1")
    assert heading(thief.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"


def test_each_portal_has_a_session_of_its_own(visit):
    first = visit.begin("kvk")
    visit.finish(first, visit.answer(first))
    second = visit.begin("gemeente")
    visit.finish(second, visit.answer(second, "gemeente").but(legal=((KVK, "90009999"),)), "gemeente")
    assert heading(visit.get("/portal/kvk")) == f"U handelt namens {CLIENT}"
    assert heading(visit.get("/portal/gemeente")) == "U handelt namens KvK-nummer 90009999"


def test_two_logins_at_the_same_time_in_one_browser(visit):
    first, second = visit.begin(), visit.begin("gemeente")
    answer = visit.answer(second, "gemeente")
    assert heading(visit.finish(second, answer, "gemeente")).startswith("U handelt namens")
    assert heading(visit.finish(first, visit.answer(first))).startswith("U handelt namens")


def test_logging_out_ends_the_session(visit):
    sent = visit.begin()
    visit.finish(sent, visit.answer(sent))
    cookie = visit.browser.get_cookie("sp_demo_session", domain="127.0.0.1").value
    assert visit.post("/logout/kvk").status_code == 303
    assert heading(visit.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"
    visit.browser.set_cookie("sp_demo_session", cookie, domain="127.0.0.1")
    assert heading(visit.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"


def test_the_broker_need_not_run_when_the_portals_start(settings_file, broker, pki):
    broker.http_status = 503
    visit = Visit(create_app(settings_file).test_client(), broker, pki)
    assert visit.get("/").status_code == 200
    assert visit.begin().address == broker.sso_url


def test_in_english(visit):
    visit.get("/?lang=en")
    sent = visit.begin()
    page = visit.finish(sent, visit.chain_answer(sent))
    assert heading(page).startswith("You are acting on behalf of KvK number 90004566, RSIN 999991073 via Voorbeeld")
    assert sent.request.get("ProviderName") == "Portal kvk"
