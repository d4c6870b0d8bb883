"""The witness and the judge the other browser tests trust: each notices what it is there for."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import Witness

pytestmark = [pytest.mark.browser, pytest.mark.once]

PAGES = {
    "/good": "<main><h1>公式アカウント</h1><p>本文</p></main>",
    "/other-host": '<main><h1>題</h1><img alt="" src="http://192.0.2.1/a.png"></main>',
    "/missing-part": '<main><h1>題</h1><img alt="" src="/missing.png"></main>',
    "/inline-script": "<main><h1>題</h1></main><script>document.title = 'x'</script>",
    "/no-label": "<main><h1>題</h1><input></main>",
    "/small-target": "<style>button { width: 9px; height: 9px; padding: 0 }</style>"
    "<main><h1>題</h1><button>一</button><button>二</button></main>",
}
# Narrow enough to stop a script in the page, wide enough for the faults the pages are to show.
POLICY = "default-src 'self'; img-src *; style-src 'unsafe-inline'"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGES.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        page = (
            f'<!DOCTYPE html><html lang="ja"><title>題</title><body>{body or "ない"}</body></html>'
        )
        self.wfile.write(page.encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def seen(chromium, address, path):
    context = chromium.new_context()
    page = context.new_page()
    witness = Witness(page, address)
    page.goto(address + path)
    context.close()
    return [line.replace(address, "") for line in witness.seen]


def test_a_good_page_passes_the_witness_and_axe_under_a_strict_policy(visit, axe):
    page = visit(width=360)
    page.goto("/good")
    axe(page)


def test_a_page_that_is_refused_or_absent_is_no_fault_by_itself(visit):
    assert visit().goto("/absent").status == 404


def test_a_request_to_another_host_is_noticed(chromium, address):
    assert seen(chromium, address, "/other-host") == ["another host: http://192.0.2.1/a.png"]


def test_a_missing_part_of_a_page_is_noticed(chromium, address):
    assert seen(chromium, address, "/missing-part") == ["404: /missing.png"]


def test_what_the_content_security_policy_stops_is_noticed(chromium, address):
    (line,) = seen(chromium, address, "/inline-script")
    assert line.startswith("console: ")
    assert "Content Security Policy" in line


@pytest.mark.parametrize(
    ("path", "rule"), [("/no-label", "label"), ("/small-target", "target-size")]
)
def test_axe_names_what_it_finds(visit, axe, path, rule):
    page = visit()
    page.goto(path)
    with pytest.raises(AssertionError, match=f": {rule}: "):
        axe(page)
