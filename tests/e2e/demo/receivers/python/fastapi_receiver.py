"""A FastAPI application that receives the webhooks of four systems, under uvicorn; asked as Django's."""

import asyncio
import json
import socket
import sys
from typing import Annotated, Any

import uvicorn
from demo_handler import begin, handled
from fastapi import Depends, FastAPI

from hookproof import Event, MemoryStore
from hookproof.fastapi import Webhook

app = FastAPI()


def receive(name: str, route: dict[str, Any]) -> None:
    options = {"store": MemoryStore(), "max_body": route["max_body"], **route["options"]}
    webhook = Depends(Webhook(route["provider"], **options), scope="function")

    @app.api_route(f"/{name}", methods=["GET", "POST"])
    async def endpoint(event: Annotated[Event, webhook]) -> None:
        await asyncio.sleep(begin(name, event))


for each in json.loads(sys.argv[1]).items():
    receive(*each)


@app.get("/handled")
async def show_handled() -> dict[str, int]:
    return handled


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
    server.run(sockets=[listening])
