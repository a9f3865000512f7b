umask 077
d="$HOME/.mcp-valet"
[ -L "$d" ] || mkdir -p "$d" || exit
if [ -L "$d" ] || [ ! -O "$d" ]; then printf "\nmcp-valet-home:-\n"; exit; fi
chmod 700 "$d" && rm -f "$d/agent.sock" && printf "\nmcp-valet-home:%s\n" "$HOME"
