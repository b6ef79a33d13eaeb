"""Applications of the demo centre: a dozen in every state, and those by which its members came."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select
from stdnum.cn import uscc

from portal.accounts.models import Company, Membership, Person
from portal.core import clock, working
from portal.core.db import db
from portal.demo.people import SHIPPERS, Shipper, reference
from portal.demo.places import BY_CITY
from portal.membership.models import (
    Answer,
    Application,
    Ask,
    Change,
    Check,
    Consent,
    Move,
    Note,
    Onboarding,
)
from portal.membership.rules import states
from portal.membership.rules.questions import Version, word
from portal.membership.service.filling import value_hash
from portal.membership.service.placing import located
from portal.membership.service.questions import ensure_current

HOUR = timedelta(hours=1)
WORDS = Path(__file__).with_name("applications.json")
GOODS = {
    "home": "餐具、收纳用品、小家具",
    "textiles": "床品、窗帘、面料",
    "tech": "耳机、充电器、智能手表",
    "machines": "轴承、电机、泵阀",
    "tea": "龙井、白茶、茶具",
    "food": "冷鲜海产、预制菜",
    "books": "图书、文具、教具",
}
INDUSTRIES = {
    "home": "home",
    "textiles": "textiles",
    "tech": "electronics",
    "machines": "machinery",
    "tea": "tea",
    "food": "food",
    "books": "books",
}
#: By which role a company pays once it is a member.
TERMS = ("monthly", "net30", "prepaid")
LANES = ("上海", "北京", "广州", "成都", "武汉", "西安")


@dataclass(frozen=True, kw_only=True)
class Story:
    """One applicant: who, from where, what he sends, and how far he has come."""

    name: str
    name_en: str = ""
    city: str
    contact: str
    email: str
    phone: str
    trade: str
    #: (action, hours ago, mailbox of the member of staff or "" for the applicant)
    way: tuple[tuple[str, float, str], ...]
    country: str = "CN"
    registration_no: str = ""
    street: str = "创业路 18 号"
    locale: str = "zh-Hans"
    referred_by: str = ""
    remarks: str = ""
    hazard: str = "none"
    weight: str = "12.5"
    expected: str = "320"
    notes: tuple[tuple[str, float, str], ...] = ()
    checks: tuple[tuple[str, str, str, str], ...] = ()  # key, how, note, mailbox
    ask: tuple[tuple[str, ...], str] | None = None
    changed: dict[str, Any] = field(default_factory=dict)  # key → what it was before
    refusal: tuple[str, str] | None = None


SENT = (("begin", 0.6, ""), ("send", 0.2, ""), ("prove", 0.0, ""))


def _sent(hours_ago: float) -> tuple[tuple[str, float, str], ...]:
    return tuple((action, hours_ago + more, by) for action, more, by in SENT)


def _stories() -> list[Story]:
    """Return the applicants of ``applications.json``, whose keys are the fields of a story."""
    kept: list[dict[str, Any]] = json.loads(WORDS.read_text("utf-8"))
    return [Story(**each) for each in kept]


class Writer:
    """Writes applications with all that belongs to them."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.rng, self.now = Random(seed), now  # noqa: S311 - content to look at
        row = ensure_current()
        row.created_at = row.published_at = now - timedelta(days=520)
        self.version, self.version_id = Version(row.version, row.content), row.id
        people = db.session.execute(select(Person.email, Person.id, Person.staff_role))
        self.staff = {each.email.partition("@")[0]: each.id for each in people if each.staff_role}
        self.hours = working.hours()

    def write(self, story: Story, company: Company | None = None) -> Application:
        """Write one application, and move it as its story says."""
        answers = self._answers(story, company)
        application = self._application(story, company, answers)
        db.session.add(application)
        db.session.flush()
        self._keep(application, answers)
        self._consents(application)
        self._review(application, story, answers)
        return application

    def _at(self, hours_ago: float) -> datetime:
        return self.now - hours_ago * HOUR

    def _answers(self, story: Story, company: Company | None) -> dict[str, Any]:
        number = self.rng.randrange
        address = {
            "address": story.street, "city": story.city, "country": "CN",
            "postcode": f"{BY_CITY[story.city].postcode}{number(100):02d}"
            if story.city in BY_CITY else "",
        }  # fmt: skip
        code = company.credit_code if company else self._code(story)
        lanes = self.rng.sample(LANES, 3)
        return {
            "contacts": [
                {
                    "name": story.contact, "role": "物流经理", "email": story.email,
                    "phone": story.phone, "channel": "phone", "hours": "working",
                    "language": story.locale,
                }
            ],
            "heard_from": self.rng.choice(("search", "member", "fair", "media")),
            "referred_by": story.referred_by,
            "name": story.name, "name_en": story.name_en, "country": story.country,
            "credit_code": code or "", "registration_no": story.registration_no,
            "kinds": ["shipper"], "industry": INDUSTRIES[story.trade],
            "size": self.rng.choice(("small", "medium", "large")),
            "founded": str(1996 + number(24)), "address": located(address, None), "website": "",
            "goods": ["cartons", "pallets"], "goods_text": GOODS[story.trade],
            "hazard": story.hazard, "hazard_classes": "",
            "temperature": ["chilled", "frozen"] if story.trade == "food" else ["ambient"],
            "weight_month": story.weight, "volume_month": str(20 + number(200)),
            "lanes": [
                {"origin": story.city, "destination": city, "volume": str(2 + number(12))}
                for city in lanes if city != story.city
            ],
            "season": ["10", "11", "12"],
            "services": ["cold", "storage"] if story.trade == "food" else ["standard", "storage"],
            "start_on": (self.now.date() + timedelta(days=20 + number(30))).isoformat(),
            "expected": story.expected, "bank": f"中国银行{story.city}分行", "bank_account": "",
            "terms_wanted": self.rng.choice(TERMS), "credit_wanted": str(50_000 * (1 + number(6))),
            "references": [], "remarks": story.remarks, "truthful": "yes",
        }  # fmt: skip

    def _code(self, story: Story) -> str:
        if story.country != "CN":
            return ""
        division = BY_CITY[story.city].division if story.city in BY_CITY else "340100"
        body = f"91{division}MA{self.rng.randrange(10**7):07d}"
        return body + str(uscc.calc_check_digit(body))

    def _application(
        self, story: Story, company: Company | None, answers: dict[str, Any]
    ) -> Application:
        moved = {action: (self._at(hours), self.staff.get(by)) for action, hours, by in story.way}
        state = self._state(story)
        decided = moved.get("approve") or moved.get("refuse")
        taken = moved.get("take")
        starts = moved.get("answer") or moved.get("prove")
        return Application(
            ref=reference(self.rng, "AP") + "0",
            key_seed=f"{self.rng.getrandbits(128):032x}",
            questionnaire_id=self.version_id,
            state=state,
            locale=story.locale,
            channel="web",
            company_id=company.id if company else None,
            name=story.name,
            name_en=story.name_en or None,
            credit_code=answers["credit_code"] or None,
            registration_no=story.registration_no or None,
            country=story.country,
            city=story.city,
            contact_name=story.contact,
            email=story.email,
            phone=story.phone,
            referred_by_id=self.staff.get(story.referred_by.partition("@")[0]),
            proven_at=moved["prove"][0] if "prove" in moved else None,
            reviewer_id=taken[1] if taken else None,
            submitted_at=moved["prove"][0] if "prove" in moved else None,
            due_at=self.hours.due(starts[0], days=working.APPLICATION_DAYS)
            if starts and state in states.WAITING
            else None,
            decided_at=decided[0] if decided else None,
            decided_by_id=decided[1] if decided else None,
            reason=story.refusal[0] if story.refusal else None,
            reason_text=story.refusal[1] if story.refusal else None,
            created_at=self._at(story.way[0][1]),
            changed_at=self._at(story.way[-1][1]),
        )

    def _state(self, story: Story) -> str:
        state = states.State.DRAFT
        for action, _, _ in story.way[1:]:
            state = states.after(state, action)
        return str(state)

    def _keep(self, application: Application, answers: dict[str, Any]) -> None:
        at = application.created_at
        rows = [
            {
                "application_id": application.id, "key": key, "value": value,
                "questionnaire_id": self.version_id, "changed_at": at,
            }
            for key, value in answers.items()
        ]  # fmt: skip
        db.session.execute(insert(Answer.__table__), rows)

    def _consents(self, application: Application) -> None:
        if application.state == "draft":
            return
        for item in self.version.by_key["consents"].items:
            db.session.add(
                Consent(
                    application_id=application.id,
                    purpose=item["purpose"],
                    channel=item["channel"],
                    given=item["purpose"] == "service",
                    text=word(item["label"], application.locale),
                    locale=application.locale,
                    questionnaire_id=self.version_id,
                    at=application.submitted_at or application.changed_at,
                )
            )

    def _review(self, application: Application, story: Story, answers: dict[str, Any]) -> None:
        self._history(application, story)
        for key, how, note, by in story.checks:
            taken = application.submitted_at or application.created_at
            db.session.add(
                Check(
                    application_id=application.id, key=key, how=how, note=note or None,
                    value_hash=value_hash(answers.get(key)), by_id=self.staff[by],
                    at=taken + 4 * HOUR,
                )
            )  # fmt: skip
        for text, hours, by in story.notes:
            db.session.add(
                Note(
                    application_id=application.id, text=text, by_id=self.staff[by],
                    at=self._at(hours),
                )
            )  # fmt: skip
        if story.ask:
            self._ask(application, story, answers)

    def _history(self, application: Application, story: Story) -> None:
        before: str | None = None
        state = str(states.State.DRAFT)
        for action, hours, by in story.way:
            state = state if action == "begin" else str(states.after(state, action))
            db.session.add(
                Move(
                    application_id=application.id, action=action, state_before=before,
                    state_after=state, by_id=self.staff.get(by),
                    said=self._said(story, action), at=self._at(hours),
                )
            )  # fmt: skip
            before = state

    def _said(self, story: Story, action: str) -> dict[str, Any] | None:
        if action == "ask" and story.ask:
            return {"keys": list(story.ask[0]), "text": story.ask[1]}
        if action == "refuse" and story.refusal:
            return {"reason": story.refusal[0], "text": story.refusal[1]}
        return None

    def _ask(self, application: Application, story: Story, answers: dict[str, Any]) -> None:
        moved = {action: (hours, by) for action, hours, by in story.way}
        hours, by = moved["ask"]
        answered = self._at(moved["answer"][0]) if "answer" in moved else None
        keys, text = story.ask or ((), "")
        ask = Ask(
            application_id=application.id, keys=list(keys), text=text, by_id=self.staff[by],
            asked_at=self._at(hours), answered_at=answered,
        )  # fmt: skip
        db.session.add(ask)
        db.session.flush()
        for key, before in story.changed.items():
            db.session.add(
                Change(
                    application_id=application.id, ask_id=ask.id, key=key, before=before,
                    after=answers[key], at=answered or self.now,
                )
            )  # fmt: skip


