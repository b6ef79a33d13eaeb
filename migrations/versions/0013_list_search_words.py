"""let the words of the search index be read in order, so that beginnings are looked up as words

Revision ID: 0013
Revises: 0012
"""

from alembic import op

from portal.consignments.fulltext import INDEX

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    INDEX.create_terms(op.get_bind())


def downgrade() -> None:
    INDEX.drop_terms(op.get_bind())
