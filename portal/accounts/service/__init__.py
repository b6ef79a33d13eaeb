"""What can be done with people, companies and keys: one function a verb; none commits."""

from portal.accounts.service.companies import add_colleague, create_company
from portal.accounts.service.keys import create_key, create_key_for_email
from portal.accounts.service.people import (
    change_profile,
    create_person,
    end_sign_ins,
    mail_reset,
    person_of_reset,
    set_password,
    settle,
    sign_in,
    switch_company,
    tell_password_changed,
    try_password,
    wrong_password,
)

__all__ = [
    "add_colleague",
    "change_profile",
    "create_company",
    "create_key",
    "create_key_for_email",
    "create_person",
    "end_sign_ins",
    "mail_reset",
    "person_of_reset",
    "set_password",
    "settle",
    "sign_in",
    "switch_company",
    "tell_password_changed",
    "try_password",
    "wrong_password",
]
