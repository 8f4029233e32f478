"""What can be done to a signed message as a tree.

Every operation takes the random source, the root and roots of other genuine messages, which it leaves as they are, and
changes the tree under the root. It may find nothing to do. An operation is a point in a space of attacks, so it takes
each choice at random: which element, where to, with which ID.
"""

import copy
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from broker.saml import names

SIGNATURE = f"{{{names.DS}}}Signature"
SAML, SAMLP, DS = f"{{{names.SAML}}}", f"{{{names.SAMLP}}}", f"{{{names.DS}}}"
_PREFIX_OF = {uri: prefix for prefix, uri in names.PREFIXES.items()}
Tree = etree._Element
Operation = Callable[[Random, Tree, Sequence[Tree]], None]

WRAPPERS = (
    *(f"{SAMLP}{name}" for name in ("Extensions", "StatusDetail", "Response", "ArtifactResponse")),
    *(f"{SAML}{name}" for name in ("Advice", "Assertion", "EncryptedAssertion", "Subject", "AttributeValue")),
    *(f"{DS}{name}" for name in ("Object", "Signature", "SignedInfo", "KeyInfo", "Manifest")),
    *(f"{{{names.MD}}}{name}" for name in ("Extensions", "EntitiesDescriptor", "EntityDescriptor")),
    *(f"{{{names.SOAP}}}{name}" for name in ("Header", "Body", "Envelope")),
    "x",
)
# Where a schema allows anything: in which element, the name of what holds it, and its place (None: last).
HIDING_PLACES: dict[str, tuple[tuple[str, int | None], ...]] = {
    SIGNATURE: ((f"{DS}Object", None), (f"{DS}Object", None), (f"{DS}KeyInfo", None)),
    f"{SAMLP}Response": ((f"{SAMLP}Extensions", 2), (f"{SAMLP}Extensions", 1)),
    f"{SAMLP}AuthnRequest": ((f"{SAMLP}Extensions", 2), (f"{SAMLP}Extensions", 1)),
    f"{SAMLP}Status": ((f"{SAMLP}StatusDetail", None),),
    f"{SAML}Assertion": ((f"{SAML}Advice", 4), (f"{SAML}Advice", 3)),
    f"{SAML}Attribute": ((f"{SAML}AttributeValue", None),),
    f"{{{names.SOAP}}}Envelope": ((f"{{{names.SOAP}}}Header", 0),),
    f"{{{names.MD}}}EntityDescriptor": ((f"{{{names.MD}}}Extensions", 1), (f"{{{names.MD}}}Extensions", 0)),
    f"{{{names.MD}}}EntitiesDescriptor": ((f"{{{names.MD}}}Extensions", 1), (f"{{{names.MD}}}Extensions", 0)),
}
NAMESPACES = (
    *(names.SAML, names.SAMLP, names.DS, names.XENC, names.MD, names.SOAP, names.XSI),
    *("urn:oasis:names:tc:SAML:1.0:assertion", "http://www.w3.org/2000/09/xmldsig", "1", ""),
)
PREFIXES = ("saml", "samlp", "ds", "xs", "xsi", "md", "p", "ns0")
ALGORITHMS = (
    *(names.C14N_EXCLUSIVE, names.C14N_EXCLUSIVE + "WithComments", names.ENVELOPED_SIGNATURE, names.RSA_SHA256),
    *(names.SHA256, names.SHA1, names.AES256_CBC, names.RSA_OAEP),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
)
URIS = ("", "#", "#xpointer(/)", "#xpointer(id('_x'))", "file:///etc/hostname", "http://127.0.0.1:1/", "#_nothing")
ID_ATTRIBUTES = ("ID", "Id", "id", "iD", f"{{{names.XML}}}id", f"{SAMLP}ID", f"{SAML}ID", "AssertionID")
TEXTS = (
    *("", " ", "true", "false", "0", "1", "2.0", "\u200b", "\n", "x" * 300),
    *("urn:etoegang:core:assurance-class:loa4", names.BEARER, names.STATUS_SUCCESS, names.NAMEID_PERSISTENT),
    *("1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-24T00:00:00+14:00"),
)


