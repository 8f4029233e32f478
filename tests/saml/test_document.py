"""XML-01 to XML-17: what is refused before anything is looked at; and what is read is what was written."""

import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.saml import document, names
from broker.saml.faults import DocumentReason, Fault

from .hostile import HOSTILE
from .xml_strategies import documents

QUIET = settings(database=None, deadline=None)


def refusal(data: bytes, **limits) -> DocumentReason:
    with pytest.raises(Fault) as caught:
        document.read(data, **limits)
    return caught.value.reason


@pytest.fixture
def canary():
    """The address of a server, and a check that nobody came by."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/canary"
        with pytest.raises(BlockingIOError):
            server.accept()


# --- what is accepted ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        "",
        '<?xml version="1.0"?>',
        "<?xml version='1.0'?>\n",
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n",
        '<?xml\tversion="1.0"\nencoding="Utf-8"?>',
        "\n ",
    ],
)
def test_ordinary_documents_are_read(start):
    assert document.read(f"{start}<a>é€😀</a>\n".encode()).text == "é€😀"


def test_xml_lang_is_the_one_attribute_of_xml_that_is_allowed():
    assert document.read(b'<a xml:lang="nl"/>').get(f"{{{names.XML}}}lang") == "nl"


def test_cdata_and_character_references_are_text():
    assert document.read(b"<a>x<![CDATA[<y>]]>&#122;&amp;</a>").text == "x<y>z&"


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (b"<b>" * 39 + b"</b>" * 39, b"<b>" * 40 + b"</b>" * 40),
        (b"<b/>" * 1_999, b"<b/>" * 2_000),
        (b"<b " + b" ".join(b'a%d=""' % number for number in range(64)) + b"/>", b""),
        (b"", b"<b " + b" ".join(b'a%d=""' % number for number in range(65)) + b"/>"),
        (b'<b ID="_%s"/>' % (b"x" * 127), b'<b ID="_%s"/>' % (b"x" * 128)),
        (b'<b xmlns="u:%s"/>' % (b"x" * 126), b'<b xmlns="u:%s"/>' % (b"x" * 127)),
        (b"<b " + b" ".join(b'xmlns:a%d="u:x"' % number for number in range(64)) + b"/>", b""),
        (b"", b"<b " + b" ".join(b'xmlns:a%d="u:x"' % number for number in range(65)) + b"/>"),
        (b"<b xmlns:a='u:x'/>" * 1_000, b""),
    ],
)
def test_XML_17_each_limit_is_where_it_says(inside, outside):
    assert document.read(b"<a>" + inside + b"</a>").tag == "a"
    if outside:
        with pytest.raises(Fault):
            document.read(b"<a>" + outside + b"</a>")


def test_DOS_05_limit_of_bytes():
    data = b"<a>" + b"x" * (256 * 1024 - 7) + b"</a>"
    assert len(document.read(data).text) == 256 * 1024 - 7
    assert refusal(data.replace(b"</a>", b"x</a>")) is DocumentReason.TOO_LARGE
    assert refusal(data, max_bytes=1_000) is DocumentReason.TOO_LARGE
    assert document.read(data.replace(b"</a>", b"x</a>"), max_bytes=10**6).tag == "a"


def test_files_of_an_operator_may_have_limits_of_their_own():
    data = b"<a>" + b"<b/>" * 5_000 + b"</a>"
    assert refusal(data) is DocumentReason.TOO_MANY_ELEMENTS
    assert len(document.read(data, max_elements=6_000)) == 5_000


# --- XML rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        "<!DOCTYPE a []>",
        '<!DOCTYPE a PUBLIC "x" "y">',
        '<?xml version="1.0"?><!DOCTYPE a>',
        " <!DOCTYPE\na>",
    ],
)
def test_XML_01_doctype(doctype):
    assert refusal(doctype.encode() + b"<a/>") is DocumentReason.DOCTYPE


def test_XML_02_XML_06_external_subset_and_parameter_entity_are_not_fetched(canary):
    for doctype in (
        f'<!DOCTYPE a SYSTEM "{canary}">',
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{canary}"> %p;]>',
        f"<!DOCTYPE a [<!ENTITY % p \"<!ENTITY &#37; q SYSTEM '{canary}'>\"> %p; %q;]>",
    ):
        assert refusal(doctype.encode() + b"<a/>") is DocumentReason.DOCTYPE


@pytest.mark.parametrize("use", ["<a>&e;</a>", '<a b="&e;"/>', "<a/>"])
def test_XML_03_internal_entity(use):
    assert refusal(b'<!DOCTYPE a [<!ENTITY e "x">]>' + use.encode()) is DocumentReason.DOCTYPE


@pytest.mark.parametrize("use", ["<a>&e;</a>", '<a b="&e;"/>'])
def test_XML_03_entity_that_nobody_declared(use):
    assert refusal(use.encode()) is DocumentReason.NOT_WELL_FORMED


def test_XML_04_external_entity(tmp_path, canary):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    for address in (secret.as_uri(), str(secret), canary):
        data = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{address}">]><a>&e;</a>'.encode()
        assert refusal(data) is DocumentReason.DOCTYPE


def test_XML_04_the_parser_alone_would_not_have_read_it_either(tmp_path):
    """The refusal of a DOCTYPE is one lock, the parser's settings are another."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret}">]><a>&e;</a>'.encode()
    assert b"secret</a>" not in etree.tostring(etree.fromstring(data, document._parser()))