def load(seed: int, now: datetime) -> None:
    """Write the applications of those who are members now, and of those who want to be."""
    writer = Writer(seed, now)
    companies = db.session.scalars(select(Company)).all()
    for shipper in SHIPPERS:
        company = next(each for each in companies if each.name == shipper.name)
        _member(writer, shipper, company)
    for story in _stories():
        writer.write(story)


def _member(writer: Writer, shipper: Shipper, company: Company) -> None:
    """Write the application by which a company became a member, and its terms."""
    since = (writer.now - company.created_at) / HOUR
    owner = db.session.execute(
        select(Person.name, Person.email, Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.company_id == company.id)
        .order_by(Membership.id)
    ).first()
    story = Story(
        name=company.name,
        name_en=company.name_en or "",
        city=shipper.ships_from,
        contact=owner.name if owner else "王晓明",
        email=owner.email if owner else f"office@{shipper.order_prefix.lower()}.example",
        phone=str((company.consignor or {}).get("phone") or "+8613800000000"),
        trade=shipper.trades[0],
        country=company.country,
        registration_no="" if company.country == "CN" else "HRB 150372",
        locale="zh-Hans" if company.country == "CN" else "en",
        weight=str(round(400 * shipper.share, 1)),
        expected=str(int(9000 * shipper.share)),
        way=(*_sent(since + 30), ("take", since + 24, "sales"), ("approve", since, "manager")),
        checks=(("name", "registry_extract", "", "sales"), ("contacts", "phone_call", "", "sales")),
    )
    application = writer.write(story, company)
    application.due_at = None
    company.payment_terms = TERMS[writer.rng.randrange(len(TERMS))]
    company.account_manager_id = writer.staff["sales"]
    company.confirmed_on = _day(application.decided_at or writer.now)
    if owner is not None:
        db.session.add(
            Onboarding(
                company_id=company.id,
                dismissed_at=company.created_at + timedelta(days=9),
                dismissed_by_id=owner.id,
            )
        )


def _day(at: datetime) -> date:
    return at.astimezone(clock.zone()).date()
