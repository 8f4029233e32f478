"""pysaml2's cryptography, in this process: no `xmlsec1` program, no temporary files.

pysaml2 leaves room for another `CryptoBackend`, but its `SecurityContext` writes every certificate to a file and
validates with a schema that does not know the scheme's XACML statements. So two classes stand here: the backend, and
a context that hands messages to it as they came in.
"""

from importlib.metadata import version

from saml2 import class_name, samlp
from saml2.config import SPConfig
from saml2.sigver import NODE_NAME, CryptoBackend, SecurityContext, SignatureError

from sp_demo import schema, signature, xml
from sp_demo.broker import Broker
from sp_demo.clock import Clock
from sp_demo.keys import OwnKey
from sp_demo.refusal import Refused


class InProcessBackend(CryptoBackend):  # type: ignore[misc]  # pysaml2 has no types
    """Signs with the one key of a portal and verifies with the signing keys of the broker; holds no decryption key."""

    def __init__(self, key: OwnKey, broker: Broker, clock: Clock) -> None:
        """`clock` tells which of the broker's certificates are valid."""
        super().__init__()
        self._key = key
        self._broker = broker
        self._clock = clock

    @property
    def version(self) -> str:
        """The version of XML Security, which pysaml2 may ask for."""
        return version("xmlsec")

    def sign_statement(self, statement: bytes | object, *_: object) -> str:
        """The document `statement`, whose root holds a signature template, with that template filled in."""
        document = statement if isinstance(statement, bytes) else str(statement).encode()
        return signature.sign(document, self._key).decode()

    def validate_signature(self, signedtext: str | bytes, *, node_name: str, node_id: str, **_: object) -> bool:
        """True when the element `node_name` with ID `node_id` is signed by the broker, else `SignatureError`."""
        document = signedtext.encode() if isinstance(signedtext, str) else signedtext
        namespace, _separator, local = node_name.rpartition(":")
        try:
            root = xml.parse(document)
            schema.validate(root)
            for element in root.iter(f"{{{namespace}}}{local}"):
                if element.get("ID") == node_id:
                    signature.verify(element, self._broker.keys, self._clock())
                    return True
        except Refused as refusal:
            raise SignatureError(str(refusal)) from refusal
        raise SignatureError(f"no {local} with ID {node_id}")


class InProcessContext(SecurityContext):  # type: ignore[misc]  # pysaml2 has no types
    """pysaml2's view on signatures: all must be there, all by the broker, all verified on the bytes received."""

    def __init__(self, backend: InProcessBackend, config: SPConfig, broker: Broker) -> None:
        """`config` is the configuration that the client was made with."""
        super().__init__(
            backend,
            key_file=config.key_file,
            cert_file=config.cert_file,
            metadata=config.metadata,
            only_use_keys_in_metadata=True,
        )
        self._broker = broker

    def check_signature(self, item: object, node_name: str = NODE_NAME, origdoc: str = "", **_: object) -> object:
        """`item`, part of the document `origdoc`, when the broker issued and signed it; else `SignatureError`."""
        said = getattr(item, "issuer", None)
        if said is None or said.text != self._broker.entity_id:
            raise SignatureError("not issued by the broker")
        self.crypto.validate_signature(origdoc, node_name=node_name, node_id=getattr(item, "id", ""))
        return item

    def correctly_signed_response(self, decoded_xml: str, *_args: object, **_options: object) -> object:
        """The Response in `decoded_xml` when the broker signed it; else `SignatureError`."""
        response = samlp.any_response_from_string(decoded_xml)
        if not response:
            raise TypeError("not a response")
        return self.check_signature(response, class_name(response), decoded_xml)
