#!/bin/bash
# Has a program that others wrote sign in to an MCP server by its own OAuth, and say which tools there are.
#
# Usage: door-client.sh PROGRAM URL PORT: its answer comes back to a port that is free. The programs are those
# of npm in $MCP_VALET_CLIENTS, installed there with --ignore-scripts, and the SDK of Python in
# $MCP_VALET_CLIENTS/venv. They note the page that they want opened as $BROWSER does, or say it.
set -eu
PROGRAM=$1 URL=$2 PORT=$3
HERE=$(cd "$(dirname "$0")" && pwd); NM=$MCP_VALET_CLIENTS/node_modules; NODE=$HERE/node_modules/node/bin/node
case $PROGRAM in
inspector)
  export MCP_AUTO_OPEN_ENABLED=true
  exec "$NODE" "$NM/.bin/mcp-inspector" --cli "$URL" --transport http --method tools/list \
    --callback-url "http://127.0.0.1:$PORT/oauth/callback" ;;
python)
  exec "$MCP_VALET_CLIENTS/venv/bin/python" "$HERE/door-client.py" "$URL" "$PORT" ;;
mcp-remote)
  exec "$NODE" "$NM/.bin/mcp-remote-client" "$URL" "$PORT" ;;
mcp-remote-serves)
  exec "$NODE" "$HERE/stdio-client.mjs" "$NODE" "$NM/.bin/mcp-remote" "$URL" "$PORT" ;;
codex)
  # It is made of rmcp, the SDK of Rust. By itself it is known by a document, for which there is no network.
  mkdir -p "$HOME/.codex"
  printf 'mcp_oauth_callback_port = %s\n[mcp_servers.toolbox]\nurl = "%s"\n' "$PORT" "$URL" > "$HOME/.codex/config.toml"
  exec "$NODE" "$NM/.bin/codex" mcp login --oauth-client-registration dcr toolbox ;;
esac
