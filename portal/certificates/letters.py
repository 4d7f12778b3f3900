"""Letters about a bound certificate, to whoever has bound it and to its organization."""

from portal.accounts.account import Account
from portal.certificates.bound_certificate import BoundCertificate
from portal.organizations.organization import Organization
from portal.ports.messenger import Letter
from portal.use_case import Context

__all__ = ["tell"]


def tell(context: Context, certificate: BoundCertificate, rule: str, occasion: str) -> None:
    """Write by e-mail what the rule tells people, and of which certificate; once an occasion."""
    account = context.unit.get(Account, certificate.account)
    organization = context.unit.get(Organization, certificate.organization)
    addresses = [
        *([] if account is None else [account.email]),
        *([] if organization is None else [organization.requisites.email]),
    ]
    ends = certificate.not_after.astimezone(context.now.tzinfo)
    whose = f"«{certificate.common_name}», номер {certificate.serial}"
    text = (
        f"{context.portal.book.rule(rule).message.ru} "
        f"Сертификат {whose}, действует до {ends:%d.%m.%Y %H:%M}."
    )
    for number, address in enumerate(dict.fromkeys(addresses)):
        context.send(
            Letter(
                id=f"certificate/{certificate.id}/{occasion}/{number}",
                channel="email",
                to=address,
                subject="Сертификат электронной подписи",
                text=text,
            )
        )
