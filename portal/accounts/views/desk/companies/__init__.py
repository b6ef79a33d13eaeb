"""Companies at the desk: the register, one company, its notes, and making two one."""

from portal.accounts.views.desk.companies import editing, index, merging, notes, standing, views
from portal.accounts.views.desk.companies.blueprint import bp

__all__ = ["bp", "editing", "index", "merging", "notes", "standing", "views"]
