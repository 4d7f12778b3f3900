"""Citizens, their ways in, and the helpdesk, in SQLite; every sandbox has its own time and mail."""

import re
import sqlite3
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from tests.foreign_portal.questionnaire import person_tax_id

SCHEMA: Final = """
create table sandbox (name text primary key, now integer, shortest integer);
create table citizen (
    id integer primary key, box text, name text, born text, tax text, mobile text, mail text,
    secret text, secret_set integer, temporary integer default 0, status text,
    failures integer default 0, locked_until integer default 0);
create table pass (token text primary key, citizen integer, finished integer);
create table code (box text, citizen integer, purpose text, digits text, till integer);
create table letter (box text, contact text, kind text, body text);
create table ticket (id integer primary key, box text, citizen integer, status text);
"""
CODE_S: Final = 300
SECRET_S: Final = 90 * 86_400
LOCK_S: Final = 1800
_FAILURES: Final = 5
_ADVISED: Final = 12
_NEEDED: Final = ("fullName", "bornOn", "tax", "cell", "box")


class Refusal(Exception):
    """What is told to who asked; no problems: they are not who may."""

    def __init__(self, status: int, *problems: tuple[str, str, str]) -> None:
        super().__init__(problems)
        self.status = status
        self.problems = [{"code": c, "at": at, "text": text} for c, at, text in problems]


