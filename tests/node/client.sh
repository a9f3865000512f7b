#!/bin/bash
# Has a program that others wrote answer one prompt, with the scripted model of model.mjs and one MCP server,
# which is called toolbox.
#
# Usage: client.sh PROGRAM MODEL_URL COMMAND ARGUMENT... The programs are those of npm in $MCP_VALET_CLIENTS,
# installed there with --ignore-scripts, and libraries of Python in $MCP_VALET_CLIENTS/venv and, as they want
# different SDKs of MCP, venv-pydantic-ai. What they write is below $HOME, and so is "begun" once the program
# has started its server.
set -eu
C=$1 URL=$2 CMD=$HOME/begin; shift 2
printf '#!/bin/sh\n: > "%s/begun"\nexec "$@"\n' "$HOME" > "$CMD"; chmod +x "$CMD"
HERE=$(cd "$(dirname "$0")" && pwd); NM=$MCP_VALET_CLIENTS/node_modules; NODE=$HERE/node_modules/node/bin/node
PATH=$(dirname "$NODE"):/usr/bin:/bin; export PATH
unset ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY CLAUDE_CODE_OAUTH_TOKEN
mkdir -p "$HOME/project"; cd "$HOME/project"
ARGS=$(printf '"%s",' "$@"); ARGS="[${ARGS%,}]"; [ $# = 0 ] && ARGS="[]"
PROMPT="Use the toolbox to say hello."
case $C in
claude)
  export ANTHROPIC_BASE_URL=$URL ANTHROPIC_API_KEY=sk-x DISABLE_AUTOUPDATER=1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 IS_SANDBOX=1 ENABLE_TOOL_SEARCH=false
  echo "{\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS}}}" > mcp.json
  exec $NM/@anthropic-ai/claude-code-linux-x64/claude -p "$PROMPT" --mcp-config mcp.json --strict-mcp-config --dangerously-skip-permissions --model scripted ;;
codex)
  mkdir -p $HOME/.codex; cat > $HOME/.codex/config.toml <<X
model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "$URL/v1"
wire_api = "responses"
[mcp_servers.toolbox]
command = "$CMD"
args = $ARGS
X
  exec $NM/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "$PROMPT" < /dev/null ;;
gemini|qwen)
  D=.$C; mkdir -p $HOME/$D
  AUTH='"gemini-api-key"'; [ $C = qwen ] && AUTH='"openai"'
  echo "{\"security\":{\"auth\":{\"selectedType\":$AUTH},\"folderTrust\":{\"enabled\":false}},\"tools\":{\"toolSearch\":{\"enabled\":false}},\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS,\"trust\":true}}}" > $HOME/$D/settings.json
  if [ $C = gemini ]; then export GEMINI_API_KEY=x GOOGLE_GEMINI_BASE_URL=$URL GEMINI_CLI_TRUST_WORKSPACE=true; exec $NODE $NM/@google/gemini-cli/bundle/gemini.js -m gemini-2.5-pro --yolo -p "$PROMPT"; fi
  export OPENAI_API_KEY=x OPENAI_BASE_URL=$URL/v1 OPENAI_MODEL=scripted; exec $NODE $NM/@qwen-code/qwen-code/cli.js --yolo -p "$PROMPT" ;;
opencode)
  D=${XDG_CONFIG_HOME:-$HOME/.config}/opencode; mkdir -p $D; CA=$(printf '"%s",' "$CMD" "$@")
  cat > $D/opencode.json <<X
{"model":"scripted/scripted","provider":{"scripted":{"npm":"@ai-sdk/openai-compatible","options":{"baseURL":"$URL/v1","apiKey":"x"},"models":{"scripted":{"name":"scripted","tool_call":true,"limit":{"context":100000,"output":8000}}}}},"autoupdate":false,"permission":"allow","mcp":{"toolbox":{"type":"local","command":[${CA%,}]}}}
X
  exec $NM/opencode-linux-x64/bin/opencode run "$PROMPT" < /dev/null ;;
copilot)
  mkdir -p $HOME/.copilot; echo "{\"mcpServers\":{\"toolbox\":{\"type\":\"local\",\"command\":\"$CMD\",\"args\":$ARGS,\"tools\":[\"*\"]}}}" > $HOME/.copilot/mcp-config.json
  export COPILOT_PROVIDER_TYPE=openai COPILOT_PROVIDER_BASE_URL=$URL/v1 COPILOT_PROVIDER_API_KEY=x COPILOT_MODEL=scripted COPILOT_OFFLINE=true COPILOT_AUTO_UPDATE=false
  exec $NM/@github/copilot-linux-x64/copilot -p "$PROMPT" --allow-all-tools --model scripted --disable-builtin-mcps < /dev/null ;;
cline)
  export CLINE_DIR=$HOME/.cline; mkdir -p $CLINE_DIR/data/settings
  echo "{\"mcpServers\":{\"toolbox\":{\"transport\":{\"type\":\"stdio\",\"command\":\"$CMD\",\"args\":$ARGS}}}}" > $CLINE_DIR/data/settings/cline_mcp_settings.json
  $NM/@cline/cli-linux-x64/bin/cline auth -p openai -k x -m scripted -b $URL/v1 </dev/null >/dev/null 2>&1
  exec $NM/@cline/cli-linux-x64/bin/cline "$PROMPT" < /dev/null ;;
continue)
  mkdir -p $HOME/.continue; cat > $HOME/.continue/config.yaml <<X
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
X
  exec $NODE $NM/@continuedev/cli/dist/cn.js -p "$PROMPT" --auto --config $HOME/.continue/config.yaml < /dev/null ;;
mcporter)
  mkdir -p $HOME/.mcporter; echo "{\"mcpServers\":{\"toolbox\":{\"command\":\"$CMD\",\"args\":$ARGS}}}" > $HOME/.mcporter/mcporter.json
  exec $NODE $NM/mcporter/dist/cli.js --config $HOME/.mcporter/mcporter.json call toolbox.hello ;;
openai-agents|mcp-use|pydantic-ai)
  VENV=$MCP_VALET_CLIENTS/venv; [ $C = pydantic-ai ] && VENV=$VENV-$C
  exec $VENV/bin/python "$HERE/client.py" $C $URL "$PROMPT" "$CMD" "$@" ;;
esac
