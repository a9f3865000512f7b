#!/bin/bash
# Has a program that others wrote answer one prompt, with the scripted model of model.mjs and one MCP server,
# which is called toolbox.
#
# Usage: client.sh PROGRAM MODEL_URL COMMAND ARGUMENT... The programs are those of npm in $MCP_VALET_CLIENTS,
# installed there with --ignore-scripts, and libraries of Python in $MCP_VALET_CLIENTS/venv and, as they want
# different SDKs of MCP, venv-pydantic-ai. What they write is below $HOME, and so is "begun" once the program
# has started its server. With $KEY the server's entry has that in its environment, and is in the program's own
# file; with $AGAIN that stays as it is. With $LISTS, mcporter lists its tools.
set -eu
C=$1 URL=$2 CMD=$HOME/begin; shift 2
printf '#!/bin/sh\n: > "%s/begun"\nexec "$@"\n' "$HOME" > "$CMD"; chmod +x "$CMD"
HERE=$(cd "$(dirname "$0")" && pwd); NM=$MCP_VALET_CLIENTS/node_modules; NODE=$HERE/node_modules/node/bin/node
PATH=$(dirname "$NODE"):/usr/bin:/bin; export PATH
unset ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY CLAUDE_CODE_OAUTH_TOKEN
mkdir -p "$HOME/project"; cd "$HOME/project"
ARGS=$(printf '"%s",' "$@"); ARGS="[${ARGS%,}]"; [ $# = 0 ] && ARGS="[]"
PROMPT="Use the toolbox to say hello."
WITH="" TOML="" YAML="" KEY=${KEY:-}
if [ -n "$KEY" ]; then
  WITH=",\"env\":{\"TOOLBOX_TOKEN\":\"$KEY\"}" TOML="env = { TOOLBOX_TOKEN = \"$KEY\" }" YAML="    env: { TOOLBOX_TOKEN: \"$KEY\" }"
fi
has() { if [ -n "${AGAIN:-}" ]; then cat > /dev/null; else mkdir -p "$(dirname "$1")"; cat > "$1"; fi; }
case $C in
claude)
  export ANTHROPIC_BASE_URL=$URL ANTHROPIC_API_KEY=sk-x DISABLE_AUTOUPDATER=1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 IS_SANDBOX=1 ENABLE_TOOL_SEARCH=false
  FILE=mcp.json OWN="--mcp-config mcp.json --strict-mcp-config"; [ -z "$KEY" ] || FILE=$HOME/.claude.json OWN=""
  echo "{\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS$WITH}}}" | has $FILE
  exec $NM/@anthropic-ai/claude-code-linux-x64/claude -p "$PROMPT" $OWN --dangerously-skip-permissions --model scripted ;;
codex)
  has $HOME/.codex/config.toml <<X
model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "$URL/v1"
wire_api = "responses"
[mcp_servers.toolbox]
command = "$CMD"
args = $ARGS
$TOML
X
  exec $NM/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "$PROMPT" < /dev/null ;;
gemini|qwen)
  D=.$C
  AUTH='"gemini-api-key"'; [ $C = qwen ] && AUTH='"openai"'
  echo "{\"security\":{\"auth\":{\"selectedType\":$AUTH},\"folderTrust\":{\"enabled\":false}},\"tools\":{\"toolSearch\":{\"enabled\":false}},\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS,\"trust\":true$WITH}}}" | has $HOME/$D/settings.json
  if [ $C = gemini ]; then export GEMINI_API_KEY=x GOOGLE_GEMINI_BASE_URL=$URL GEMINI_CLI_TRUST_WORKSPACE=true; exec $NODE $NM/@google/gemini-cli/bundle/gemini.js -m gemini-2.5-pro --yolo -p "$PROMPT"; fi
  export OPENAI_API_KEY=x OPENAI_BASE_URL=$URL/v1 OPENAI_MODEL=scripted; exec $NODE $NM/@qwen-code/qwen-code/cli.js --yolo -p "$PROMPT" ;;
opencode)
  D=${XDG_CONFIG_HOME:-$HOME/.config}/opencode; CA=$(printf '"%s",' "$CMD" "$@")
  has $D/opencode.json <<X
{"model":"scripted/scripted","provider":{"scripted":{"npm":"@ai-sdk/openai-compatible","options":{"baseURL":"$URL/v1","apiKey":"x"},"models":{"scripted":{"name":"scripted","tool_call":true,"limit":{"context":100000,"output":8000}}}}},"autoupdate":false,"permission":"allow","mcp":{"toolbox":{"type":"local","command":[${CA%,}]${WITH/env/environment}}}}
X
  exec $NM/opencode-linux-x64/bin/opencode run "$PROMPT" < /dev/null ;;
copilot)
  echo "{\"mcpServers\":{\"toolbox\":{\"type\":\"local\",\"command\":\"$CMD\",\"args\":$ARGS,\"tools\":[\"*\"]$WITH}}}" | has $HOME/.copilot/mcp-config.json
  export COPILOT_PROVIDER_TYPE=openai COPILOT_PROVIDER_BASE_URL=$URL/v1 COPILOT_PROVIDER_API_KEY=x COPILOT_MODEL=scripted COPILOT_OFFLINE=true COPILOT_AUTO_UPDATE=false
  exec $NM/@github/copilot-linux-x64/copilot -p "$PROMPT" --allow-all-tools --model scripted --disable-builtin-mcps < /dev/null ;;
cline)
  export CLINE_DIR=$HOME/.cline
  echo "{\"mcpServers\":{\"toolbox\":{\"transport\":{\"type\":\"stdio\",\"command\":\"$CMD\",\"args\":$ARGS$WITH}}}}" | has $CLINE_DIR/data/settings/cline_mcp_settings.json
  $NM/@cline/cli-linux-x64/bin/cline auth -p openai -k x -m scripted -b $URL/v1 </dev/null >/dev/null 2>&1
  exec $NM/@cline/cli-linux-x64/bin/cline "$PROMPT" < /dev/null ;;
continue)
  has $HOME/.continue/config.yaml <<X
name: scripted
version: 0.0.1
schema: v1
models:
  - name: scripted
    provider: openai
    model: scripted
    apiBase: $URL/v1
    apiKey: x
    roles: [chat]
    capabilities: [tool_use]
mcpServers:
  - name: toolbox
    command: $CMD
    args: $ARGS
$YAML
X
  exec $NODE $NM/@continuedev/cli/dist/cn.js -p "$PROMPT" --auto --config $HOME/.continue/config.yaml < /dev/null ;;
mcporter)
  echo "{\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS$WITH}}}" | has $HOME/.mcporter/mcporter.json
  [ -z "${LISTS:-}" ] || exec $NODE $NM/mcporter/dist/cli.js --config $HOME/.mcporter/mcporter.json list toolbox
  exec $NODE $NM/mcporter/dist/cli.js --config $HOME/.mcporter/mcporter.json call toolbox.hello ;;
openai-agents|mcp-use|pydantic-ai)
  VENV=$MCP_VALET_CLIENTS/venv; [ $C = pydantic-ai ] && VENV=$VENV-$C
  exec $VENV/bin/python "$HERE/client.py" $C $URL "$PROMPT" "$CMD" "$@" ;;
esac
