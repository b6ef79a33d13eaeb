"""The command that imports a file without a browser."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import Row

from portal.core import sentences
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.exchange import jobs, queries
from portal.exchange.findings import Findings
from portal.exchange.service import uploads
from portal.exchange.service.uploads import Upload

group = AppGroup("import", help="Bring in what other systems hold.")
GROUPS = (group,)
SHOWN = 50  # kinds of problems


@group.command("consignments")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--company", "company_ref", required=True, help="Reference of the company.")
@click.option("--dry-run", is_flag=True, help="Check the file and create nothing.")
@click.option("--good-rows", is_flag=True, help="Create what is good although some is not.")
@click.option("--kind", type=click.Choice(list(uploads.KINDS)), help="Default: as it looks.")
def consignments(
    *, file: Path, company_ref: str, dry_run: bool, good_rows: bool, kind: str | None
) -> None:
    """Import the consignments of FILE (CSV or XLSX) for a company."""
    try:
        row = _begun(file, company_ref, kind, None if dry_run else _choice(good_rows))
    except PortalError as fault:
        raise click.ClickException(str(fault)) from fault
    jobs.carry_on(row.id, row.company_id)
    _report(queries.find_import(row.id, row.company_id))


def _choice(good_rows: bool) -> str:
    return "good_rows" if good_rows else "all_or_nothing"


def _begun(file: Path, company_ref: str, kind: str | None, choice: str | None) -> Row[Any]:
    with transaction():
        company = queries.company_by_ref(company_ref)
        row = uploads.receive(Upload(file.read_bytes(), file.name, company.id, None), kind=kind)
        if row.state == "failed":
            return row
        row = uploads.map_columns(row, uploads.mapping_of(row))
        return uploads.begin_check(row, choice=choice)


def _report(row: Any) -> None:
    click.echo(
        f"{row.ref} {row.state}: {row.rows} rows, {row.consignments} consignments, "
        f"{row.good} good, {row.bad} bad, {row.created} created, {row.existing} there already"
    )
    if row.check_key:
        _report_problems(row)
    if row.state == "failed":
        raise click.ClickException(sentences.said(row.error))


def _report_problems(row: Any) -> None:
    with Findings(row.check_key) as found:
        for each in found.groups(SHOWN):
            sign = "!" if each.is_bad else " "
            said = sentences.said(each.message)
            click.echo(
                f"{sign} {each.times} x {each.header} “{each.given}”: {said} (line {each.line})"
            )
