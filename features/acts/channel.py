"""Connections to the portal (chapter SEC)."""

from typing import Any

from features.acts.act import act
from features.personas import Persona
from features.scene import Scene

__all__ = ["channel"]


@act("устанавливает соединение", "open_channel")
def channel(persona: Persona, scene: Scene) -> dict[str, Any]:
    """What a program of today negotiates."""
    return {
        "tls_version": "1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "key_family": "rsa",
        "key_bits": 2048,
    }
