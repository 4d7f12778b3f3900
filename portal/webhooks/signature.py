"""How the body of a delivery is signed: HMAC-SHA256 over time and body, as its receiver checks it.

The header `Poligon-Signature: t=1770000000,v1=5257a8…` has the Unix time of the attempt in seconds
and the code in hexadecimal over that time, a full stop, and the body.
"""

import hashlib
import hmac
from typing import Final

__all__ = ["HEADER", "signature_of"]

HEADER: Final = "Poligon-Signature"


def signature_of(secret: str, timestamp: int, body: bytes) -> str:
    """What the header says of a body that is sent at `timestamp` (seconds)."""
    signed = str(timestamp).encode() + b"." + body
    code = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={code}"
