"""Large files: every code of two hundred labels, every page of five thousand."""

from portal.core import files, jobs
from portal.core.db import transaction
from portal.core.jobs import Lane
from portal.documents import jobs as printing
from portal.documents import queries, rules, service
from tests.documents.making import make_many
from tests.documents.reading import page_count, scanned
from tests.factories import make_colleague, make_company, user_of


def test_two_hundred_labels_come_at_once_in_one_file_with_codes_of_their_own(as_user):
    company = make_company()
    owner = make_colleague(company)
    nos = make_many(company, 200)
    query = "&".join(f"no={no}" for no in nos)

    reply = as_user(owner).get(f"/portal/documents/print?paper=label&{query}")

    assert reply.mimetype == "application/pdf"
    pages = scanned(reply.data)
    assert [next(t for _k, t in found if t in nos) for found in pages] == nos
    pieces = {text for found in pages for _kind, text in found if text.startswith("(00)")}
    assert len(pages) == len(pieces) == 200


def test_five_thousand_labels_are_drawn(app):
    company = make_company()
    owner = make_colleague(company)
    nos = make_many(company, 10, pieces=500)
    asked = service.Order(
        key="", paper=rules.Paper.LABEL, language="zh-Hans", chosen=[(no, 500) for no in nos]
    )
    user = user_of(owner, company)
    with transaction():
        ref, batch_id = service.order(asked, company.id, by=user)
        printing.owe(batch_id)

    jobs.run_once(Lane.LONG)

    batch = queries.batch_for(user, ref)
    assert (batch.state, batch.pages) == ("done", 5000)
    assert batch.size < 25_000_000
    assert page_count(files.read(batch.file_key)) == 5000
