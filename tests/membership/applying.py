"""Filling applications as people do: by the forms, and straight into the tables."""

import re
from typing import Any

from sqlalchemy import select
from stdnum.cn import uscc

from portal.core import scope
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.membership import service
from portal.membership.models import Application
from portal.membership.queries import questionnaires
from tests.factories import serial


def credit_code(number: int | None = None) -> str:
    """Return a valid 统一社会信用代码, another one each time."""
    body = f"91330100MA{number if number is not None else next(serial):07d}"
    return body + uscc.calc_check_digit(body)


def contact(**values: Any) -> dict[str, Any]:
    """Return one complete contact."""
    number = next(serial)
    usual = {
        "name": "周敏",
        "role": "物流经理",
        "email": f"apply{number}@hanlin.example",
        "phone": "+8613800006021",
        "channel": "phone",
        "hours": "working",
        "language": "zh-Hans",
    }
    return usual | values


def answers(**values: Any) -> dict[str, Any]:
    """Return complete answers to the questions with which a centre begins."""
    usual: dict[str, Any] = {
        "contacts": [contact()],
        "heard_from": "search",
        "referred_by": "",
        "name": f"翰林文具{next(serial)}有限公司",
        "name_en": "",
        "country": "CN",
        "credit_code": credit_code(),
        "registration_no": "",
        "kinds": ["shipper"],
        "industry": "books",
        "size": "small",
        "founded": "2011",
        "address": {
            "address": "文一西路 998 号",
            "city": "杭州",
            "postcode": "311121",
            "country": "CN",
        },
        "website": "",
        "goods": ["cartons"],
        "goods_text": "",
        "hazard": "none",
        "hazard_classes": "",
        "temperature": ["ambient"],
        "weight_month": "12.5",
        "volume_month": "",
        "lanes": [{"origin": "杭州", "destination": "上海", "volume": "8"}],
        "season": ["11"],
        "services": ["standard"],
        "start_on": "",
        "expected": "300",
        "bank": "",
        "bank_account": "",
        "terms_wanted": "monthly",
        "credit_wanted": "",
        "references": [],
        "remarks": "",
    }
    return usual | values


def make_application(state: str = "draft", **values: Any) -> Application:
    """Make an application that has come as far as draft, unverified or submitted."""
    with transaction():
        application = service.begin(locale="en")
        service.save(application, answers(**values))
    if state != "draft":
        send(application)
    if state == "submitted":
        prove(application)
    return application


def send(application: Application) -> None:
    """Send a draft, agreeing to nothing."""
    with transaction():
        service.send(application, questionnaires.version_of(application), [], confirmed=True)


def prove(application: Application) -> None:
    """Prove the address by the code of the mail."""
    with transaction():
        assert service.prove_by_code(application, code_of(application.email or ""))


def mails(to: str) -> list[dict[str, str]]:
    """Return what is owed to an address, the oldest first."""
    rows = db.session.query(Job).filter(Job.kind == "mail").order_by(Job.id)
    found = [row.payload for row in rows]
    db.session.commit()
    return [mail for mail in found if mail.get("to") == to]


def code_of(to: str) -> str:
    """Return the digits of the last mail that has some."""
    found = [re.search(r"^(\d{6})$", mail["body"], re.M) for mail in mails(to)]
    return [match[1] for match in found if match][-1]


def link_of(to: str, path: str) -> str:
    """Return the last link to ``path`` that was mailed, without the host."""
    found = [
        match
        for mail in mails(to)
        for match in re.findall(rf"http://localhost({path}\S*)", mail["body"])
    ]
    return str(found[-1])


def as_form(version_answers: dict[str, Any], section: Any) -> dict[str, Any]:
    """Return the fields that a browser would send for one section."""
    sent: dict[str, Any] = {}
    for question in section.questions:
        value = version_answers.get(question.key)
        if question.kind == "rows":
            sent[f"{question.key}-rows"] = [str(n) for n in range(len(value or []))]
            for number, row in enumerate(value or []):
                sent |= {f"{question.key}-{number}-{k}": v for k, v in row.items()}
        elif question.kind == "address":
            sent |= {f"{question.key}-{part}": text for part, text in (value or {}).items()}
        elif question.kind not in ("papers", "consents") and value is not None:
            sent[question.key] = value
    return sent


def apply_by_form(browser: Any, given: dict[str, Any]) -> str:
    """Fill every step, check and send; return the reference. The address is not proven yet."""
    version = questionnaires.current()
    first, *others = version.steps
    reply = browser.post("/apply/new", as_form(given, first))
    assert reply.status_code == 303, reply.text
    ref = reply.location.split("/")[2]
    for section in others:
        reply = browser.post(f"/apply/{ref}/steps/{section.key}", as_form(given, section))
        assert reply.status_code == 303, reply.text
    reply = browser.post(f"/apply/{ref}/check", {"truthful": "yes"})
    assert reply.status_code == 303, reply.text
    return ref


def read(application: Application | str, *, lock: bool = False) -> Any:
    """Return an application as it is now."""
    ref = application if isinstance(application, str) else application.ref

    options = {"populate_existing": True, **scope.CENTRE}
    wanted = select(Application).where(Application.ref == ref).execution_options(**options)
    return db.session.scalars(wanted.with_for_update() if lock else wanted).one()
