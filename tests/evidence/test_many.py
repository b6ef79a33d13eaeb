"""Evidence of many consignments in one archive, made by a worker, as papers are."""

import io
import zipfile

import pytest
from sqlalchemy import delete, select

from portal.accounts.models import Membership
from portal.core import jobs, scope
from portal.core.db import db, transaction
from portal.documents import rules
from portal.documents.models import PrintBatch
from tests.evidence.packs import unpacked
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
    push,
)
from workers import relay


@pytest.fixture
def centre(app):
    """Return a company's owner and the numbers of three consignments, one of them with a note."""
    company = make_company()
    nos = [make_consignment(company).no for _ in range(3)]
    push(nos[0], "note", published=False, note="internal words")
    make_consignment()
    relay.run_once()
    return make_colleague(company), nos


def order(browser, nos, where="/portal/documents"):
    """Order packs as the list does: confirm, then let the worker work; return the file's page."""
    asked = browser.get(f"{where}/print", query_string={"paper": "evidence", "no": nos})
    assert asked.status_code == 200
    assert 'value="evidence"' in asked.text
    answer = browser.post(where, {"paper": "evidence", "no": nos})
    assert answer.status_code == 302, answer.text
    return answer.location


def fetched(browser, page) -> bytes:
    """Return the file of a batch."""
    answer = browser.get(f"{page}/papers.pdf")
    assert answer.content_type == "application/zip"
    data = answer.data
    answer.close()
    return data


def batches():
    db.session.remove()
    return db.session.execute(select(PrintBatch.__table__).execution_options(**scope.CENTRE)).all()


def test_a_worker_makes_the_packs_of_many(centre, as_user, tmp_path):
    owner, nos = centre
    browser = as_user(owner)
    page = order(browser, nos)
    assert batches()[0].state == "queued"
    jobs.run_once()
    assert batches()[0].state == "done"
    assert batches()[0].done == 3
    assert "Fetch the ZIP" in browser.get(page).text
    data = fetched(browser, page)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"evidence-{no}.zip" for no in nos]
        packs = [unpacked(archive.read(f"evidence-{no}.zip"), tmp_path, no) for no in nos]
    for pack in packs:
        assert pack.run("sha256sum", "-c", "--quiet", "SHA256SUMS").returncode == 0
        assert pack.run("sh", "check.sh").returncode == 0
        assert "internal words" not in pack.text()


def test_the_desk_makes_them_over_companies_with_internal_notes(centre, as_user, tmp_path):
    _, nos = centre
    browser = as_user(make_dispatcher())
    page = order(browser, nos, "/desk/documents")
    jobs.run_once()
    with zipfile.ZipFile(io.BytesIO(fetched(browser, page))) as archive:
        pack = unpacked(archive.read(f"evidence-{nos[0]}.zip"), tmp_path, nos[0])
    assert "internal words" in pack.text()


def test_a_stranger_gets_none_and_sees_no_file(centre, as_user):
    owner, nos = centre
    stranger = as_user(make_colleague())
    refused = stranger.post("/portal/documents", {"paper": "evidence", "no": nos})
    assert refused.status_code == 409
    page = order(as_user(owner), nos)
    jobs.run_once()
    assert stranger.get(f"{page}/papers.pdf").status_code == 404


def test_too_many_are_refused_with_what_to_do(centre, as_user, monkeypatch):
    owner, nos = centre
    monkeypatch.setattr(rules, "MOST_PACKS", 2)
    answer = as_user(owner).post("/portal/documents", {"paper": "evidence", "no": nos})
    assert answer.status_code == 409
    assert "Narrow the list" in answer.text


def test_who_was_removed_meanwhile_gets_nothing(centre, as_user):
    owner, nos = centre
    order(as_user(owner), nos)
    with transaction():
        db.session.execute(
            delete(Membership.__table__)
            .where(Membership.__table__.c.person_id == owner.id)
            .execution_options(**scope.CENTRE)
        )
    jobs.run_once()
    assert batches()[0].state == "failed"
    assert "not see these consignments any more" in batches()[0].error


def test_a_batch_that_is_stopped_leaves_no_file(centre, as_user, app, monkeypatch):
    owner, nos = centre
    page = order(as_user(owner), nos)
    monkeypatch.setattr("portal.documents.service.progress", lambda *_: False)
    jobs.run_once()
    assert batches()[0].state == "running"
    assert as_user(owner).get(f"{page}/papers.pdf").status_code == 404


def test_packs_with_internal_notes_are_not_there_for_staff_who_may_not_read_those(centre, as_user):
    _, nos = centre
    page = order(as_user(make_dispatcher()), nos, "/desk/documents")
    jobs.run_once()
    finance = as_user(make_person(staff_role="finance"))
    for path in (page, f"{page}/fragment", f"{page}/papers.pdf"):
        assert finance.get(path).status_code == 404
    assert page not in finance.get("/desk/documents").text
    assert finance.post(f"{page}/cancel").status_code == 404
    agent = as_user(make_person(staff_role="agent"))
    assert agent.get(page).status_code == 200


def test_staff_without_internal_notes_find_their_own_packs_again(centre, as_user, tmp_path):
    _, nos = centre
    finance = as_user(make_person(staff_role="finance"))
    page = order(finance, nos, "/desk/documents")
    jobs.run_once()
    assert page in finance.get("/desk/documents").text
    with zipfile.ZipFile(io.BytesIO(fetched(finance, page))) as archive:
        pack = unpacked(archive.read(f"evidence-{nos[0]}.zip"), tmp_path, nos[0])
    assert "internal words" not in pack.text()
