"""What ordering adds to the first steps of a new member: the address book and the first order."""

from sqlalchemy import exists, select

from portal.accounts.access import User
from portal.consignments.models import Address
from portal.consignments.queries.many import counts_for
from portal.core import scope
from portal.core.db import db
from portal.core.i18n import lazy as _l
from portal.membership import onboarding
from portal.membership.onboarding import Step


def _order(user: User) -> Step:
    done = sum(counts_for(user).values()) > 0
    return Step("order", _l("Place your first order"), "consignments.new", done)


def _addresses(user: User) -> Step:
    known = select(exists().where(Address.company_id == user.company_id))
    done = bool(db.session.scalar(known.execution_options(**scope.of(user.company_id or 0))))
    return Step("addresses", _l("Fill the address book"), "addresses.index", done)


onboarding.provide(10, "consignments.create", _order)
onboarding.provide(40, "addresses.edit", _addresses)
steps_for = onboarding.steps_for
