"""What machines read of the public pages: sitemap, robots, the feed, and what pages say of themselves."""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from portal.core import clock
from tests.public.conftest import HOST, LANGUAGES, Reader

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LD = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.S)


def meta(page: str, name: str) -> str | None:
    """Return what a meta element says."""
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', page)
    return unescape(found[1]) if found else None


def rels(page: str, rel: str) -> list[str]:
    """Return the addresses of link elements."""
    return [unescape(href) for href in re.findall(rf'<link rel="{rel}"[^>]*href="([^"]*)"', page)]


def test_the_sitemap_is_valid_and_names_every_page_once(visitor):
    reply = visitor.get("/sitemap.xml")
    assert reply.mimetype == "application/xml"
    tree = ET.fromstring(reply.data)  # noqa: S314 - our own
    locs = [url.findtext(f"{MAP}loc") for url in tree]
    assert len(locs) == len(set(locs)) > 30
    assert all(loc.startswith(f"{HOST}/") for loc in locs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_sitemap_answers_in_every_language(centre, listed, language):
    for path in listed:
        with Reader(centre).get(f"{path}?lang={language}") as reply:
            assert reply.status_code == 200, path
            assert f'<html lang="{language}"' in reply.text, path
            assert meta(reply.text, "robots") is None, path


def test_nothing_that_is_not_for_everybody_stands_in_the_sitemap(listed):
    closed = ("/portal", "/desk", "/account", "/api", "/login", "/password", "/preview", "/s/")
    assert [path for path in listed if path.startswith(closed)] == []


def test_every_page_of_the_sitemap_can_be_reached_by_links(listed, reached):
    assert set(listed) - {path.split("?")[0] for path in reached} == set()


def test_a_page_says_where_it_is_in_which_languages_and_what_it_is(centre, listed):
    for path in listed:
        page = Reader(centre).get(f"{path}?lang=en").text
        assert rels(page, "canonical") == [f"{HOST}{path}?lang=en"], path
        alternates = [href for href in rels(page, "alternate") if "lang=" in href]
        assert 1 <= len(alternates) <= 3, path
        assert f"{HOST}{path}" in rels(page, "alternate"), path
        assert meta(page, "og:title") == re.search("<title>(.*?)</title>", page)[1].split(" · ")[0]
        assert meta(page, "og:url") == f"{HOST}{path}"
        assert meta(page, "og:type") in ("website", "article")
        for text in LD.findall(page):
            assert json.loads(text)["@context"] == "https://schema.org", path


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/", {"Organization"}),
        ("/about", {"BreadcrumbList"}),
        ("/news/open-day", {"NewsArticle", "BreadcrumbList"}),
        ("/services/cold", {"BreadcrumbList"}),
    ],
)
def test_pages_are_described_as_what_they_are(visitor, path, kinds):
    found = [json.loads(text) for text in LD.findall(visitor.get(f"{path}?lang=en").text)]
    assert kinds <= {each["@type"] for each in found}
    for each in found:
        if each["@type"] == "NewsArticle":
            assert each["headline"]
            assert each["datePublished"]
            assert each["inLanguage"] == "en"
            assert urlsplit(each["mainEntityOfPage"]).path == path
        if each["@type"] == "Organization":
            assert each["name"]
            assert each["telephone"]
            assert each["logo"].startswith(HOST)


def test_pages_behind_a_sign_in_and_looked_up_ones_are_not_to_be_listed(visitor, business):
    for path in ("/login", "/track", f"/track/{business.consignment.no}", "/password/reset"):
        assert meta(visitor.get(path).text, "robots") == "noindex", path


def test_robots_are_kept_from_what_is_not_for_everybody(visitor):
    lines = visitor.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /portal", "Disallow: /desk", "Disallow: /api/"} <= set(lines)
    assert lines[-1] == f"Sitemap: {HOST}/sitemap.xml"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_news_are_a_feed_of_their_own_language(visitor, language):
    reply = visitor.get(f"/news.xml?lang={language}")
    assert reply.mimetype == "application/rss+xml"
    channel = ET.fromstring(reply.data)[0]  # noqa: S314 - our own
    items = channel.findall("item")
    assert channel.findtext("title")
    assert channel.findtext("link") == f"{HOST}/news"
    assert len(items) >= 3
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] <= clock.now() + timedelta(minutes=1)
    for item in items:
        path = urlsplit(item.findtext("link")).path
        assert item.findtext("title") in unescape(visitor.get(f"{path}?lang={language}").text)
