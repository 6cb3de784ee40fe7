"""A worker of the soak: FastAPI under uvicorn, with an asynchronous store."""

import asyncio
import os
import socket
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request
from redis.asyncio import Redis

from hookproof import Event
from hookproof.fastapi import Webhook
from hookproof.stores.redis import AsyncRedisStore

store = AsyncRedisStore(Redis.from_url(os.environ["SOAK_REDIS"]))
lease = float(os.environ["SOAK_LEASE_SECONDS"])
fourvenues = Webhook(
    "fourvenues",
    secret=os.environ["SOAK_SECRET"],
    store=store,
    lease=lease,
    on_reject=lambda error: None,
    on_error=lambda error, event: None,
)

app = FastAPI()


@app.post("/hooks")
async def hooks(request: Request, event: Annotated[Event, Depends(fourvenues, scope="function")]) -> None:
    delivery, handler = request.headers["X-Soak-Delivery"], request.headers["X-Soak-Handler"]
    if handler == "hang":
        note("hanging", event, delivery)
        await asyncio.sleep(3600)
    await asyncio.sleep(0.002)
    if handler == "fail":
        note("failing", event, delivery)
        raise RuntimeError("the handler fails, as its sender asks")
    note("handled", event, delivery)


def note(step: str, event: Event, delivery: str) -> None:
    os.write(1, f"{step} {event.id} {delivery}\n".encode())


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    os.write(1, f"listening {listening.getsockname()[1]}\n".encode())
    # uvicorn logs to the standard output, and that is the ledger.
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    server.run(sockets=[listening])
