"""The portal's own server hands out the publication: no query for a visitor, none needed either.

While the publication is young, its files answer. Where it is not, because nobody publishes, the portal
answers itself as long as it can, and the files answer when it cannot: with the database stopped every
public page is still there and says how old it is. See decision 0035.
"""

from __future__ import annotations

import contextlib
import logging
import os
import posixpath
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.util import FileWrapper

from django.conf import settings
from django.urls import reverse
from whitenoise.responders import MissingFileError, Response, StaticFile

from publication.catalogue import PUBLISHED, file_name
from publication.headers import headers_of
from publication.renewing import SIGNED
from publication.signing import standing

logger = logging.getLogger(__name__)

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
# A publication that nobody confirmed for so long may be behind the register: the portal is asked first.
YOUNG_FOR = 5 * 60
# Moments are signed in whole seconds.
AHEAD = 2
ENCODINGS = {"gzip": ".gz", "br": ".br"}
# A whole city's pages; of more the rest is looked up each time.
MOST_REMEMBERED = 20_000
TRIES = 3
# Up to so many bytes a file is handed over in one piece: each piece more would cost as much again.
AT_ONCE = 2**20
# What everybody asks for is read once: files up to so many bytes, and so many bytes of one publication.
KEPT_FILE, KEPT_BYTES = 2**18, 2**25


