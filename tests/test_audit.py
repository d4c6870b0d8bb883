"""The look for known vulnerabilities, against a service of our own that knows what we tell it."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent


class Service(ThreadingHTTPServer):
    """Speaks as osv.dev does; `known` are the names it calls vulnerable."""

    def __init__(self, known):
        super().__init__(("127.0.0.1", 0), Answer)
        self.known = known


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = asked["package"]["name"]
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
        hole = {"id": "PYSEC-0000-1", "summary": "a hole", "affected": [affected]}
        body = json.dumps({"vulns": [hole]} if name in self.server.known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def audit(tmp_path):
    """`audit(known)`: audits a lock of one package with a service that knows these names."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("sqlparse==0.5.0\n")

    def audit(known, **environment):
        with Service(known) as service:
            thread = threading.Thread(target=service.serve_forever)
            thread.start()
            url = f"http://127.0.0.1:{service.server_port}/v1/query"
            done = subprocess.run(
                [sys.executable, ROOT / "scripts" / "audit.py", lock],
                env=os.environ
                | {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": url}
                | environment,
                capture_output=True,
                text=True,
                check=False,
            )
            service.shutdown()
            thread.join()
        return done.returncode, done.stdout.replace(str(lock), "LOCK")

    return audit


def test_a_lock_without_known_vulnerabilities_passes(audit):
    assert audit({"django"}) == (0, "none known\n")


def test_a_vulnerable_package_is_named_with_the_version_that_mends_it(audit):
    assert audit({"django", "sqlparse"}) == (
        1,
        "LOCK: sqlparse 0.5.0: PYSEC-0000-1, mended in 99.1\n",
    )


def test_a_service_that_knows_nothing_is_not_taken_for_a_clean_bill(audit):
    status, output = audit(set())

    assert status == 0
    assert "NOT CHECKED" in output
    assert audit(set(), AUDIT="required")[0] == 1
