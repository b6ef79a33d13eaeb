"""The applicant's key: opens one application, and can be written into every mail anew.

It is made of the portal's secret and a seed in the row, so nothing in the database opens anything.
"""

import hmac
import secrets
from typing import Any

from portal.accounts.service.companies import LETTERS
from portal.core import tokens
from portal.membership.models import Application

PURPOSE = "application"
CODE = "application code"
INVITE = "application invitation"
REFERRAL = "referral"


def new_ref(prefix: str) -> str:
    """Return a random public reference such as ``AP7K2M9T4X0``."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(9))


def key_of(application: Application) -> str:
    """Return the key that opens an application."""
    return _mac([application.ref, application.key_seed], PURPOSE)


def opens(key: str, application: Application | None) -> bool:
    """Return whether ``key`` opens the application; takes as long where there is none."""
    right = key_of(application) if application else _mac(["", ""], PURPOSE)
    return _same(right, key) and application is not None


def new_code() -> str:
    """Return six digits to type off a mail."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(application: Application, code: str) -> str:
    """Return what is kept of a code: worthless without the portal's secret."""
    return _mac([application.ref, application.key_seed, code], CODE)


def proof_of(application: Application) -> str:
    """Return what a link proves the e-mail address with: good for the address it was sent to."""
    return _mac([application.ref, application.key_seed, application.email], "application proof")


def proves(proof: str, application: Application) -> bool:
    """Return whether ``proof`` came with a mail to the present address."""
    return _same(proof_of(application), proof)


def same_code(application: Application, code: str) -> bool:
    """Return whether ``code`` is the one that was mailed."""
    return _same(application.code_hash or "", code_hash(application, code))


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass"))


def _mac(value: Any, purpose: str) -> str:
    return tokens.signed(value, purpose).rpartition(".")[2]


def referral_code(person_id: int) -> str:
    """Return the short code by which a member of staff refers people."""
    return "Q" + "".join(c for c in _mac(person_id, REFERRAL).upper() if c in LETTERS)[:6]


def invite_token(
    *, name: str = "", email: str = "", phone: str = "", company: str = "", message_ref: str = ""
) -> str:
    """Return what to put behind ``/apply/new?from=``: begins an application that is filled so far.

    Anybody who has it can begin one; it opens nothing that is kept here.
    """
    return tokens.signed([name, email, phone, company, message_ref], INVITE)


def read_invite(token: str) -> dict[str, str]:
    """Return name, email, phone, company and message_ref of an invitation; empty for no token."""
    found = tokens.read_signed(token, INVITE) if token else None
    if not isinstance(found, list) or len(found) != 5:
        return {}
    names = ("name", "email", "phone", "company", "message_ref")
    return {name: str(value) for name, value in zip(names, found, strict=True)}
