"""XML, keys and the scheme's messages; no web, no SQL.

Reading goes through fixed stages, each of which raises or returns something stronger than it was given:

    document.read       bytes            -> element of a harmless, schema-valid document
    signature.verify    element, keys    -> the signed content, parsed again from the bytes that were digested
    <message>.read      signed content   -> frozen message

Writing is the mirror: <message>.write gives an element, signature.sign puts the signature in it, and
document.write gives the bytes. Names, clock values, ids and keys are arguments.
"""