def test_XML_01_a_doctype_that_the_bytes_did_not_show_is_seen_in_the_tree(monkeypatch):
    monkeypatch.setattr(document, "_check_bytes", lambda *_arguments: None)
    for data in (b"<!DOCTYPE a><a/>", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'):
        assert refusal(data) is DocumentReason.DOCTYPE


@pytest.mark.parametrize("name", HOSTILE)
def test_XML_05_XML_17_hostile_documents_are_refused_quickly(name):
    data, reason = HOSTILE[name]
    started = time.thread_time()
    assert refusal(data) is reason
    assert time.thread_time() - started < 0.1


_MEMORY = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from saml.hostile import HOSTILE
from broker.saml import document
from broker.saml.faults import Fault
document.read(b"<a/>")
for name, (data, _) in HOSTILE.items():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        document.read(data)
    except Fault:
        pass
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if grown > 50 * 1024:
        sys.exit(f"{name}: {grown // 1024} MiB")
"""


def test_XML_17_hostile_documents_take_little_memory():
    tests = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", _MEMORY, tests], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# --- the parser alone: what would happen if nothing had looked at the bytes first ----------------------------------


def parsed_alone(data: bytes) -> etree._Element:
    return etree.fromstring(data, document._parser())


def test_XML_03_the_parser_alone_does_not_put_in_what_an_entity_says():
    root = parsed_alone(b'<!DOCTYPE a [<!ENTITY e "expanded">]><a>x&e;y</a>')
    assert [type(item) for item in root] == [etree._Entity]
    assert root.text == "x"


def test_XML_02_the_parser_alone_loads_no_external_document_type(tmp_path):
    external = tmp_path / "external.dtd"
    external.write_text('<!ENTITY e "loaded">')
    root = parsed_alone(f'<!DOCTYPE a SYSTEM "{external.as_uri()}"><a>&e;</a>'.encode())
    assert "loaded" not in root.xpath("string()")


def test_XML_07_the_parser_alone_adds_no_attributes():
    assert not parsed_alone(b'<!DOCTYPE a [<!ATTLIST a ID CDATA "_added">]><a/>').attrib


def test_XML_17_the_parser_alone_goes_only_so_deep():
    with pytest.raises(etree.XMLSyntaxError, match="depth"):
        parsed_alone(b"<a>" * 5_000 + b"</a>" * 5_000)


def test_XML_07_default_attributes():
    for declaration in ('a b CDATA "x"', "a ID ID #IMPLIED", 'a ID ID "x"'):
        assert refusal(f"<!DOCTYPE a [<!ATTLIST {declaration}>]><a/>".encode()) is DocumentReason.DOCTYPE


@pytest.mark.parametrize(
    "data",
    [
        b'<a><![CDATA[<!DOCTYPE a [<!ENTITY e "x">]>]]></a>',
        b"<a><![CDATA[<!DOCTYPE]]></a>",
        b'<!DOCTYPE a "]><a><b/></a><!--" []><a/>',
    ],
)
def test_XML_08_doctype_that_two_parsers_read_differently(data):
    assert refusal(data) is DocumentReason.DOCTYPE


def test_names_may_hold_any_letter():
    data = '<é ü="ß" xmlns:ø="urn:x"><ø:ł/></é>'.encode()
    assert document.write(document.read(document.canonical(document.read(data)))).decode().startswith("<é ü=")


@pytest.mark.parametrize("character", ["\x80", "\x85", "\u2028", "\ufffd", "\U00010000"])
def test_XML_09_odd_characters_in_names_and_values(character):
    """In a namespace they are refused; in a value they are the same through either serialisation."""
    assert refusal(f'<a xmlns:p="urn:{character}"/>'.encode()) is DocumentReason.NOT_WELL_FORMED
    root = document.read(f'<a b="{character}">{character}</a>'.encode())
    for written in (document.write(root), document.canonical(root)):
        again = document.read(written)
        assert (again.get("b"), again.text) == (character, character)


def test_XML_10_the_root_is_the_one_element():
    root = document.read(b"\n<a><b/></a>\n")
    assert root.tag == "a"
    assert root.getparent() is None


@pytest.mark.parametrize(
    "data", [b'<!DOCTYPE a [<!ENTITY r "<b/>">]>&r;<a/>', b'<!DOCTYPE a [<!ENTITY r "<b/>">]><a>&r;</a>']
)
def test_XML_10_an_entity_that_would_be_the_root(data):
    assert refusal(data) is DocumentReason.DOCTYPE


@QUIET
@given(documents())
def test_XML_11_what_is_written_is_read_as_it_was(data):
    root = document.read(data)
    written = document.write(root)
    assert ElementTree.canonicalize(written.decode()) == ElementTree.canonicalize(data.decode())
    settled = document.write(document.read(written))
    assert document.write(document.read(settled)) == settled
    canonical = document.canonical(root)
    assert document.canonical(document.read(written)) == canonical
    assert document.canonical(document.read(canonical)) == canonical


@QUIET
@given(documents())
def test_XML_11_a_part_stands_on_its_own(data):
    for part in document.read(data).iter():
        prefixes = tuple(prefix for prefix in part.nsmap if prefix)
        assert document.canonical(document.detached(part), prefixes) == document.canonical(part, prefixes)
        assert document.detached(part).nsmap == part.nsmap


def test_prefixes_of_a_tree_that_was_built_are_kept_in_its_canonical_form():
    """lxml drops the ones that no parser has seen in this thread; the name is new each time to be one of those."""
    prefix = f"p{secrets.token_hex(4)}"
    built = etree.Element("{u:a}a", nsmap={"a": "u:a", prefix: "u:x"})
    assert prefix.encode() not in etree.tostring(built, method="c14n", exclusive=True, inclusive_ns_prefixes=[prefix])
    part = etree.SubElement(built, "{u:a}b")
    part.tail = "tail"
    assert document.canonical(part, (prefix,)) == f'<a:b xmlns:a="u:a" xmlns:{prefix}="u:x"></a:b>'.encode()


def test_the_canonical_form_has_no_comments():
    assert document.canonical(etree.fromstring("<a>x<!--y-->z</a>")) == b"<a>xz</a>"
    assert document.canonical(etree.fromstring("<a>x<!--y-->z</a>"), ("p",)) == b"<a>xz</a>"


def test_write_leaves_out_what_follows():
    root = document.read(b"<a><b>x</b>tail</a>")
    assert document.write(root[0]) == b"<b>x</b>"


@QUIET
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_never_crash(data):
    for candidate in (data, b"<a>" + data + b"</a>", b'<a b="' + data + b'"/>', b"<a " + data + b"/>"):
        try:
            document.read(candidate)
        except Fault as fault:
            assert isinstance(fault.reason, DocumentReason)  # noqa: PT017


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a/><b/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a/>text", DocumentReason.NOT_WELL_FORMED),
        (b"text<a/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a/>&#32;", DocumentReason.NOT_WELL_FORMED),
        (b"<a/><![CDATA[]]>", DocumentReason.NOT_WELL_FORMED),
        (b"<a/>\0", DocumentReason.NOT_UTF8),
        (b"<a>\0</a>", DocumentReason.NOT_UTF8),
        (b"\0<a/>", DocumentReason.NOT_UTF8),
        (b"", DocumentReason.EMPTY),
        (b" ", DocumentReason.NOT_WELL_FORMED),
        (b"<?xml version='1.0'?>", DocumentReason.NOT_WELL_FORMED),
        (b"<a>", DocumentReason.NOT_WELL_FORMED),
        (b"<a b='1' b='2'/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a xmlns:p='u:x' xmlns:q='u:x' p:b='' q:b=''/>", DocumentReason.NOT_WELL_FORMED),
        (b"<p:a/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a p:b=''/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a xmlns:p=''/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a xmlns:p='http://a b'/>", DocumentReason.NOT_WELL_FORMED),
        (b"<a>&#0;</a>", DocumentReason.NOT_WELL_FORMED),
        (b"<a>&#1;</a>", DocumentReason.NOT_WELL_FORMED),
        (b"<a>&#xD800;</a>", DocumentReason.NOT_WELL_FORMED),
        (b"<a>&#x110000;</a>", DocumentReason.NOT_WELL_FORMED),
        ("<a>\ufffe</a>".encode(), DocumentReason.NOT_WELL_FORMED),
    ],
)
def test_XML_12_not_one_well_formed_element(data, reason):
    assert refusal(data) is reason


@pytest.mark.parametrize("text", ['<?xml version="1.0"?><a b="x"/>', '<a xmlns="u:x"/>'])
@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
def test_XML_13_another_encoding(encoding, text):
    """Without a byte order mark UTF-16 of ASCII is valid UTF-8, full of NUL bytes; libxml2 would have guessed it."""
    assert refusal(text.encode(encoding)) is DocumentReason.NOT_UTF8


def test_XML_13_the_parser_alone_would_not_have_guessed_an_encoding_either():
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring('<?xml version="1.0"?><a/>'.encode("utf-16-le"), document._parser())


@pytest.mark.parametrize(
    "data", [b"<a>\xff</a>", b"<a>\xc0\x80</a>", b"<a>\xed\xa0\x80</a>", b"<a>\xe9</a>", b"\x4c\xa7"]
)
def test_XML_13_not_utf_8(data):
    assert refusal(data) is DocumentReason.NOT_UTF8


def test_XML_13_utf_7_is_not_decoded():
    assert refusal(b"+ADw-a/+AD4-") is DocumentReason.NOT_WELL_FORMED


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        '<?xml version="1.0" encoding="UTF-7"?>',
        '<?xml version="1.0" encoding="US-ASCII"?>',
        '<?xml version="1.0" encoding=""?>',
        '<?xml version="1.1"?>',
        '<?xml version="1.1" encoding="UTF-8"?>',
        '<?xml version="2.0"?>',
        '<?xml encoding="UTF-8"?>',
        "<?xml?>",
        "<?xml version=\"1.0'?>",
        '<?xml version="1.0" standalone="maybe"?>',
        '<?xml version="1.0" other="x"?>',
    ],
)
def test_XML_13_XML_14_declaration(declaration):
    assert refusal(declaration.encode() + b"<a/>") is DocumentReason.XML_DECLARATION


@pytest.mark.parametrize(
    "data", [b' <?xml version="1.0"?><a/>', b'<a><?xml version="1.0"?></a>', b"<?XML version='1.0'?><a/>"]
)
def test_XML_14_declaration_out_of_place(data):
    assert refusal(data) is DocumentReason.NOT_WELL_FORMED


def test_XML_15_another_root_than_expected():
    with pytest.raises(Fault) as caught:
        document.expect_root(document.read(b"<a xmlns='u:x'/>"), "{u:y}a")
    assert caught.value.reason is DocumentReason.WRONG_ROOT


@pytest.mark.parametrize(
    "data",
    [
        b'<a xml:base="http://evil.example/"/>',
        b'<a><b xml:base=""/></a>',
        b'<a xml:space="preserve"/>',
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"/>',
        b'<a><include xmlns="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></a>',
        b'<a xmlns:xi="http://www.w3.org/2003/XInclude"/>',
        b'<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>',
        b"<?x?><a/>",
        b"<a/><?x?>",
        b"<a><?x?></a>",
        b"<!--x--><a/>",
        b"<a/><!--x-->",
        b"<a/>\n<!--x-->",
        b"<a><b><!----></b></a>",
    ],
)
def test_XML_16_inclusions_bases_instructions_and_comments(data):
    assert refusal(data) is DocumentReason.FOREIGN_NODE


def test_XML_16_stylesheet_at_the_very_start():
    assert refusal(b'<?xml-stylesheet href="x"?><a/>') is DocumentReason.XML_DECLARATION


def test_XML_16_xml_id():
    assert refusal(b'<a xml:id="_x"/>') is DocumentReason.FOREIGN_ID


@pytest.mark.parametrize("uri", ["1", "x", "a/b", "#x", "?x", "//x/y", "1a:b", ":x", "a:"])
def test_SIG_23_relative_namespace(uri):
    for data in (f'<a xmlns="{uri}"/>', f'<a><b xmlns:p="{uri}"/></a>'):
        assert refusal(data.encode()) in (DocumentReason.RELATIVE_NAMESPACE, DocumentReason.NOT_WELL_FORMED)


def test_SIG_23_relative_namespace_by_its_own_reason():
    assert refusal(b'<a xmlns:p="1"/>') is DocumentReason.RELATIVE_NAMESPACE


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-x",
        ".x",
        "a b",
        " a",
        "a:b",
        "_x'] | //*[1",
        "'; DROP TABLE logins; --",
        "$(id)",
        "a/b",
        "é",
        "_" + "x" * 128,
    ],
)
def test_PRO_28_id_that_is_not_a_plain_name(value):
    element = etree.Element("a", ID=value)
    assert refusal(etree.tostring(element)) is DocumentReason.MALFORMED_ID
    signature = etree.Element(f"{{{names.DS}}}Signature", Id=value)
    assert refusal(etree.tostring(signature)) is DocumentReason.MALFORMED_ID


@pytest.mark.parametrize("value", ["_", "a", "_a-1.b", "ONELOGIN_ab12", "_" + "x" * 127])
def test_PRO_28_ids_as_they_are_made_everywhere(value):
    assert document.read(etree.tostring(etree.Element("a", ID=value))).get("ID") == value


@pytest.mark.parametrize("name", ["Id", "id", "iD", "{u:x}ID", "{u:x}id", f"{{{names.XML}}}id"])
def test_SIG_21_another_spelling_of_id(name):
    element = etree.Element("{u:y}a")
    element.set(name, "_x")
    assert refusal(etree.tostring(element)) is DocumentReason.FOREIGN_ID


@pytest.mark.parametrize("namespace", [names.DS, names.XENC])
def test_SIG_21_id_of_signature_and_encryption(namespace):
    assert document.read(f'<a xmlns="{namespace}" Id="_x"/>'.encode()).get("Id") == "_x"
    assert refusal(f'<a xmlns="{namespace}" ID="_x"/>'.encode()) is DocumentReason.FOREIGN_ID


def test_what_only_ends_in_id_is_no_id():
    assert document.read(b'<a AttributeId="1 2" entityid="x:y" ResourceID=""/>').get("AttributeId") == "1 2"


def test_SIG_20_the_same_id_twice():
    assert refusal(b'<a ID="_x"><b ID="_x"/></a>') is DocumentReason.DUPLICATE_ID
    assert refusal(f'<a ID="_x"><b xmlns="{names.XENC}" Id="_x"/></a>'.encode()) is DocumentReason.DUPLICATE_ID
    assert len(document.read(b'<a ID="_x"><b ID="_X"/></a>')) == 1


def test_details_do_not_grow_with_what_was_sent():
    with pytest.raises(Fault) as caught:
        document.read(f'<a ID="{"x" * 100_000}"/>'.encode())
    assert len(str(caught.value)) < 600
