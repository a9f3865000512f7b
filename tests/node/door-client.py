"""Signs in to an MCP server by the OAuth of Python's SDK, and says which tools there are.

Usage: door-client.py URL PORT. Prints the page that it wants opened.
"""

import asyncio
import sys
import urllib.parse

from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

URL, PORT = sys.argv[1], int(sys.argv[2])


class Kept:
    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


async def opens(url):
    print(url, flush=True)


async def comes_back():
    came = asyncio.get_running_loop().create_future()

    async def serve(reader, writer):
        target = (await reader.readline()).split()[1].decode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)
        came.set_result({name: values[0] for name, values in query.items()})

    async with await asyncio.start_server(serve, "127.0.0.1", PORT):
        said = await came
    return AuthorizationCodeResult(code=said["code"], state=said.get("state"), iss=said.get("iss"))


async def main():
    redirect = f"http://127.0.0.1:{PORT}/callback"
    metadata = OAuthClientMetadata(client_name="Python's SDK", redirect_uris=[redirect])
    provider = OAuthClientProvider(URL, metadata, Kept(), opens, comes_back)
    async with create_mcp_http_client(auth=provider) as http:
        async with streamable_http_client(URL, http_client=http) as (reads, writes, *_):
            async with ClientSession(reads, writes) as session:
                await session.initialize()
                print([tool.name for tool in (await session.list_tools()).tools])


asyncio.run(main())
