"""Commands of learning: ``flask --app wsgi learning …``."""

import click
from flask.cli import AppGroup

from portal.core import clock
from portal.core.db import db, transaction
from portal.learning.starter.loading import load, load_answers

group = AppGroup("learning", help="Courses, books and answers to begin with.")


@group.command("starter")
@click.option("--with-answers", is_flag=True, help="Publish the invented questions too.")
def starter(with_answers: bool) -> None:
    """Publish the courses and books a centre begins with; what is there stays."""
    with transaction():
        made = load(clock.now())
        answers = load_answers(clock.now(), on=db.session.connection()) if with_answers else 0
    click.echo(f"{made} courses and books, {answers} answered questions.")
