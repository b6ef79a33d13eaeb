"""What can be done with people, companies and keys: one function a verb; none commits."""

from portal.accounts.service.colleagues import (
    accept,
    change_role,
    invitation_of,
    invite,
    resend,
    withdraw,
)
from portal.accounts.service.companies import (
    add_colleague,
    change_company,
    create_company,
    set_standing,
)
from portal.accounts.service.ended import forget_ended
from portal.accounts.service.keys import create_key, create_key_for_email, revoke_key
from portal.accounts.service.passwords import set_password, tell_password_changed
from portal.accounts.service.people import (
    change_profile,
    create_person,
    end_sign_ins,
    mail_reset,
    person_of_reset,
    settle,
    sign_in,
    switch_company,
    try_password,
    wrong_password,
)
from portal.accounts.service.staff import change_staff_role, employ

__all__ = [
    "accept",
    "add_colleague",
    "change_company",
    "change_profile",
    "change_role",
    "change_staff_role",
    "create_company",
    "create_key",
    "create_key_for_email",
    "create_person",
    "employ",
    "end_sign_ins",
    "forget_ended",
    "invitation_of",
    "invite",
    "mail_reset",
    "person_of_reset",
    "resend",
    "revoke_key",
    "set_password",
    "set_standing",
    "settle",
    "sign_in",
    "switch_company",
    "tell_password_changed",
    "try_password",
    "withdraw",
    "wrong_password",
]
