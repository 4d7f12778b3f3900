"""A certificate: the application to an authority, and the certificate in the cabinet."""

from collections.abc import Iterable

from portal.certificates.bound_certificate import BoundCertificate
from portal.rules.rule import Violation
from sim.twin.desk import Desk, encoded
from sim.twin.gates.question import question
from sim.twin.signing import container_file

__all__: list[str] = []


@question("certificate", "form_gate", use_cases=["check_form"])
def form(desk: Desk) -> Iterable[Violation]:
    """The numbers of the application are checked before it is sent."""
    typed = desk.filing.form
    return desk.act(
        "check_form",
        desk.alone,
        kind=desk.kind,
        inn=typed.inn,
        ogrn=typed.ogrn,
        head_snils=typed.head_snils,
    ).violations


@question("certificate", "certificate_gate", use_cases=["bind_certificate", "trial_signature"])
def certificate(desk: Desk) -> Iterable[Violation]:
    """The certificate is uploaded into the cabinet and tried. Of a container that is refused the
    open certificate is exported and uploaded in the same visit."""
    desk.open_cabinet()
    _forget_bound(desk)
    told: list[Violation] = []
    if desk.filing.certificate.file == "pfx":
        container = encoded(container_file())
        told += desk.act("bind_certificate", desk.member, content=container).violations
    content = encoded(desk.certificate().der)
    bound = desk.act("bind_certificate", desk.member, content=content)
    told += bound.violations
    if bound.refusal is not None:
        return told
    tried = desk.act(
        "trial_signature",
        desk.member,
        certificate=bound.data["certificate"],
        signature=desk.signature(desk.kept(BoundCertificate, bound.data["certificate"]).challenge),
    )
    desk.state["bound"] = bound.data["certificate"]
    return (*told, *tried.violations)


def _forget_bound(desk: Desk) -> None:
    """The certificate of the visit before gives way to the one of now."""
    bound = desk.state.pop("bound", None)
    if bound is not None:
        desk.forget(desk.kept(BoundCertificate, bound))
