"""The papers of one consignment, for whoever may see it."""

import click
from flask import Blueprint, Response
from flask_login import current_user

from portal.consignments.queries.one import consignment_for, pieces_of
from portal.core import limits
from portal.core.pdf import start
from portal.documents import printing
from portal.documents.rules import Paper

bp = Blueprint("papers", __name__, cli_group="papers")
desk_bp = Blueprint("papers_desk", __name__)
api_bp = Blueprint("papers_api", __name__)
ADDRESS = "/<no>/documents/<any(waybill, label, 'packing-list', pod):paper>.pdf"

bp.record_once(start.look)  # missing fonts are told when the portal starts


@bp.get(ADDRESS, endpoint="show")
@desk_bp.get(ADDRESS, endpoint="show")
@api_bp.get(ADDRESS, endpoint="show")
def show(no: str, paper: str) -> Response:
    """Send a paper of one consignment as PDF: waybill, labels, packing list, delivery note."""
    limits.spend("api", current_user.person_id)
    consignment = consignment_for(current_user, no)
    return printing.answer(Paper(paper), consignment, pieces_of(consignment))


@bp.cli.command("check")
def check() -> None:
    """Say whether papers can be printed here."""
    if sentence := start.fault():
        raise click.ClickException(sentence)
    click.echo("Every font of the papers is there.")
