# Was in andere Programme gehört.

snippet-others = Andere
snippet-where-claude = In einem Terminal:
snippet-where-codex = In ~/.codex/config.toml:
snippet-where-vscode = In .vscode/mcp.json des Projekts:
snippet-where-other = In Claude Desktop, Cursor und anderen, die ihre Server starten:
snippet-where-curl = In einem Terminal:
