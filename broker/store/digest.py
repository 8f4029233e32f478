"""A digest of texts that may be of any length and content, for use as a key: PostgreSQL does not index long texts."""

from hashlib import sha256


def digest_of(*parts: str) -> bytes:
    """32 bytes; lengths keep the parts apart."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return sha256(b"".join(b"%d:%s" % (len(part), part) for part in encoded)).digest()
