"""How papers move when two companies turn out to be one."""

from portal.accounts import merging
from portal.accounts.merging import Rows
from portal.consignments.merging import follow
from portal.core.i18n import lazy as _l
from portal.documents.evidence.models import EvidencePack
from portal.documents.models import PrintBatch


def join() -> None:
    """Let batches of papers move; evidence goes with its consignment."""
    follow(EvidencePack.__table__)
    merging.provide_rows(Rows(PrintBatch.__table__), label=_l("Batches of papers"))
