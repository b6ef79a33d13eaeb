"""The club's forum: its spaces, their topics, and everything one may do in them."""

import secrets
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.core import clock, limits
from portal.core.db import write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.forum.entering import check_known, once
from portal.forum.forms import EditForm, PostForm, TopicForm
from portal.forum.queries import posts, spaces, threads, topics
from portal.forum.queries.topics import Filter
from portal.forum.rules import posts as rules
from portal.forum.rules import spaces as rights
from portal.forum.rules import trust
from portal.forum.service import holding, reading, writing
from portal.forum.service import polls as asking
from portal.forum.service.polls import Asked
from portal.forum.service.writing import Written
from portal.forum.views import editing, polls
from portal.forum.views.blueprint import bp, check_voice, entered, is_held
from portal.forum.views.page import show
from portal.forum.views.threads import leads_on

ONLY = ("new", "unanswered", "solved", "mine", "followed")
Page = str | tuple[str, int] | Answer


@bp.get("")
def index() -> str:
    """Show the spaces, and what was written last in all of them."""
    user, profile = entered()
    found = spaces.spaces_for(user)
    return render_template(
        "forum/index.html",
        spaces=found,
        new=spaces.new_in(user, profile, found),
        new_most=spaces.NEW_MOST,
        kinds=rights.KINDS,
        profile=profile,
        **_list(user, profile, ""),
    )


def _list(user: User, profile: Any, slug: str) -> dict[str, Any]:
    asked = request.args
    filter_ = Filter(
        space=slug,
        tag=asked.get("tag", "")[: rules.TAG_MAX].lower(),
        text=asked.get("q", "").strip()[:200],
        only=asked["only"] if asked.get("only") in ONLY else "",
    )
    page = topics.topics_for(user, filter_, profile, after=asked.get("after"))
    return {"page": page, "filter": filter_, "suggestions": rules.SUGGESTIONS}


@bp.get("/s/<slug>")
def space(slug: str) -> str:
    """Show the topics of one space."""
    user, profile = entered()
    row = spaces.space_for(user, slug)
    reader = spaces.reader_of(user, profile)
    return render_template(
        "forum/space.html",
        space=row,
        profile=profile,
        kinds=rights.KINDS,
        may_start=rights.may_start(row.starters, row.least_trust, reader),
        is_followed=spaces.follows(user, f"space:{row.id}"),
        **_list(user, profile, slug),
    )


@bp.route("/s/<slug>/new", methods=["GET", "POST"])
def new(slug: str) -> Page:
    """Begin a topic."""
    user, profile = entered()
    row = spaces.space_for(user, slug)
    rights.check_start(row.starters, row.least_trust, spaces.reader_of(user, profile))
    begun = {"form_name": secrets.token_hex(16)} | editing.continued(user, f"begin:{slug}")
    form = TopicForm(request.form, **begun)
    preview = editing.preview(form, user)
    if request.method == "POST" and preview is None and form.validate():
        done = _begun(row, form, user, profile)
        if done is not None:
            return done
    page = render_template("forum/new.html", space=row, form=form, preview=preview)
    return (page, 422) if form.errors else page


def _waiting(way: str) -> Answer:
    flash(
        _(
            "Thank you. A moderator reads the first texts of everybody who is new; "
            "yours is shown as soon as that is done."
        ),
        "good",
    )
    return redirect(way, 303)


def _check_no_poll(asked: Asked | None) -> None:
    if asked is not None:
        raise Refused(
            _("A moderator reads your first texts before they are shown. Add the poll afterwards.")
        )


def _begun(row: Any, form: TopicForm, user: User, profile: Any) -> Answer | None:
    try:
        tags = rules.tags_of(form.tags.data or "")
        limits.spend("post", user.person_id)
        written = Written(text=form.text.data, form_name=form.form_name.data or None)
        title, asked = form.title.data, polls.asked_in(form)
        check_voice(user)
        if is_held(user, profile):
            _check_no_poll(asked)
            once(lambda on: holding.hold(row, None, written, user, title=title, tags=tags, on=on))
            return _waiting(url_for(".space", slug=row.slug, held=1))
        begins = {"title": title, "tags": tags}
        topic = once(lambda on: asking.begin_with(row, written, asked, user, on=on, **begins))
    except PortalError as refusal:
        editing.refused(f"begin:{row.slug}", form, refusal, user)
        return None
    return redirect(url_for(".topic", ref=topic.ref, post=1), 303)


def _may_accept(user: User, row: Any) -> bool:
    asked = row.author_id == user.person_id or user.may("club.moderate")
    return row.space_kind == "question" and asked


@bp.post("/t/<ref>")
@leads_on
def reply(ref: str) -> Page:
    """Reply to a topic; what is refused stands in the form again."""
    user, profile = entered()
    row = topics.topic_for(user, ref)
    form = PostForm(request.form)
    preview = editing.preview(form, user)
    done = _replied(row, form, user, profile) if preview is None else None
    if done is not None:
        return done
    page = show(user, profile, row, posts.page_of(row.last_no), form=form, preview=preview)
    return (page, 422) if form.errors else page


