"""Has an agent of a library of Python answer one prompt, with one MCP server, which is called toolbox.

Usage: client.py LIBRARY MODEL_URL PROMPT COMMAND ARGUMENT...
"""

import asyncio
import sys

LIBRARY, URL, PROMPT, COMMAND, *ARGUMENTS = sys.argv[1:]


async def openai_agents():
    from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
    from agents.mcp import MCPServerStdio
    from openai import AsyncOpenAI

    set_tracing_disabled(True)
    model = OpenAIChatCompletionsModel("scripted", AsyncOpenAI(base_url=f"{URL}/v1", api_key="x"))
    started = {"command": COMMAND, "args": ARGUMENTS}
    async with MCPServerStdio(started, name="toolbox", client_session_timeout_seconds=60) as server:
        result = await Runner.run(Agent("scripted", model=model, mcp_servers=[server]), PROMPT)
        print(result.final_output)


async def pydantic_ai():
    from fastmcp.client.transports import StdioTransport
    from pydantic_ai import Agent
    from pydantic_ai.mcp import MCPToolset
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel("scripted", provider=OpenAIProvider(base_url=f"{URL}/v1", api_key="x"))
    server = MCPToolset(StdioTransport(COMMAND, ARGUMENTS))
    async with Agent(model, toolsets=[server]) as agent:
        print((await agent.run(PROMPT)).output)


async def mcp_use():
    from langchain_openai import ChatOpenAI
    from mcp_use import MCPAgent, MCPClient

    model = ChatOpenAI(model="scripted", base_url=f"{URL}/v1", api_key="x")
    client = MCPClient.from_dict({"mcpServers": {"toolbox": {"command": COMMAND, "args": ARGUMENTS}}})
    try:
        print(await MCPAgent(llm=model, client=client, max_steps=10).run(PROMPT))
    finally:
        await client.close_all_sessions()


asyncio.run({"openai-agents": openai_agents, "pydantic-ai": pydantic_ai, "mcp-use": mcp_use}[LIBRARY]())