def elements(root: Tree) -> list[Tree]:
    """Every element from `root` down, without comments and the like."""
    return list(root.iter(etree.Element))


def move(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """An element goes elsewhere."""
    moved = _below(random, root)
    if moved is not None:
        _insert(random, random.choice([root, *_outside(root, moved)]), moved)


def copy_(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """A copy of an element goes elsewhere, perhaps with other IDs."""
    copied = copy.deepcopy(random.choice(elements(root)))
    _perhaps_rename(random, copied)
    _insert(random, random.choice(elements(root)), copied)


def graft(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """A part of another genuine message takes the place of one like it, or comes beside it."""
    lent = copy.deepcopy(random.choice(elements(random.choice(others))))
    lent.tail = None
    _perhaps_rename(random, lent)
    alike = [item for item in elements(root) if item.tag == lent.tag and item is not root]
    if alike and random.random() < 0.7:
        place = random.choice(alike)
        place.getparent().replace(place, lent)
    else:
        _insert(random, random.choice(elements(root)), lent)


def borrow_signature(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """The signature of another genuine message takes the place of one here; its reference may be made to fit."""
    lent = [item for other in others for item in other.iter(SIGNATURE)]
    here = [item for item in root.iter(SIGNATURE) if item.getparent() is not None]
    if lent and here:
        signature, place = copy.deepcopy(random.choice(lent)), random.choice(here)
        parent = place.getparent()
        parent.replace(place, signature)
        reference = signature.find(f"{DS}SignedInfo/{DS}Reference")
        if random.random() < 0.5 and reference is not None:
            _fit(random, parent, reference)


def _fit(random: Random, parent: Tree, reference: Tree) -> None:
    if random.random() < 0.5:
        reference.set("URI", "#" + parent.get("ID", ""))
    elif reference.get("URI"):
        parent.set("ID", reference.get("URI", "").removeprefix("#"))


def forge(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """Signature wrapping: a changed copy stands where something signed was, which is kept somewhere in or near it."""
    signed = [item.getparent() for item in root.iter(SIGNATURE) if item.getparent() is not None]
    if not signed:
        return
    original = random.choice(signed)
    forged, kept = copy.deepcopy(original), copy.deepcopy(original)
    for _ in range(random.randint(1, 3)):
        random.choice((change_content, change_content, graft))(random, forged, others)
    _perhaps_rename(random, forged)
    loser = random.choice((forged, kept, None))
    if loser is not None:
        for item in loser.findall(SIGNATURE):
            _cut(item)
    _become(original, forged)
    hide(random, random.choice((original, root)), kept)


def _become(element: Tree, other: Tree) -> None:
    """`element` gets the attributes and content of `other`."""
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.attrib.update(other.attrib)
    element.text = other.text
    element.extend(list(other))


def hide(random: Random, inside: Tree, hidden: Tree) -> None:
    """`hidden` goes where a schema allows anything, next to what it is like, or anywhere."""
    hidden.tail = None
    holders = list(inside.iter(*HIDING_PLACES))
    alike = [item for item in inside.iter(hidden.tag) if item.getparent() is not None]
    choice = random.random()
    if holders and choice < 0.6:
        holder = random.choice(holders)
        name, place = random.choice(HIDING_PLACES[holder.tag])
        wrapper = _element(name)
        wrapper.append(hidden)
        holder.insert(len(holder) if place is None else place, wrapper)
    elif alike and choice < 0.8:
        beside = random.choice(alike)
        beside.getparent().insert(beside.getparent().index(beside) + random.randint(0, 1), hidden)
    else:
        _insert(random, random.choice(elements(inside)), _perhaps_wrapped(random, hidden))


def change_content(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """A text or an attribute, not of a signature, becomes another one of its kind."""
    inside_signatures = {item for found in root.iter(SIGNATURE) for item in found.iter()}
    held = [(item, None) for item in elements(root) if item.text and not len(item) and item not in inside_signatures]
    held += [(item, name) for item in elements(root) if item not in inside_signatures for name in item.attrib]
    if not held:
        return
    changed, name = random.choice(held)
    alike = [item for other in others for item in other.iter(changed.tag)]
    values = {item.text if name is None else item.get(name) for item in alike} - {None}
    value = random.choice(sorted(str(item) for item in values) or TEXTS)
    if name is None:
        changed.text = value
    else:
        changed.set(name, value)


def wrap(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """An element gets another one around it."""
    wrapped = _below(random, root)
    if wrapped is not None:
        wrapper = _element(random.choice(WRAPPERS))
        wrapped.getparent().replace(wrapped, wrapper)
        wrapper.append(wrapped)


def unwrap(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """The children of an element take its place."""
    unwrapped = _below(random, root)
    if unwrapped is not None:
        parent, place = unwrapped.getparent(), unwrapped.getparent().index(unwrapped)
        children = list(unwrapped)
        _cut(unwrapped)
        parent[place:place] = children


def delete(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """An element is gone."""
    deleted = _below(random, root)
    if deleted is not None:
        _cut(deleted)


def swap(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """Two neighbours change places."""
    first = _below(random, root)
    second = None if first is None else first.getnext()
    if first is not None and second is not None:
        second.addnext(first)


def rename(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """An element gets another name, or its name in another namespace."""
    renamed = random.choice(elements(root))
    local = etree.QName(renamed).localname
    if random.random() < 0.5:
        local = etree.QName(random.choice(elements(random.choice(others)))).localname
    namespace = random.choice((etree.QName(renamed).namespace or "", random.choice(NAMESPACES)))
    renamed.tag = f"{{{namespace}}}{local}" if namespace else local


def rebind(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """An element declares a prefix anew, for the namespace that it stands for already or for another."""
    inside = random.choice(elements(root))
    prefix = random.choice((*PREFIXES, None))
    known = {name for name in inside.nsmap.values() if name}
    namespace = random.choice((*known, *(name for name in NAMESPACES if name)))
    holder = etree.Element(inside.tag, dict(inside.attrib), {prefix: namespace})
    holder.text, holder.tail = inside.text, inside.tail
    parent = inside.getparent()
    if parent is None:
        return
    holder.extend(list(inside))
    parent.replace(inside, holder)


def change_text(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """A text becomes that of another genuine message, something odd, or is broken up."""
    holders = [item for item in elements(root) if item.text and not len(item)] or [root]
    changed = random.choice(holders)
    lent = [item.text for item in elements(random.choice(others)) if item.tag == changed.tag and item.text]
    choice = random.random()
    if lent and choice < 0.5:
        changed.text = random.choice(lent)
    elif choice < 0.7:
        changed.text = random.choice(TEXTS)
    else:
        _break(random, changed)


def _break(random: Random, holder: Tree) -> None:
    """A comment or instruction stands within the text, or the text is written as CDATA."""
    text = holder.text or ""
    place = random.randint(0, len(text))
    choice = random.randint(0, 3)
    if choice == 0 and "]]>" not in text:
        holder.text = etree.CDATA(text)
        return
    node = (etree.Comment("x"), etree.PI("x", "y"), etree.Element("x"))[choice - 1]
    holder.text, node.tail = text[:place], text[place:]
    holder.insert(0, node)


def change_attribute(random: Random, root: Tree, others: Sequence[Tree]) -> None:
    """An attribute is gone, gets the value of another one, or something odd."""
    holders = [item for item in elements(root) if item.attrib]
    if not holders:
        return
    changed = random.choice(holders)
    name = random.choice(list(changed.attrib))
    lent = [item.get(name) for item in elements(random.choice(others)) if item.get(name)]
    choice = random.random()
    if choice < 0.2:
        del changed.attrib[name]
    elif lent and choice < 0.6:
        changed.set(name, random.choice(lent) or "")
    elif name == "Algorithm":
        changed.set(name, random.choice(ALGORITHMS))
    elif name == "URI":
        changed.set(name, random.choice(URIS))
    else:
        changed.set(name, random.choice(TEXTS))


def play_with_ids(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """An element gets an ID that is another's, or an attribute that looks like one; a reference points elsewhere."""
    known = [item.get("ID") or item.get("Id") or "" for item in elements(root) if item.get("ID") or item.get("Id")]
    references = list(root.iter(f"{DS}Reference"))
    chosen = random.choice([*known, "_evil"])
    if references and random.random() < 0.4:
        random.choice(references).set("URI", "#" + chosen)
    else:
        random.choice(elements(root)).set(random.choice(ID_ATTRIBUTES), chosen)


def harmless(random: Random, root: Tree, _others: Sequence[Tree]) -> None:
    """Something that a signature may survive: white space in base64, no KeyInfo, an unused namespace."""
    values = [*root.iter(f"{DS}SignatureValue"), *root.iter(f"{DS}DigestValue")]
    infos = list(root.iter(f"{DS}KeyInfo"))
    choice = random.random()
    if values and choice < 0.4:
        value = random.choice(values)
        text = value.text or ""
        place = random.randint(0, len(text))
        value.text = text[:place] + random.choice(("\n", " ", "\t", "  \n")) + text[place:]
    elif infos and choice < 0.7:
        _cut(random.choice(infos))
    else:
        etree.cleanup_namespaces(root, keep_ns_prefixes=["xs", "xsi"] if random.random() < 0.7 else [])


# What attackers do comes more often than what only breaks.
OPERATIONS: tuple[Operation, ...] = (
    *(forge, forge, forge, graft, graft, borrow_signature, play_with_ids, play_with_ids),
    *(move, copy_, wrap, unwrap, delete, swap, rename, rebind, change_text, change_content, change_content),
    *(change_attribute, change_attribute, harmless),
)


def mutate(random: Random, root: Tree, others: Sequence[Tree]) -> tuple[Tree, list[str]]:
    """A spoilt copy of `root`, and what was done to it."""
    made = copy.deepcopy(root)
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
        operation = random.choice(OPERATIONS)
        operation(random, made, others)
        done.append(operation.__name__)
    return made, done


def _element(name: str) -> Tree:
    """An empty element. It has the usual prefix: lxml gives what is moved the prefixes that it finds."""
    namespace = etree.QName(name).namespace
    return etree.Element(name, nsmap={_PREFIX_OF[namespace]: namespace} if namespace else None)


def _below(random: Random, root: Tree) -> Tree | None:
    found = elements(root)[1:]
    return random.choice(found) if found else None


def _outside(root: Tree, element: Tree) -> list[Tree]:
    inside = set(element.iter())
    return [item for item in elements(root) if item not in inside]


def _insert(random: Random, parent: Tree, element: Tree) -> None:
    element.tail = None
    parent.insert(random.randint(0, len(parent)), element)


def _perhaps_wrapped(random: Random, element: Tree) -> Tree:
    if random.random() < 0.5:
        return element
    wrapper = _element(random.choice(WRAPPERS))
    element.tail = None
    wrapper.append(element)
    return wrapper


def _perhaps_rename(random: Random, root: Tree) -> None:
    """The IDs below `root` stay the same, or become new ones."""
    if random.random() < 0.6:
        for item in elements(root):
            for name in ("ID", "Id"):
                if item.get(name):
                    item.set(name, item.get(name, "") + "_evil")


def _cut(element: Tree) -> None:
    """Remove `element`, but not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
