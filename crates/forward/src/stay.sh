s="$HOME/.mcp-valet/agent.sock"
i() { ls -i "$s" 2>/dev/null | { read n rest; printf %s "$n"; }; }
first=$(i)
printf "\nmcp-valet-here:0:%s\n" "$first"
while read -r q; do printf "mcp-valet-here:%s:%s\n" "$q" "$(i)"; done
[ "$(i)" = "$first" ] && rm -f "$s"
