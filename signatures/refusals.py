"""Why a signature or a certificate is refused: one table of codes."""

from collections.abc import Mapping
from typing import Final

__all__ = ["REFUSALS", "SignatureRefused"]

REFUSALS: Final[Mapping[str, str]] = {
    "malformed": "Подпись или сертификат не разбирается",
    "algorithm": "Алгоритм подписи не поддерживается",
    "weak-key": "Ключ слабее допустимого",
    "digest": "Подписанные данные изменены: хеш не совпадает",
    "signature": "Подпись неверна",
    "no-certificate": "В подписи нет сертификата подписавшего",
    "wrong-signer": "Сертификат не принадлежит отправителю",
    "not-yet-valid": "Срок действия сертификата ещё не начался",
    "expired": "Срок действия сертификата истёк",
    "revoked": "Сертификат отозван (certificate revoked)",
    "on-hold": "Действие сертификата приостановлено",
    "unknown-root": "Цепочка сертификатов не построена: корень неизвестен",
    "status-unknown": "Нет свежих сведений об отзыве сертификата",
    "wrong-usage": "Сертификат не предназначен для такой подписи",
}
"""Stable codes and what they say; CERT-02, CERT-03, CERT-17 and SIG-06 want them told apart."""


class SignatureRefused(Exception):
    """A signature or a certificate is not good: `code` is one of REFUSALS, `message` is Russian.

    `detail` says what exactly was met, where the table's text leaves that open.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.message = f"{REFUSALS[code]}: {detail}" if detail else REFUSALS[code]
        super().__init__(self.message)
