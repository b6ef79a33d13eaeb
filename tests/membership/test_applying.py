"""An applicant fills, keeps, checks, sends and proves; and what strangers learn of it: nothing."""

from tests.membership.applying import answers, apply_by_form, code_of


def test_an_application_goes_from_the_first_step_to_the_desk(browser):
    given = answers()
    ref = apply_by_form(browser, given)
    assert browser.get(f"/apply/{ref}").location.endswith("/proof")
    code = code_of(given["contacts"][0]["email"])
    assert browser.post(f"/apply/{ref}/proof", {"do": "code", "code": code}).status_code == 303
    page = browser.get(f"/apply/{ref}")
    assert "Submitted" in page.text
    assert browser.get(f"/apply/{ref}/copy.pdf").data.startswith(b"%PDF")


def test_x(browser, as_user):
    from tests.factories import make_person
    from tests.membership.applying import make_application
    a = make_application("submitted")
    staff = as_user(make_person(staff_role="manager"))
    assert a.name in staff.get("/desk/applications").text
    r = staff.get(f"/desk/applications/{a.ref}")
    assert r.status_code == 200
    for do in ({"do": "take"}, {"do": "note", "note": "hello"}, {"do": "check:name", "how-name": "phone_call"}):
        r = staff.post(f"/desk/applications/{a.ref}", do)
        assert r.status_code == 302, r.text
    r = staff.get(f"/desk/applications/{a.ref}")
    assert "Verified" in r.text and "hello" in r.text
    assert staff.get(f"/desk/applications/{a.ref}/ask").status_code == 200
    r = staff.post(f"/desk/applications/{a.ref}/ask", {"keys": ["size", "address"], "text": "?"})
    assert r.status_code == 302
    assert staff.get(f"/desk/applications/{a.ref}/approve").status_code == 200
    r = staff.post(f"/desk/applications/{a.ref}/approve", {"role": "owner", "payment_terms": "net30", "account_manager": "1"})
    assert r.status_code == 302, r.text
    assert staff.get(f"/desk/applications/{a.ref}").status_code == 200
    assert staff.get("/desk/applications?state=approved").status_code == 200
    assert staff.get("/desk/applications/questions").status_code == 200
    r = staff.post("/desk/applications/questions")
    assert r.status_code == 302
    assert staff.get(r.location).status_code == 200
    assert staff.get(r.location + "/questions/size").status_code == 200
    assert staff.get(r.location + "/new?section=cargo").status_code == 200
