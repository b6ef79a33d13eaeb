"""Commands of the first real set-up: staff, companies, API keys."""

import click

from portal.accounts import matrix, roles, service
from portal.accounts.service.people import find_person
from portal.core.commands import Commands
from portal.core.db import transaction
from portal.core.i18n import speaking

staff = Commands("staff", help="The centre's own people.")
company = Commands("company", help="Companies known to the centre.")
apikey = Commands("apikey", help="Keys for programs.")
GROUPS = (staff, company, apikey)


@staff.command("create")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(sorted(roles.STAFF_ROLES)))
@click.option("--name", default=None, help="How the person is called; else the address.")
@click.password_option(help="Asked for when it is not given.")
def create_staff(email: str, role: str, name: str | None, password: str) -> None:
    """Let a person of the centre sign in."""
    with transaction():
        service.create_person(email, name or email.partition("@")[0], password, staff_role=role)
    click.echo(f"{email} can sign in as {role}.")


@staff.command("matrix")
def print_matrix() -> None:
    """Print who may do what, as docs/roles.md."""
    with speaking("en"):
        click.echo(matrix.markdown(), nl=False)


@company.command("create")
@click.argument("name")
@click.option("--country", default="CN", help="ISO 3166-1 alpha-2.")
@click.option("--owner", default=None, help="E-mail of its owner, who can sign in at once.")
@click.option("--password", default=None, help="The owner's password; else he sets one by mail.")
def create_company(name: str, country: str, owner: str | None, password: str | None) -> None:
    """Make a company a member, with its first owner."""
    with transaction():
        made = service.create_company(name, country=country)
        if owner:
            person = find_person(owner) or service.create_person(owner, owner, password)
            service.add_colleague(person, made, "owner")
    click.echo(made.ref)


@apikey.command("create")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, help="A right; repeat for several. Default: all.")
@click.option("--company", "company_ref", default=None, help="Reference, for people in several.")
@click.option("--label", default="command line")
def create_key(email: str, scopes: tuple[str, ...], company_ref: str | None, label: str) -> None:
    """Make an API key that acts as a person; it is shown once."""
    with transaction():
        key = service.create_key_for_email(email, company_ref, label=label, scopes=scopes)
    click.echo(key)
