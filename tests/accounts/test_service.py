"""What the services of accounts do and refuse, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import service
from portal.accounts.login import by_key, by_session
from portal.accounts.models import ApiKey, Invitation, Membership, Person
from portal.accounts.roles import MEMBER_ROLES
from portal.accounts.service.colleagues import Inviter
from portal.accounts.service.people import LOCKED_FOR, TRIES, find_person
from portal.core import clock, passwords, scope
from portal.core.db import db, transaction
from portal.core.errors import Forbidden, Invalid, Refused
from portal.core.events import EventRecord
from tests.accounts.mailed import link_in, mails
from tests.factories import PASSWORD, make_colleague, make_company, make_key, make_person

pytestmark = pytest.mark.both_databases


def recorded(name: str) -> list[dict]:
    rows = db.session.scalars(select(EventRecord).where(EventRecord.name == name))
    return [row.payload for row in rows]


def link_of(mail: dict) -> str:
    """Return the token at the end of the link in a mail."""
    return link_in(mail).rpartition("/")[2]


def inviter(person, role: str = "owner") -> Inviter:
    return Inviter(person_id=person.id, name=person.name, rights=MEMBER_ROLES[role])


def try_once(person, password: str) -> Person | None:
    tried = service.try_password(person.email, password)
    with transaction():
        return service.settle(tried)


def open_session(person) -> str:
    with transaction():
        return service.sign_in(person, browser="test", lasts=timedelta(days=1))


def membership_of(person) -> Membership:
    return db.session.scalar(select(Membership).where(Membership.person_id == person.id))


@pytest.fixture
def outside(app):
    """Let links be made as in a request."""
    with app.test_request_context():
        yield


def test_the_tenth_wrong_password_locks_the_account(app):
    person = make_person()
    for _ in range(TRIES):
        assert try_once(person, "wrong") is None
    assert try_once(person, PASSWORD) is None
    assert len(recorded("person.sign_in_locked")) == 1


def test_a_locked_account_opens_again_by_itself(app, monkeypatch):
    person = make_person()
    for _ in range(TRIES):
        try_once(person, "wrong")
    later = clock.now() + LOCKED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert try_once(person, PASSWORD) is not None


def test_the_right_password_forgets_the_wrong_ones(app):
    person = make_person()
    for _ in range(TRIES - 1):
        try_once(person, "wrong")
    try_once(person, PASSWORD)
    assert try_once(person, "wrong") is None
    assert try_once(person, PASSWORD) is not None


def test_a_hash_of_less_cost_is_replaced_at_sign_in(app, monkeypatch):
    person = make_person()
    before = person.password_hash
    monkeypatch.setitem(passwords.COSTS, "test", passwords.PasswordHasher(2, 16, 1))
    assert try_once(person, PASSWORD).password_hash != before
    assert try_once(person, PASSWORD) is not None


def test_nobody_signs_in_without_a_password(app):
    with transaction():
        person = service.create_person("new@quayside.example", "New", None)
    assert try_once(person, "") is None
    assert try_once(person, "nobody has this password") is None


@pytest.mark.parametrize("email", ["a\x00b@quayside.example", "", "x" * 5000])
def test_strange_addresses_are_nobodys(app, email):
    assert find_person(email) is None


def test_a_new_password_ends_every_session(app, outside):
    person = make_person()
    token = open_session(person)
    with transaction():
        service.set_password(
            db.session.get_one(Person, person.id), "another password", by=person.id
        )
    assert by_session(token) is None
    assert recorded("person.signed_out")[0]["sign_in_ids"]
    assert len(recorded("person.password_changed")) == 1


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_passwords_too_short_or_too_long_are_refused(app, password):
    person = make_person()
    with pytest.raises(Invalid):
        service.set_password(person, password, by=None)


def test_a_reset_link_works_once(app, outside):
    person = make_person()
    with transaction():
        service.mail_reset(person)
    token = link_of(mails()[0])
    with transaction():
        assert service.person_of_reset(token, use=True).id == person.id
    with pytest.raises(Refused):
        service.person_of_reset(token)


def test_a_reset_link_ends(app, outside, monkeypatch):
    person = make_person()
    with transaction():
        service.mail_reset(person)
    later = clock.now() + timedelta(hours=2, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refused):
        service.person_of_reset(link_of(mails()[0]))


def test_a_link_does_not_believe_the_host_that_was_asked(app):
    person = make_person()
    with app.test_request_context(base_url="http://evil.example"), transaction():
        service.mail_reset(person)
    assert "evil" not in mails()[0]["body"]


def test_a_mail_speaks_the_language_of_its_reader(app, outside):
    person = make_person(locale="en")
    with transaction():
        service.tell_password_changed(person)
    assert mails()[0]["subject"] == "Your password was changed"


def test_an_invitation_makes_a_colleague(app, outside):
    company, owner = make_company(), make_colleague()
    with transaction():
        service.invite(company, "New@Quayside.Example", "finance", by=inviter(owner))
    person = make_person(email="new@quayside.example")
    with transaction():
        invitation = service.invitation_of(link_of(mails()[0]), lock=True)
        assert service.accept(invitation, person).role == "finance"
    with pytest.raises(Refused):
        service.invitation_of(link_of(mails()[0]))


def test_an_invitation_is_for_its_own_address_only(app, outside):
    company, owner = make_company(), make_colleague()
    with transaction():
        service.invite(company, "a@quayside.example", "viewer", by=inviter(owner))
    stranger = make_person()
    with pytest.raises(Refused):
        service.accept(service.invitation_of(link_of(mails()[0])), stranger)


def test_an_invitation_sent_again_has_another_link(app, outside):
    company, owner = make_company(), make_colleague()
    with transaction():
        invitation = service.invite(company, "a@quayside.example", "viewer", by=inviter(owner))
    with transaction():
        service.resend(invitation, company, by=inviter(owner))
    old, new = (link_of(mail) for mail in mails())
    with pytest.raises(Refused):
        service.invitation_of(old)
    assert service.invitation_of(new).ref == invitation.ref


def test_a_withdrawn_invitation_is_worthless(app, outside):
    company, owner = make_company(), make_colleague()
    with transaction():
        invitation = service.invite(company, "a@quayside.example", "viewer", by=inviter(owner))
        service.withdraw(invitation, by=owner.id)
    with pytest.raises(Refused):
        service.invitation_of(link_of(mails()[0]))


def test_nobody_is_invited_twice(app, outside):
    company, owner = make_company(), make_colleague()
    with transaction():
        service.invite(company, "a@quayside.example", "viewer", by=inviter(owner))
    with pytest.raises(Invalid):
        service.invite(company, "a@quayside.example", "viewer", by=inviter(owner))


def test_a_colleague_is_not_invited(app, outside):
    company = make_company()
    owner = make_colleague(company)
    with pytest.raises(Invalid):
        service.invite(company, owner.email, "viewer", by=inviter(owner))


def test_an_administrator_cannot_invite_an_owner(app, outside):
    with pytest.raises(Forbidden):
        service.invite(
            make_company(), "a@quayside.example", "owner", by=inviter(make_colleague(), "admin")
        )


def test_an_administrator_cannot_change_an_owner(app):
    company = make_company()
    first, _second = make_colleague(company), make_colleague(company)
    with pytest.raises(Forbidden):
        service.change_role(
            membership_of(first), "viewer", by=inviter(first, "admin"), company_name="C"
        )


@pytest.mark.parametrize("role", ["viewer", None])
def test_the_last_owner_stays(app, role):
    owner = make_colleague()
    with pytest.raises(Refused):
        service.change_role(membership_of(owner), role, by=inviter(owner), company_name="C")


def test_an_owner_can_go_when_there_is_another(app):
    company = make_company()
    first, second = make_colleague(company), make_colleague(company)
    with transaction():
        service.change_role(membership_of(first), None, by=inviter(second), company_name="C")
    assert membership_of(first) is None
    assert recorded("membership.role_changed")[0]["role"] is None


def test_whoever_leaves_takes_his_keys_along(app):
    company = make_company()
    owner, leaver = make_colleague(company), make_colleague(company, "operations")
    key = make_key(leaver, company)
    with transaction():
        service.change_role(membership_of(leaver), None, by=inviter(owner), company_name="C")
    assert by_key(key) is None
    assert len(recorded("api_key.revoked")) == 1


def test_a_key_cannot_do_more_than_its_maker(app):
    company = make_company()
    viewer = make_colleague(company, "viewer")
    with pytest.raises(Invalid), transaction():
        service.create_key(viewer, company, label="x", scopes=["consignments.create"])


def test_a_key_loses_what_its_person_loses(app):
    company = make_company()
    owner, other = make_colleague(company), make_colleague(company, "operations")
    key = make_key(other, company)
    assert by_key(key).may("consignments.create")
    with transaction():
        service.change_role(membership_of(other), "viewer", by=inviter(owner), company_name="C")
    assert not by_key(key).may("consignments.create")


def test_a_key_ends(app, monkeypatch):
    company = make_company()
    person = make_colleague(company)
    with transaction():
        key = service.create_key(person, company, label="x", lasts=timedelta(hours=1))
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert by_key(key) is None


def test_only_the_hash_of_a_key_is_kept(app):
    company = make_company()
    key = make_key(make_colleague(company), company)
    row = db.session.scalars(select(ApiKey).execution_options(**scope.CENTRE)).one()
    assert key not in str(vars(row))


def test_people_of_a_suspended_company_have_no_rights(app):
    company = make_company()
    person = make_colleague(company)
    token, key = open_session(person), make_key(person, company)
    with transaction():
        service.set_standing(company, "suspended", by=person.id)
    assert by_session(token).rights == frozenset()
    assert by_key(key).rights == frozenset()
    assert recorded("membership.role_changed")[0]["role"] is None


def test_a_reopened_company_has_its_rights_back(app):
    company = make_company()
    person = make_colleague(company)
    token = open_session(person)
    with transaction():
        service.set_standing(company, "suspended", by=person.id)
        service.set_standing(company, "member", by=person.id)
    assert by_session(token).may("consignments.create")


def test_signing_in_opens_a_company_that_is_open(app):
    person = make_colleague(make_company(name="First"))
    second = make_company(name="Second")
    with transaction():
        service.add_colleague(person, second, "viewer")
        first = db.session.get_one(Membership, membership_of(person).id).company_id
        service.set_standing(db.session.get_one(type(second), first), "suspended", by=person.id)
    assert by_session(open_session(person)).company_name == "Second"


def test_the_last_administrator_stays(app):
    admin = make_person(staff_role="admin")
    with pytest.raises(Refused):
        service.change_staff_role(admin, "dispatcher", by=admin.id)


def test_whoever_leaves_the_centre_loses_his_keys(app):
    admin, leaver = make_person(staff_role="admin"), make_person(staff_role="dispatcher")
    key = make_key(leaver)
    with transaction():
        service.change_staff_role(db.session.get_one(Person, leaver.id), None, by=admin.id)
    assert by_key(key) is None


def test_an_address_that_is_known_is_not_employed(app, outside):
    admin = make_person(staff_role="admin")
    with pytest.raises(Invalid):
        service.employ(admin.email, "Again", "driver", by=admin.id)


def test_somebody_employed_sets_a_password_by_mail(app, outside):
    admin = make_person(staff_role="admin")
    with transaction():
        person = service.employ("new@quayside.example", "New", "driver", by=admin.id)
    assert service.person_of_reset(link_of(mails()[0])).id == person.id


def test_invitations_are_read_on_somebodys_behalf_only(app):
    with pytest.raises(scope.Unscoped):
        db.session.scalars(select(Invitation)).all()
