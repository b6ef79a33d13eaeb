"""Asking other hosts something: only public ones, never the inside of our own network.

The addresses of a host are looked up once, all of them must be public, and the connection goes to
one of them: a name that answers differently a moment later leads nowhere else. Redirects are
followed by hand, each checked in the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

TIMEOUT_S = 10.0
LONGEST_S = 20.0  # of one answer: a host may not hold us by sending a byte now and then
REDIRECTS = 3
AGENT = "Quayside link check"
WEB_PORTS = (80, 443)  # below 1024 nothing else is asked: mail and shells are no web sites
#: What Python takes for public, or came to know later that it is not (IANA special registries).
_INWARD = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b::/96", "3fff::/20", "fec0::/10"),
    )
)


class Unreachable(Exception):
    """Nothing usable answers there; the text says why in a word for the log."""


class NotAllowed(Exception):
    """The address is not one that may be asked: no web address, or not a public one."""


@dataclass(frozen=True)
class Answer:
    """What a host said: the status and the address that it came from in the end."""

    status: int
    url: str


def ask(url: str, method: str = "GET") -> Answer:
    """Return what answers at a web address, after at most REDIRECTS redirects.

    The body is not read. Raises NotAllowed and Unreachable.
    """
    for _ in range(REDIRECTS + 1):
        status, to = _once(_parts(url), method)
        if to is None:
            return Answer(status, url)
        url = _onward(url, to)
    raise Unreachable("redirects")


def _onward(url: str, to: str) -> str:
    try:
        return urljoin(url, to)
    except ValueError:
        raise Unreachable("redirect") from None


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise NotAllowed("address")
    if port is not None and port < 1024 and port not in WEB_PORTS:
        raise NotAllowed("port")
    return parts


def _once(parts: SplitResult, method: str) -> tuple[int, str | None]:
    """Return the status, and where a redirect leads."""
    connection = _connection(parts)
    path = parts.path or "/"
    cut = threading.Timer(LONGEST_S, _cut, [connection.sock])
    cut.start()
    try:
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
        connection.request(method, f"{path}?{parts.query}" if parts.query else path, None, headers)
        answer = connection.getresponse()
        leads_on = answer.status in (301, 302, 303, 307, 308)
        return answer.status, answer.getheader("Location") if leads_on else None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    finally:
        cut.cancel()
        connection.close()


def _cut(plain: socket.socket) -> None:
    """End a connection whose host takes too long; whoever waits for it sees its end."""
    with suppress(OSError):
        plain.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """Return a connection to the one address that was checked."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    at = _public_address(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        plain = socket.create_connection((at, port), TIMEOUT_S)
        secure = parts.scheme == "https"
        connection.sock = _secured(plain, host) if secure else plain
    except (OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    return connection


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _public_address(host: str, port: int) -> str:
    """Return one address of ``host``; raises NotAllowed unless all of them are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise Unreachable("name") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_public, addresses)):
        raise NotAllowed("private")
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None and not is_public(str(inner)):
        return False
    if any(ip in network for network in _INWARD):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
