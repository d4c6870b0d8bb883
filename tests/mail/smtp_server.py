"""A real mail server in a process of its own, which stalls, refuses or hangs up as it is told.

It writes every message it accepts to a file, forced to the disk, before it says so. Orders come as
JSON lines on standard input (`order` below), what happens goes as JSON lines to standard output.
Points, in the order a session passes them: CONNECT, MAIL, RCPT, DATA (within the text), ACCEPTED
(on file, not answered), ANSWERED (250 is out), QUIT.
"""

import asyncio
import json
import os
import sys
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Orders:
    """What the test wants, and the way back to it."""

    def __init__(self) -> None:
        self.stall_at: dict[str, int] = {}
        self.drop_at: dict[str, int] = {}
        self.answers: dict[str, str] = {}
        self.gate = 0
        self.file = ""
        self.go = asyncio.Event()
        self.seen: dict[str, int] = {}

    def order(self, line: dict[str, Any]) -> None:
        """`{"go": true}` lets stalled sessions go on; anything else replaces all orders."""
        if line.get("go"):
            self.go.set()
            return
        self.go.set()
        self.go, self.seen = asyncio.Event(), {}
        self.stall_at = line.get("stall_at", {})
        self.drop_at = line.get("drop_at", {})
        self.answers = line.get("answers", {})
        self.gate = line.get("gate", 0)
        self.file = line["file"]
        self.tell("READY")

    def tell(self, event: str) -> None:
        """Let the test know."""
        print(json.dumps({"event": event}), flush=True)

    async def at(self, point: str) -> bool:
        """Pass `point`; False if the session is to be dropped there."""
        self.seen[point] = self.seen.get(point, 0) + 1
        self.tell(point)
        if point == "CONNECT" and self.gate:
            # Nobody is greeted before all have come: so they really work at the same time.
            while self.seen["CONNECT"] < self.gate:
                await asyncio.sleep(0.01)
        if self.stall_at.get(point) == self.seen[point]:
            await self.go.wait()
        return self.drop_at.get(point) != self.seen[point]

    def keep(self, envelope: Envelope) -> None:
        """Put an accepted message on file, as a mail server owes it."""
        assert isinstance(envelope.content, bytes)
        entry = {"to": envelope.rcpt_tos, "content": envelope.content.decode("utf-8")}
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


class Hooks:
    """What aiosmtpd asks at each command."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    async def passes(self, server: SMTP, point: str) -> bool:
        """Pass `point`, or hang up without a word."""
        if await self.orders.at(point):
            return True
        assert server.transport is not None
        server.transport.abort()
        return False

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.passes(server, "MAIL")
        envelope.mail_from = address
        return self.orders.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.passes(server, "RCPT")
        answer = self.orders.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.orders.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.orders.keep(envelope)
            await self.passes(server, "ACCEPTED")
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self.passes(server, "QUIT")
        return "221 Bye"


class Server(SMTP):
    """One session, with the points that aiosmtpd has no hook for."""

    event_handler: Hooks

    async def _handle_client(self) -> None:
        if not await self.event_handler.passes(self, "CONNECT"):
            return
        if refusal := self.event_handler.orders.answers.get("CONNECT"):
            await self.push(refusal)
            assert self.transport is not None
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        hooks = self.event_handler
        if "DATA" in hooks.orders.stall_at or "DATA" in hooks.orders.drop_at:
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await hooks.passes(self, "DATA")
            return
        await super().smtp_DATA(arg)
        hooks.orders.tell("ANSWERED")


async def main() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    hooks = Hooks(Orders())
    listening = await loop.create_server(
        lambda: Server(hooks, hostname="mail.test", loop=loop), "127.0.0.1", 0
    )
    print(json.dumps({"port": listening.sockets[0].getsockname()[1]}), flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        hooks.orders.order(json.loads(line))


if __name__ == "__main__":
    asyncio.run(main())