class Citizens:
    def __init__(self, off: frozenset[str]) -> None:
        self._off = off
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)
        self._number = count(1)

    # --- sandboxes

    def open(self, box: str) -> dict[str, str]:
        self.close(box)
        self._db.execute("insert into sandbox values (?, 0, 8)", (box,))
        return {"status": "open"}

    def close(self, box: str) -> dict[str, str]:
        for table in ("citizen", "code", "letter", "ticket"):
            self._db.execute(f"delete from {table} where box = ?", (box,))
        self._db.execute("delete from sandbox where name = ?", (box,))
        return {"status": "closed"}

    def later(self, box: str, seconds: int) -> dict[str, str]:
        self._db.execute("update sandbox set now = now + ? where name = ?", (seconds, box))
        return {"status": "later"}

    def shortest(self, box: str, length: int) -> dict[str, str]:
        self._db.execute("update sandbox set shortest = ? where name = ?", (length, box))
        return {"status": "set"}

    def sandbox(self, box: str) -> sqlite3.Row:
        found = self._one("select * from sandbox where name = ?", box)
        if found is None:
            raise Refusal(404, ("NO_SANDBOX", "", "нет такой песочницы"))
        return found

    def letters(self, box: str, contact: str) -> list[dict[str, str]]:
        rows = self._db.execute(
            "select kind, body from letter where box = ? and contact = ?", (box, contact)
        )
        return [dict(row) for row in rows]

    # --- registration

    def register(self, box: str, form: dict[str, Any]) -> dict[str, Any]:
        wrong = [("NOT_FILLED", at, "заполните") for at in _NEEDED if not form.get(at)]
        wrong += self._weak(box, form.get("secret") or "")
        for at, column in (("cell", "mobile"), ("tax", "tax")):
            sql = f"select id from citizen where box = ? and {column} = ?"
            if form.get(at) and self._one(sql, box, form[at]):
                wrong.append(("TAKEN", at, "уже есть"))
        self._refuse(wrong)
        number = next(self._number)
        self._db.execute(
            "insert into citizen (id, box, name, born, tax, mobile, mail, secret, secret_set,"
            " status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'registered')",
            (number, box, *(form[at] for at in _NEEDED), form["secret"], self._now(box)),
        )
        self._send_code(box, number, "activation", form.get("by") or "sms")
        advice = [] if len(form["secret"]) >= _ADVISED else ["longer"]
        return {"status": "registered", "citizen": str(number), "advice": advice}

    def send_again(self, box: str, number: str, by: str) -> dict[str, Any]:
        self._send_code(box, self._citizen(box, number)["id"], "activation", by)
        return {"status": "sent"}

    def activate(self, box: str, number: str, digits: str) -> dict[str, Any]:
        citizen = self._citizen(box, number)
        if not self._take(box, citizen["id"], "activation", digits):
            self._refuse([("BAD_CODE", "digits", "код не тот или истёк")])
        self._set(citizen["id"], "status", "working")
        return {"status": "working"}

    def vouch(self, box: str, tax: str, refused_for: str) -> dict[str, Any]:
        citizen = self._one("select * from citizen where box = ? and tax = ?", box, tax)
        if citizen is None:
            raise Refusal(404)
        if refused_for:
            return {"status": citizen["status"]}
        self._set(citizen["id"], "status", "vouched")
        return {"status": "vouched"}

    # --- ways in

    def enter(self, box: str, login: str, secret: str) -> dict[str, Any]:
        if not re.fullmatch(r"\+7[0-9]{10}|[^@\s]+@[^@\s]+|[0-9]{12}", login) or (
            login.isdigit() and not person_tax_id(login)
        ):
            self._refuse([("LOGIN_FORM", "who", "так не входят")])
        found = self._one(
            "select * from citizen where box = ? and ? in (mobile, lower(mail), tax)",
            box, login.lower(),
        )  # fmt: skip
        if found is None:
            raise Refusal(422, ("NO_MATCH", "", "логин или пароль не подходит"))
        if self._now(box) < found["locked_until"]:
            self._refuse([("LOCKED", "", "слишком много ошибок")])
        if found["secret"] != secret:
            self._failed(box, found)
        if found["status"] == "registered":
            self._refuse([("NOT_ACTIVE", "", "запись не активирована")])
        self._set(found["id"], "failures", 0)
        notes = self._notes(box, found)
        token = f"pass-{next(self._number)}"
        self._db.execute("insert into pass values (?, ?, ?)", (token, found["id"], not notes))
        if notes:
            return {"status": "secretOutdated", "entry": token, "notes": notes}
        return {"status": "entered", "pass": token}

    def finish(self, box: str, entry: str, secret: str) -> dict[str, Any]:
        """With a new secret in place of one that is outdated."""
        found = self._one("select * from pass where token = ? and finished = 0", entry)
        if found is None:
            raise Refusal(404)
        self._refuse(self._weak(box, secret))
        self._renew(box, found["citizen"], secret)
        self._db.execute("update pass set finished = 1 where token = ?", (entry,))
        return {"status": "entered", "pass": entry}

    def leave(self, token: str) -> dict[str, Any]:
        self.whose(token)
        self._db.execute("delete from pass where token = ?", (token,))
        return {"status": "left"}

    def whose(self, token: str) -> sqlite3.Row:
        found = self._one(
            "select citizen.* from citizen join pass on citizen.id = pass.citizen"
            " where token = ? and finished",
            token,
        )
        if found is None:
            raise Refusal(401)
        return found

    def intend(self, token: str, what: str) -> dict[str, Any]:
        if what == "company" and self.whose(token)["status"] != "vouched":
            self._refuse([("NOT_VOUCHED", "", "личность не подтверждена")])
        self.whose(token)
        return {"status": "allowed"}

    # --- secrets

    def change(self, box: str, token: str, old: str, secret: str) -> dict[str, Any]:
        citizen = self.whose(token)
        if citizen["secret"] != old:
            self._refuse([("NO_MATCH", "", "прежний пароль не тот")])
        self._refuse(self._weak(box, secret))
        self._renew(box, citizen["id"], secret)
        return {"status": "changed"}

    def lose(self, box: str, tax: str, mail: str, by: str) -> dict[str, Any]:
        citizen = self._owner(box, tax, mail)
        if citizen is not None:
            self._send_code(box, citizen["id"], "rescue", by)
        return {"status": "sent"}

    def rescue(self, box: str, tax: str, mail: str, digits: str, secret: str) -> dict[str, Any]:
        citizen = self._owner(box, tax, mail)
        known = citizen is not None and self._good(box, citizen["id"], "rescue", digits)
        if "RESCUE" not in self._off and not known:
            self._refuse([("RESCUE", "", "не подходит")])
        self._refuse(self._weak(box, secret))
        if citizen is not None:
            self._take(box, citizen["id"], "rescue", digits)
            self._renew(box, citizen["id"], secret)
        return {"status": "rescued"}

    # --- helpdesk

    def ask(self, box: str, form: dict[str, Any]) -> dict[str, Any]:
        needed = ("tax", "companyNo", "cell", "callMe")
        self._refuse([("TICKET", at, "заполните") for at in needed if not form.get(at)])
        citizen = self._one("select id from citizen where box = ? and tax = ?", box, form["tax"])
        number = next(self._number)
        owner = None if citizen is None else citizen["id"]
        self._db.execute("insert into ticket values (?, ?, ?, 'open')", (number, box, owner))
        return {"status": "open", "ticket": str(number)}

    def tickets(self, box: str) -> list[dict[str, str]]:
        rows = self._db.execute("select id from ticket where box = ? and status = 'open'", (box,))
        return [{"ticket": str(row["id"])} for row in rows]

    def decide(self, box: str, ticket: str, is_known: bool) -> dict[str, Any]:
        found = self._one(
            "select * from ticket where box = ? and id = ? and status = 'open'", box, ticket
        )
        if found is None:
            raise Refusal(404)
        status = "helped" if is_known and found["citizen"] else "declined"
        self._db.execute("update ticket set status = ? where id = ?", (status, ticket))
        if status == "helped":
            secret = f"Vr{next(self._number)}!pqXzAb#"
            citizen = self._one("select * from citizen where id = ?", found["citizen"])
            assert citizen is not None
            self._renew(box, citizen["id"], secret)
            for column, value in (("temporary", 1), ("failures", 0), ("locked_until", 0)):
                self._set(citizen["id"], column, value)
            self._post(box, citizen["mail"], "email", f"Ваш временный пароль: {secret}. Смените.")
        return {"status": status}

    # --- inside

    def _one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        rows: Iterator[sqlite3.Row] = self._db.execute(sql, values)
        return next(rows, None)

    def _now(self, box: str) -> int:
        return int(self.sandbox(box)["now"])

    def _citizen(self, box: str, number: str) -> sqlite3.Row:
        found = self._one("select * from citizen where box = ? and id = ?", box, number)
        if found is None:
            raise Refusal(404)
        return found

    def _owner(self, box: str, tax: str, mail: str) -> sqlite3.Row | None:
        return self._one(
            "select * from citizen where box = ? and tax = ? and mail = ?", box, tax, mail
        )

    def _set(self, number: int, column: str, value: Any) -> None:
        self._db.execute(f"update citizen set {column} = ? where id = ?", (value, number))

    def _renew(self, box: str, number: int, secret: str) -> None:
        values = {"secret": secret, "secret_set": self._now(box), "temporary": 0}
        for column, value in values.items():
            self._set(number, column, value)

    def _refuse(self, wrong: list[tuple[str, str, str]]) -> None:
        left = [each for each in wrong if each[0] not in self._off]
        if left:
            raise Refusal(422, *left)

    def _weak(self, box: str, secret: str) -> list[tuple[str, str, str]]:
        shortest = int(self.sandbox(box)["shortest"])
        lacking = {
            f"короче {shortest} знаков": len(secret) < shortest,
            "нет строчной буквы": not any(sign.islower() for sign in secret),
            "нет прописной буквы": not any(sign.isupper() for sign in secret),
            "нет цифры": not any(sign.isdigit() for sign in secret),
            "нет спецзнака": all(sign.isalnum() for sign in secret),
        }
        return [("WEAK_SECRET", "secret", what) for what, is_so in lacking.items() if is_so]

    def _notes(self, box: str, citizen: sqlite3.Row) -> list[dict[str, str]]:
        notes = []
        if citizen["temporary"] and "TEMPORARY_SECRET" not in self._off:
            notes.append({"code": "TEMPORARY_SECRET", "at": "", "text": "временный пароль"})
        is_old = self._now(box) - citizen["secret_set"] >= SECRET_S
        if is_old and "OLD_SECRET" not in self._off:
            notes.append({"code": "OLD_SECRET", "at": "", "text": "пароль устарел"})
        return notes

    def _failed(self, box: str, citizen: sqlite3.Row) -> None:
        failures = citizen["failures"] + 1
        if failures == _FAILURES:
            self._set(citizen["id"], "locked_until", self._now(box) + LOCK_S)
            failures = 0
        self._set(citizen["id"], "failures", failures)
        raise Refusal(422, ("NO_MATCH", "", "логин или пароль не подходит"))

    def _send_code(self, box: str, number: int, purpose: str, by: str) -> None:
        digits = f"{(number * 7919 + next(self._number) * 104_729) % 1_000_000:06}"
        values = (box, number, purpose, digits, self._now(box) + CODE_S)
        self._db.execute("insert into code values (?, ?, ?, ?, ?)", values)
        citizen = self._citizen(box, str(number))
        contact = citizen["mobile" if by == "sms" else "mail"]
        self._post(box, contact, by, f"Код подтверждения {digits}")

    def _post(self, box: str, contact: str, kind: str, body: str) -> None:
        self._db.execute("insert into letter values (?, ?, ?, ?)", (box, contact, kind, body))

    def _good(self, box: str, number: int, purpose: str, digits: str) -> bool:
        found = self._one(
            "select 1 from code where citizen = ? and purpose = ? and digits = ? and till > ?",
            number, purpose, digits, self._now(box),
        )  # fmt: skip
        return found is not None

    def _take(self, box: str, number: int, purpose: str, digits: str) -> bool:
        good = self._good(box, number, purpose, digits)
        self._db.execute(
            "delete from code where citizen = ? and purpose = ? and digits = ?",
            (number, purpose, digits),
        )
        return good