class Served:
    """`application`, with the publication in `directory` before or behind it."""

    def __init__(self, application: Application, directory: str) -> None:
        self.application = application
        self.directory = directory.rstrip("/")
        self._remembered: tuple[Any, dict[str, _File]] = (None, {})
        self._kept = 0
        self._confirmed: tuple[int, float] = (0, 0)
        # By path the parameters that the portal itself answers.
        self._reads = {reverse(f"publication:{of.name}"): of.reads for of in PUBLISHED if of.reads}

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = self._published(environ)
        if path is None:
            return self.application(environ, start_response)
        if self._is_young() and not self._asks(environ, path):
            answer = self._answer(path, environ)
            if answer is not None:
                return _send(answer, environ, start_response)
            return self.application(environ, start_response)
        return self._behind(path, environ, start_response)

    def _behind(self, path: str, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """The portal's answer, or the file's where the portal cannot give one."""
        said: list[tuple[Any, ...]] = []

        def listen(*given: Any) -> None:
            said.append(given)

        try:
            body = self.application(environ, listen)
        except Exception:
            # Without its style or its templates it cannot even show the page that says so.
            answer = self._answer(path, environ)
            if answer is None:
                raise
            logger.exception("The portal could not answer; the publication does.")
            return _send(answer, environ, start_response)
        if said and str(said[0][0]).startswith("5"):
            answer = self._answer(path, environ)
            if answer is not None:
                if hasattr(body, "close"):
                    body.close()
                return _send(answer, environ, start_response)
        for given in said:
            start_response(*given)
        return body

    def _published(self, environ: dict[str, Any]) -> str | None:
        """The path that is asked for, where a file may answer it."""
        if not self.directory or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
            return None
        try:
            path = environ.get("PATH_INFO", "").encode("latin-1").decode()
        except UnicodeError:
            return None
        plain = posixpath.normpath(path)
        is_plain = path in (plain, f"{plain}/")
        return path if path.startswith("/") and is_plain and not _hides(path) else None

    def _asks(self, environ: dict[str, Any], path: str) -> bool:
        reads = self._reads.get(path)
        query = environ.get("QUERY_STRING", "")
        return bool(reads and query and reads & parse_qs(query, keep_blank_values=True).keys())

    def _is_young(self) -> bool:
        """Whether the portal itself said a short while ago that this is what its register says.

        Who renews the signature while the portal is dead says nothing of the kind.
        """
        try:
            signed = os.stat(f"{self.directory}/{SIGNED}/timestamp.json").st_mtime_ns
        except OSError:
            return False
        if signed != self._confirmed[0]:
            now = standing(Path(self.directory))
            # None where another one is just taking its place: it is asked again at the next request.
            if now is not None:
                self._confirmed = (signed, now.confirmed.timestamp())
        return 0 <= time.time() - self._confirmed[1] + AHEAD < YOUNG_FOR

    def _answer(self, path: str, environ: dict[str, Any]) -> Response | None:
        for _ in range(TRIES):
            found = self._file(path)
            if found is None:
                return None
            try:
                response = found.get_response(environ["REQUEST_METHOD"], environ)
            except FileNotFoundError:
                self._forget()
                continue
            if response.file is None or isinstance(response.file, bytes):
                return response
            if found.is_still(response.file):
                return self._keep(found, response)
            # Another publication has taken its place between looking and opening.
            response.file.close()
            self._forget()
        return None

    def _keep(self, found: _File, response: Response) -> Response:
        """The answer, from now on without opening the file again where it is a small one."""
        path = _opened(response.file).name
        size = found.seen[path].st_size
        if response.status != HTTPStatus.OK or size > KEPT_FILE or self._kept + size > KEPT_BYTES:
            return response
        with contextlib.closing(response.file) as file:
            body = file.read(size)
        found.bodies[path] = body
        self._kept += size
        return Response(response.status, response.headers, body)

    def _file(self, path: str) -> _File | None:
        try:
            now = os.stat(self.directory)
        except OSError:
            return None
        tree = (now.st_dev, now.st_ino)
        if self._remembered[0] != tree:
            self._remembered, self._kept = (tree, {}), 0
        files = self._remembered[1]
        found = files.get(path)
        if found is None:
            name = file_name(path)
            try:
                found = _File(f"{self.directory}/{name}", name)
            except (MissingFileError, OSError):
                return None
            if len(files) < MOST_REMEMBERED:
                files[path] = found
        elif not found.is_there():
            del files[path]
            self._kept -= sum(map(len, found.bodies.values()))
            return self._file(path)
        return found

    def _forget(self) -> None:
        self._remembered, self._kept = (None, {}), 0


class _File(StaticFile):  # type: ignore[misc]
    """One published file with its compressed ones, as they were when it was looked at."""

    def __init__(self, path: str, name: str) -> None:
        variants = {encoding: f"{path}{ending}" for encoding, ending in ENCODINGS.items()}
        self.seen: dict[str, os.stat_result] = {}
        # By path what was read of it whole.
        self.bodies: dict[str, bytes] = {}
        for each in (path, *variants.values()):
            if Path(each).is_file():
                self.seen[each] = os.stat(each)
        if path not in self.seen:
            raise MissingFileError(path)
        known = self.seen[path]
        self.path = path
        tag = ("ETag", f'W/"{known.st_mtime_ns:x}-{known.st_size:x}"')
        super().__init__(path, [*headers_of(name), tag], variants, self.seen)

    @staticmethod
    def get_not_modified_response(headers: Any) -> Response:
        """As WhiteNoise has it; whoever may read the file may also read that it has not changed."""
        response = StaticFile.get_not_modified_response(headers)
        open_to = [each for each in headers.items() if each[0].startswith("Access-Control-")]
        return Response(response.status, [*response.headers, *open_to], None)

    def get_response(self, method: str, environ: dict[str, Any]) -> Response:
        """As WhiteNoise has it, with the bytes in the place of the file where they are kept."""
        if self.bodies and method == "GET" and "HTTP_RANGE" not in environ:
            path, headers = self.get_path_and_headers(environ)
            if path in self.bodies and not self.is_not_modified(environ):
                return Response(HTTPStatus.OK, headers, self.bodies[path])
        return super().get_response(method, environ)

    def is_there(self) -> bool:
        """Whether the name still leads to what was looked at."""
        try:
            return _mark(os.stat(self.path)) == _mark(self.seen[self.path])
        except OSError:
            return False

    def is_still(self, file: Any) -> bool:
        """Whether what was opened is what was looked at."""
        opened = _opened(file)
        return _mark(os.fstat(opened.fileno())) == _mark(self.seen[opened.name])


def _mark(stat: os.stat_result) -> tuple[int, ...]:
    return (stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _hides(path: str) -> bool:
    """Whether a part of the path is hidden, or is no name of a file."""
    parts = path.split("/")
    hidden = any(part.startswith(".") and part != ".well-known" for part in parts)
    return hidden or "\0" in path or "\\" in path


def _is_secure(environ: dict[str, Any]) -> bool:
    header = settings.SECURE_PROXY_SSL_HEADER
    if header:
        return str(environ.get(header[0], "")).partition(",")[0].strip() == header[1]
    return environ.get("wsgi.url_scheme") == "https"


def _send(answer: Response, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    start_response(f"{answer.status} {answer.status.phrase}", answer.headers)
    if answer.file is None:
        return []
    if isinstance(answer.file, bytes):
        return [answer.file]
    size = os.fstat(_opened(answer.file).fileno()).st_size
    if size <= AT_ONCE:
        with contextlib.closing(answer.file) as file:
            return [file.read(size)]
    wrapper = environ.get("wsgi.file_wrapper", FileWrapper)
    return wrapper(answer.file, AT_ONCE)  # type: ignore[no-any-return]


def _opened(file: Any) -> Any:
    """The file itself, also where only a part of it is asked for."""
    return getattr(file, "fileobj", file)
