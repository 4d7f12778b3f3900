"""A link that lets in whoever reads a letter: it stands in the letter and nowhere else."""

from portal.accounts.token_digest import token_digest
from portal.ports.messenger import Letter
from portal.use_case import Context

__all__ = ["send_link"]


def send_link(context: Context, place: str, *, to: str, subject: str, text: str) -> str:
    """Send a letter whose `text` ends with a new link to `place`; returns the digest of the link's
    token, by which it is known when somebody follows it."""
    entropy = context.portal.ports.entropy
    token = entropy.token(f"link to {place}")
    context.send_secret(
        Letter(
            id=entropy.token("letter"),
            channel="email",
            to=to,
            subject=subject,
            text=f"{text} /{place}/{token}",
        )
    )
    return token_digest(token)
