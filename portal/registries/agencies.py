"""Agencies over HTTP: ФНС, Росстандарт, ЕМИАС, ЕАИС, Росреестр (INT-05)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from portal.ports.agencies import (
    Agency,
    AgencyAccess,
    AgencyEntry,
    AgencyName,
    AgencyQuestion,
    AgencyRefused,
)
from portal.registries.http_client import Answer, HttpClient
from portal.registries.reading import reading

__all__ = ["HttpAgencies"]

_REFUSED: Final = (400, 401, 403, 404, 409, 422)


class HttpAgencies:
    """The port `Agencies`."""

    def __init__(
        self,
        *,
        fns: HttpClient,
        rosstandart: HttpClient,
        emias: HttpClient,
        eais: HttpClient,
        rosreestr: HttpClient,
    ) -> None:
        self._eais = _Eais(eais)
        self._agencies: Mapping[AgencyName, Agency] = {
            "fns": _Fns(fns),
            "rosstandart": _Rosstandart(rosstandart),
            "emias": _Emias(emias),
            "eais": self._eais,
            "rosreestr": _Rosreestr(rosreestr),
        }

    def agency(self, name: AgencyName) -> Agency:
        """As the port says."""
        return self._agencies[name]

    def connect(self, request_id: str, inn: str, ogrn: str, kpp: str | None) -> AgencyAccess:
        """As the port says."""
        return self._eais.connect(request_id, inn, ogrn, kpp)


class _Fns:
    """Settlements by taxes, and notices of audits."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        settled = _told(self._client, "/v1/settlements", {"inn": question.inn})
        noticed = _told(self._client, "/v1/audit-notices", {"inn": question.inn})
        with reading(self._client.system):
            taxes = [_settlement(each, settled["as_of"]) for each in settled["taxes"]]
            return [*taxes, *map(_notice, noticed["notices"])]


class _Rosstandart:
    """Certificates of conformity, and expertises with their results."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        query = {"inn": question.inn}
        certified = _told(self._client, "/v1/certificates", query)
        examined = _told(self._client, "/v1/expertises", query)
        with reading(self._client.system):
            return [
                *(_entry("certificate", each, "product") for each in certified["certificates"]),
                *(_entry("expertise", each, "product") for each in examined["expertises"]),
            ]


class _Emias:
    """The report about medical examinations and sick leaves of a month."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        query = {"inn": question.inn, "month": question.month}
        report = _told(self._client, "/v1/reports", query)
        with reading(self._client.system):
            title = f"Медицинский отчёт за {report['month']}"
            counts = {**report["conclusions"], **_numbers(report)}
            details = {name: str(count) for name, count in counts.items()}
            return [AgencyEntry(kind="medical_report", title=title, details=details)]


class _Eais:
    """The organization as a participant, and its licences."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        access = question.access
        if access is None:
            raise AgencyRefused("участник не подключён")
        form = {
            "grant_type": "client_credentials",
            "client_id": access.participant,
            "client_secret": access.secret,
        }
        answer = self._client.json("POST", "/v1/token", form=form, known=_REFUSED)
        with reading(self._client.system):
            token = _good(answer)["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        own = _told(self._client, f"/v1/participants/{access.participant}", {}, bearer)
        licensed = _told(self._client, "/v1/licences", {"inn": question.inn}, bearer)
        with reading(self._client.system):
            return [
                AgencyEntry(
                    kind="participant",
                    title=str(own["data"]["full_name"]),
                    state=str(own["status"]),
                    details={"participant": str(own["participant"]), **_texts(own["data"])},
                ),
                *(_entry("licence", each, "activity") for each in licensed["licences"]),
            ]

    def connect(self, request_id: str, inn: str, ogrn: str, kpp: str | None) -> AgencyAccess:
        """As the port of all says."""
        body = {"request_id": request_id, "inn": inn, "ogrn": ogrn, "kpp": kpp}
        if kpp is None:
            del body["kpp"]
        answer = self._client.json("POST", "/v1/participants", body=body, known=_REFUSED)
        with reading(self._client.system):
            given = _good(answer).get("credentials")
            if given is None:
                raise AgencyRefused("участник уже подключён: его ключ больше не сообщают")
            return AgencyAccess(str(given["client_id"]), str(given["client_secret"]))


class _Rosreestr:
    """What the organization owns."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        owned = _told(self._client, "/v1/objects", {"inn": question.inn})
        with reading(self._client.system):
            return [
                AgencyEntry(
                    kind="property",
                    title=f"{each['kind_title']}, {each['address']}",
                    state=str(each["right"]["type"]),
                    details=_texts(each),
                )
                for each in owned["objects"]
            ]


# --- inside


def _told(
    client: HttpClient,
    path: str,
    query: Mapping[str, str | int],
    headers: Mapping[str, str] | None = None,
) -> Any:
    answer = client.json("GET", path, query=query, headers=headers, known=_REFUSED)
    with reading(client.system):
        return _good(answer)


def _good(answer: Answer) -> Any:
    """What was answered; AgencyRefused if it is a refusal."""
    if answer.status in _REFUSED:
        _refuse(answer.content)
    return answer.content


def _refuse(told: Mapping[str, Any]) -> NoReturn:
    raise AgencyRefused(str(told.get("message") or told.get("error") or "без объяснения"))


def _settlement(tax: Mapping[str, Any], as_of: str) -> AgencyEntry:
    states = {"debt_kopecks": "debt", "overpaid_kopecks": "overpaid"}
    return AgencyEntry(
        kind="settlement",
        title=str(tax["tax"]),
        state=next((state for name, state in states.items() if tax[name]), "settled"),
        details={"as_of": as_of, **{name: str(sum_) for name, sum_ in _numbers(tax).items()}},
    )


def _notice(notice: Mapping[str, Any]) -> AgencyEntry:
    title = f"{notice['kind_title']}: {notice['subject']}"
    return AgencyEntry(
        kind="audit_notice", title=title, state=str(notice["status"]), details=_texts(notice)
    )


def _entry(kind: str, told: Mapping[str, Any], title: str) -> AgencyEntry:
    return AgencyEntry(
        kind=kind, title=str(told[title]), state=str(told["status"]), details=_texts(told)
    )


def _numbers(told: Mapping[str, Any]) -> dict[str, int]:
    return {name: each for name, each in told.items() if isinstance(each, int)}


def _texts(told: Mapping[str, Any]) -> dict[str, str]:
    """What is a text or a number in a record."""
    return {name: str(each) for name, each in told.items() if isinstance(each, str | int)}
