"""What is wrong somewhere, in words that several rules and use cases have for it."""

from typing import Final

from rulebook import Text

__all__ = ["ANOTHERS_CERTIFICATE", "ANOTHERS_SIGNATURE", "NOT_FILLED_IN", "NOT_STATED"]

NOT_FILLED_IN: Final = Text("не заполнено", "not filled in")
NOT_STATED: Final = Text("не указано", "it is missing")
ANOTHERS_SIGNATURE: Final = Text("подпись другого лица", "the signature is another's")
ANOTHERS_CERTIFICATE: Final = Text("сертификат другого лица", "the certificate is another's")
