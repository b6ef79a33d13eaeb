"""What can be done with people, companies and keys: one function a verb; none commits."""

from portal.accounts.service.companies import add_colleague, create_company
from portal.accounts.service.keys import create_key, create_key_for_email
from portal.accounts.service.people import create_person

__all__ = ["add_colleague", "create_company", "create_key", "create_key_for_email", "create_person"]