def _replied(row: Any, form: PostForm, user: User, profile: Any) -> Answer | None:
    if not form.validate():
        return None
    try:
        if not rights.may_reply(row.space_repliers, row.state, spaces.reader_of(user, profile)):
            raise Refused(_("This topic takes no replies any more. Your text is kept as a draft."))
        limits.spend("post", user.person_id)
        written = Written(
            text=form.text.data,
            form_name=form.form_name.data or None,
            reply_to=form.reply_to.data if 1 <= (form.reply_to.data or 0) <= row.last_no else None,
        )
        check_voice(user)
        if is_held(user, profile):
            once(lambda on: holding.hold(None, row, written, user, on=on))
            return _waiting(url_for(".topic", ref=row.ref, held=1))
        post = once(lambda on: writing.reply(row, written, user, on=on))
    except PortalError as refusal:
        editing.refused(f"reply:{row.ref}", form, refusal, user)
        return None
    ref = row.ref if post.topic_id == row.id else threads.ref_of(post.topic_id)
    return redirect(url_for(".topic", ref=ref, post=post.no, _anchor=f"p{post.no}"), 303)


@bp.route("/t/<ref>/<int:no>/edit", methods=["GET", "POST"])
def edit(ref: str, no: int) -> Page:
    """Let a post say something else."""
    user, profile = entered()
    check_voice(user)
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    moderates = user.may("club.moderate")
    rules.check_edit(
        post.author_id, user.person_id, post.created_at, clock.now(), may_moderate=moderates
    )
    if request.method == "GET":
        check_known(user, profile)
    begun = {"text": post.text, "base": post.version}
    form = EditForm(request.form, **(begun | editing.continued(user, f"edit:{post.ref}")))
    preview = editing.preview(form, user)
    if request.method == "POST" and preview is None and form.validate():
        done = _edited(row, post, form, user, profile=profile)
        if done is not None:
            return done
    meanwhile = editing.meanwhile(row, no, form, user) if form.errors else None
    given = {"topic": row, "post": post, "form": form, "preview": preview}
    page = render_template("forum/edit.html", **given, meanwhile=meanwhile)
    return (page, 422) if form.errors else page


def _edited(row: Any, post: Any, form: EditForm, user: User, *, profile: Any) -> Answer | None:
    said = {"base": form.base.data, "reason": form.reason.data or None}
    try:
        check_known(user, profile)
        limits.spend("post", user.person_id)
        write(lambda on: writing.edit(row, post, form.text.data, user, **said, on=on))
    except PortalError as refusal:
        editing.refused(f"edit:{post.ref}", form, refusal, user)
        return None
    return redirect(url_for(".topic", ref=row.ref, post=post.no, _anchor=f"p{post.no}"), 303)


@bp.get("/t/<ref>/<int:no>/history")
def history(ref: str, no: int) -> str:
    """Show what a post said before, as differences."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    older = posts.revisions_for(user, row, no)
    newer = [post.text, *(each.text for each in older)]
    changes = [(each, rules.differences(each.text, newer[i])) for i, each in enumerate(older)]
    return render_template("forum/history.html", topic=row, post=post, changes=changes)


@bp.post("/t/<ref>/<int:no>/react")
def react(ref: str, no: int) -> Answer | Response:
    """Find a post useful, or take that back."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    kind = request.form.get("kind", "")
    limits.spend("react", user.person_id)
    once(lambda on: reading.react(row, post, kind, user, on=on))
    return redirect(url_for(".topic", ref=ref, post=no, _anchor=f"p{no}"), 303)


@bp.post("/t/<ref>/accept")
def accept(ref: str) -> Answer:
    """Take a reply for the answer, or take that back."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    if not _may_accept(user, row):
        raise Refused(_("Only who asked chooses the answer."))
    check_voice(user)
    limits.spend("react", user.person_id)
    no = request.form.get("no", type=int)
    chosen = None if no == row.accepted_no else no
    write(lambda on: writing.accept(row, chosen, user, on=on))
    return redirect(url_for(".topic", ref=ref, post=no, _anchor=f"p{no}"), 303)


@bp.post("/t/<ref>/follow")
def follow(ref: str) -> Answer:
    """Follow a topic, mute it, or neither."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    about, how = f"topic:{row.id}", request.form.get("how")
    if how in ("follow", "mute"):
        write(lambda on: reading.follow(about, user.person_id, muted=how == "mute", on=on))
    else:
        write(lambda on: reading.unfollow(about, user.person_id, on=on))
    return redirect(url_for(".topic", ref=ref), 303)


@bp.post("/read")
def read_all() -> Answer:
    """Let everything that was written until now count as read."""
    user, _profile = entered()
    write(lambda on: reading.read_all(user.person_id, on=on))
    flash(_("Everything counts as read."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/trust")
def levels() -> str:
    """Publish what trust takes."""
    profile = entered()[1]
    return render_template("forum/trust.html", levels=trust.LEVELS, profile=profile)
