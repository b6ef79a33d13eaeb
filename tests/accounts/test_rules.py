"""Rules of accounts: roles, local paths, browsers, credit codes, phones."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wtforms.validators import ValidationError

from portal.accounts import company_forms, matrix, roles, rules
from portal.accounts.views.ways import local_path

ROOT = Path(__file__).parents[2]
CREDIT_CODE = "91110000600037341L"  # the example of python-stdnum


def test_a_matrix_without_a_mark_for_every_role_is_refused():
    with pytest.raises(ValueError, match="zip"):
        roles.parse("right owner viewer\nx.see x")


def test_every_role_has_a_name():
    assert set(roles.ROLE_NAMES) >= set(roles.MEMBER_ROLES) | set(roles.STAFF_ROLES)


def test_an_owner_has_every_right_of_a_member():
    everything = frozenset().union(*roles.MEMBER_ROLES.values())
    assert roles.MEMBER_ROLES["owner"] == everything


def test_members_and_staff_share_no_right_to_business_data():
    members = frozenset().union(*roles.MEMBER_ROLES.values())
    shared = members & frozenset().union(*roles.STAFF_ROLES.values())
    assert {right for right in shared if not right.startswith("window.")} == {
        "learning.take",
        "club.enter",
        "club.write",
    }


@pytest.mark.parametrize(
    ("granter", "role", "may"),
    [
        ("owner", "owner", True),
        ("owner", "viewer", True),
        ("admin", "owner", False),
        ("admin", "admin", True),
        ("operations", "viewer", False),
        ("viewer", "viewer", False),
    ],
)
def test_only_owners_make_owners(granter, role, may):
    assert roles.may_grant(roles.MEMBER_ROLES[granter], role) is may


@given(st.text(string.printable + "\u2028\x00\\/", max_size=20))
def test_a_local_path_stays_on_this_host(text):
    path = local_path(text)
    assert path is None or (path.startswith("/") and path[1:2] not in ("/", "\\"))


@pytest.mark.parametrize("path", ["/", "/portal", "/portal/consignments?q=箱&status=sorted"])
def test_paths_of_this_site_are_kept(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari · iOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Linux",
        ),
    ],
)
def test_a_browser_is_called_what_people_call_it(header, name):
    assert rules.browser_name(header) == name


def test_a_credit_code_is_kept_in_its_usual_form():
    assert company_forms.credit_code(" 9111 0000 6000 37341l ") == CREDIT_CODE


@pytest.mark.parametrize("code", ["91110000600037342L", "123", "91110000600037341", "x" * 18])
def test_a_wrong_credit_code_is_refused(app, code):
    with pytest.raises(ValidationError):
        company_forms.credit_code(code)


@pytest.mark.parametrize(
    ("given_phone", "country", "kept"),
    [
        ("138 0013 8000", "CN", "+8613800138000"),
        ("0571 5550 0100", "CN", "+8657155500100"),
        ("+49 30 901820", "DE", "+4930901820"),
        ("12", "CN", None),
        ("call me", "CN", None),
    ],
)
def test_phones_are_kept_in_e164(given_phone, country, kept):
    assert company_forms.phone(given_phone, country) == kept


def test_the_page_about_roles_says_what_the_matrix_says(app):
    assert (ROOT / "docs" / "roles.md").read_text() == matrix.markdown()
