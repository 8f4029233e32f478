"""The demo service provider (dienstverlener): another party, which knows the broker by its metadata only.

One Flask application serves a number of portals; each is a SAML service provider of its own, with its own EntityID
and keys. pysaml2 is the SAML client. Nothing here may import from `broker` or `idp_stub`: a login that succeeds here
is the word of an independent implementation. Start reading at `login`, the use case; `app` puts the parts together.

    gunicorn 'sp_demo.app:create_app("sp.toml")'      serve
    python -m sp_demo sp.toml kvk                     print the signed metadata of portal `kvk`

A message goes one way: SOAP bytes -> `receive` (schema, three signatures) -> `checks` (is it for us, now, once)
-> `client` (pysaml2's own opinion) -> `facts` (decrypted identifiers) -> `store` (session).

Settings: one TOML file; file names are relative to the folder of that file; unknown keys are refused.

    base_url = "http://127.0.0.1:8082"        # where browsers find this application; no path
    secret_key_file = "sp.secret"             # at least 32 bytes; signs the session cookie
    state_file = "sp.sqlite"                  # made when absent: logins under way, used assertions, sessions
    broker_metadata_file = "broker.xml"       # must hold exactly one IDPSSODescriptor
    broker_ca_file = "ca.pem"                 # optional: whom to trust for https towards the broker
    default_language = "nl"                   # optional: "nl" (default) or "en"
    soap_content_type = "text/xml"            # optional: or "application/soap+xml"

    [[portals]]
    key = "kvk"                               # the last part of this portal's addresses
    entity_id = "urn:etoegang:DV:00000099000000120000:entities:9001"
    name = { nl = "KVK (test)", en = "KVK (test)" }
    caption = { nl = "...", en = "..." }      # optional: a line of explanation on the start page
    signing_key_file = "kvk/signing.key"      # PEM, RSA of at least 2048 bits, no passphrase
    signing_certificate_file = "kvk/signing.pem"
    encryption_key_file = "kvk/encryption.key"
    encryption_certificate_file = "kvk/encryption.pem"
    tls_key_file = "kvk/tls.key"              # optional, both: client certificate; default those for signing
    tls_certificate_file = "kvk/tls.pem"

    [[portals.services]]                      # the first one is the default of the metadata
    index = 9001                              # AttributeConsumingService index
    service_id = "urn:etoegang:DV:00000099000000120000:services:9001"
    name = { nl = "Jaarrekening deponeren", en = "File annual accounts" }
    level = "EH3"                             # EH2, EH2+, EH3 or EH4; a lower level is refused

Per portal the application answers at `/login/<key>?service=<index>`, `/acs/<key>` (assertion consumer service,
binding HTTP-Artifact, index 0), `/metadata/<key>`, `/portal/<key>` and `/logout/<key>`.
"""
