"""The file that somebody chooses to sign in with (CERT-06)."""

from dataclasses import dataclass

from pydantic import Base64Bytes

from portal.certificates.uploaded_file import certificate_in
from portal.ports.signatures import CertificateFacts, WrongSignature
from portal.rules import certificates
from portal.rules.certificate_claims import FileContent, SignInFile
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["ChosenFile", "choose_sign_in_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFile:
    """The file; nothing of it is kept: the signer's program signs the challenge of AUTH-07 with
    what is in it."""

    content: Base64Bytes


@use_case(ChosenFile, signed_in=False, remembered=False)
def choose_sign_in_file(context: Context, form: ChosenFile) -> Outcome:
    """Say whether a file is one to sign in with, by its content."""
    content = _content(context, form.content)
    violations = certificates.sign_in_file(SignInFile(content=content), context.policy)
    return refused(violations) if violations else Outcome(state="fits", data={"file": content})


def _content(context: Context, file: bytes) -> FileContent:
    try:
        found = certificate_in(file, context.portal.ports.signatures)
    except WrongSignature:
        return "certificate"
    return "certificate" if isinstance(found, CertificateFacts) else found
