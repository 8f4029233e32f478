"""InclusiveNamespaces: real senders use it, and it must neither cost nor hide anything."""

import pytest
import xmlsec
from lxml import etree

from broker.saml import document, names, signature
from broker.saml.faults import SignatureReason

from . import donors
from .donors import DS, ENVELOPED, SIGNATURE, Recipe, inclusive, signed
from .keyring import NOW
from .receiver import refusal


@pytest.mark.parametrize(
    "prefixes", ["xs", "xacml-saml", "xs xs xs", "xs nope", "#nope", "ds", "xml", "saml samlp xs xsi", "\t xs \n"]
)
def test_a_prefix_list_is_honoured(prefixes, sender):
    recipe = Recipe(transforms=(ENVELOPED, inclusive(prefixes)))
    trusted = signature.verify(signed(sender, recipe), [sender.verification], NOW)
    assert (trusted.nsmap.get("xs") == names.XS) == ("xs" in prefixes.split())


def test_a_prefix_list_for_the_signed_info_is_honoured(sender):
    root = donors.unsigned()
    made = donors.template("#_response")
    made[0][0].append(etree.fromstring(str(inclusive("xs saml")))[0])
    root.insert(1, made)
    context = xmlsec.SignatureContext()
    context.key = sender.signing.key
    context.register_id(root, "ID")
    context.sign(made)
    received = document.read(document.write(root))
    assert signature.verify(received, [sender.verification], NOW).get("ID") == "_response"


@pytest.mark.parametrize("declared_by", ["itself", "an ancestor"])
def test_a_prefix_that_only_xsi_type_uses_survives_when_it_is_listed(declared_by, sender):
    """Without the list exclusive canonicalisation drops it, and the signed content could not be schema-validated."""
    outside, inside = (f'xmlns:xs="{names.XS}"', "") if declared_by == "an ancestor" else ("", f'xmlns:xs="{names.XS}"')
    value = f'<v xmlns:xsi="{names.XSI}" xsi:type="xs:int">1</v>'
    text = f'<o xmlns="urn:o" {outside}><r xmlns="urn:r" {inside} ID="_r">{value}</r></o>'
    for prefixes, kept in ((("xs",), names.XS), ((), None)):
        root = etree.fromstring(text)
        signature.sign(root[0], sender.signing, position=signature.FIRST, prefixes=prefixes)
        received = document.read(document.write(root))[0]
        trusted = signature.verify(received, [sender.verification], NOW, position=signature.FIRST)
        assert trusted.nsmap.get("xs") == kept


def test_the_default_namespace_in_a_prefix_list_is_harmless_without_one_and_refused_with_one(sender):
    """lxml cannot canonicalise `#default`; what cannot be rebuilt is not trusted."""
    recipe = Recipe(transforms=(ENVELOPED, inclusive("#default xs")))
    assert signature.verify(signed(sender, recipe), [sender.verification], NOW) is not None
    root = etree.fromstring(
        f'<samlp:Response xmlns:samlp="{names.SAMLP}" xmlns="urn:d" ID="_r"><a xmlns="urn:e"/></samlp:Response>'
    )
    donors.sign(root, sender, recipe)
    assert donors.libxmlsec_accepts(root, sender)
    assert refusal(document.read(document.write(root)), sender) is SignatureReason.DIGEST


@pytest.mark.parametrize("prefixes", [["xs"] * 10_000, [f"p{number}" for number in range(10_000)], ["xs"] * 17])
def test_a_long_prefix_list_is_refused_before_it_costs_anything(prefixes, sender):
    for path in ("Reference/{0}Transforms/{0}Transform[2]", "CanonicalizationMethod"):
        received = signed(sender)
        method = received.find(f"{SIGNATURE}/{DS}SignedInfo/{DS}{path.format(DS)}")
        method.append(etree.fromstring(str(inclusive(" ".join(prefixes))))[0])
        assert refusal(received, sender) is SignatureReason.TRANSFORMS


@pytest.mark.parametrize(
    "content",
    [
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}"/>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs" Other="x"/>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs"><x/></ec:InclusiveNamespaces>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs"/>' * 2,
        '<InclusiveNamespaces PrefixList="xs"/>',
        "<ds:XPath>self::node()</ds:XPath>",
    ],
)
def test_SIG_24_parameters_of_the_canonicalisation(content, sender):
    received = signed(sender)
    wrapped = etree.fromstring(f'<w xmlns:ds="{names.DS}">{content}</w>')
    received[1][0][2][0][1].extend(list(wrapped))
    assert refusal(received, sender) is SignatureReason.TRANSFORMS
