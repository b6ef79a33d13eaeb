"""Imports by program and by command."""

import io

import pytest

from portal.core import jobs
from portal.core.db import db
from tests.exchange.importing import BAD, GOOD, HEAD, consignment_count, member_company, work
from tests.factories import make_colleague, make_key

pytestmark = pytest.mark.both_databases
URL = "/api/v1/imports/consignments"


@pytest.fixture
def company(app):
    return member_company()


@pytest.fixture
def program(with_key, company):
    return with_key(make_key(make_colleague(company, "operations"), company))


def send(program, text: str, query: str = "", **kwargs):
    data = {"file": (io.BytesIO(text.encode()), "orders.csv")}
    return program.browser.open(
        URL + query, method="POST", data=data, headers=program.headers | kwargs
    )


def test_a_dry_run_tells_every_bad_cell_and_creates_nothing(app, program):
    reply = send(program, HEAD + GOOD + BAD, "?dry_run=1")
    assert reply.status_code == 202, reply.text
    work()
    told = program.get(reply.json["links"]["self"]).json
    assert (told["state"], told["counts"]["good"], told["counts"]["bad"]) == ("checked", 2, 1)
    (error,) = told["errors"]
    assert (error["line"], error["column"], error["text"]) == (4, "电话", "12")
    assert (error["field"], error["blocks"]) == ("consignee_phone", True)
    assert consignment_count() == 0


def test_a_body_of_csv_is_taken(app, program):
    reply = program.browser.open(
        URL, method="POST", data=(HEAD + GOOD).encode(), content_type="text/csv",
        headers=program.headers,
    )  # fmt: skip
    assert reply.status_code == 202, reply.text
    work()
    told = program.get(reply.json["links"]["self"]).json
    assert (told["state"], told["counts"]["created"]) == ("done", 2)


def test_all_or_nothing_is_the_rule(app, program):
    reply = send(program, HEAD + GOOD + BAD)
    work()
    told = program.get(reply.json["links"]["self"]).json
    assert told["state"] == "failed"
    assert "Nothing was imported" in told["error"]
    assert len(told["errors"]) == 1
    assert consignment_count() == 0


def test_good_rows_alone_are_taken_when_asked(app, program):
    send(program, HEAD + GOOD + BAD, "?mode=good")
    work()
    assert consignment_count() == 2


def test_the_same_key_imports_once(app, program):
    first = send(program, HEAD + GOOD, **{"Idempotency-Key": "k1"})
    assert first.status_code == 202, first.text
    work()
    assert consignment_count() == 2


def test_a_mapping_that_lacks_a_field_names_it(app, program):
    reply = send(program, "订单号,品名\nA-1,洗衣液\n")
    assert reply.status_code == 422
    assert "mapping.consignee_phone" in [error["field"] for error in reply.json["errors"]]


@pytest.mark.parametrize("query", ["?mode=some", "?kind=returns", "?mapping=[1", "?mapping=[]"])
def test_an_unknown_option_is_refused(app, program, query):
    assert send(program, HEAD + GOOD, query).status_code == 422


def test_what_is_no_sheet_is_refused(app, program):
    reply = program.browser.open(URL, method="POST", data=b"%PDF-1.7", headers=program.headers)
    assert reply.status_code == 422
    assert reply.json["errors"][0]["field"] == "file"


def test_another_companys_import_looks_missing(app, program, with_key):
    reply = send(program, HEAD + GOOD, "?dry_run=1")
    other = member_company("别家")
    stranger = with_key(make_key(make_colleague(other, "operations"), other))
    assert stranger.get(reply.json["links"]["self"]).status_code == 404


def test_the_command_imports_a_file(app, company, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + GOOD, encoding="utf-8")
    ref = company.ref
    db.session.remove()
    dry = app.test_cli_runner().invoke(
        args=["import", "consignments", str(file), "--company", ref, "--dry-run"]
    )
    assert (dry.exit_code, consignment_count()) == (0, 0), dry.output
    done = app.test_cli_runner().invoke(
        args=["import", "consignments", str(file), "--company", ref]
    )
    assert (done.exit_code, consignment_count()) == (0, 2), done.output
    assert "2 created" in done.output
    assert jobs.run_once() == 0


def test_the_command_fails_where_a_row_is_bad(app, company, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + GOOD + BAD, encoding="utf-8")
    ref = company.ref
    db.session.remove()
    done = app.test_cli_runner().invoke(
        args=["import", "consignments", str(file), "--company", ref]
    )
    assert (done.exit_code, consignment_count()) == (1, 0), done.output
