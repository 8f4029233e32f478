"""Judging one message of whoever brings it: the inspector.

    intake          what somebody has (XML, base64, an address, a form, an export of a browser) becomes messages
    found           one message as it was found, and how text carries one
    traces          messages in an export of SAML-tracer, or of a browser's own tools (HAR)
    inspected       what an inspection tells, as frozen values
    inspector       from bytes, metadata, keys and a moment to an inspection
    looking         one document, and the assertions that were encrypted in it
    parts           the messages in a message, and what each is
    known           whose keys are known, from metadata
    signatures      what each signature covers, and why it is believed or not
    queries         the signature over a query
    places          where elements stand in the bytes
    coverage        which bytes are proven by which signature
    judging         which rules apply, and which cannot be applied for want of something
    circumstances   what is known besides the message
    answers         the same, for answers and the assertions in them
    metadata_judging  the same, for metadata
    opening         what is encrypted, opened with a key that is at hand
    explained       the message as a tree of explained values (`meanings`: the words)
    second_opinion  signxml and the program xmlsec1 about the same signatures
    report          an inspection as JSON and as text for a terminal

It judges by the rules of `broker.rules` and has none of its own. It decides nothing: nobody gets in by it. It opens no
connection, writes nothing down, and knows no store and no web.
"""
