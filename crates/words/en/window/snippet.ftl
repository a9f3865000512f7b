# What to paste into other programs.

snippet-others = Others
snippet-where-claude = In a terminal:
snippet-where-codex = In ~/.codex/config.toml:
snippet-where-vscode = In .vscode/mcp.json of your project:
snippet-where-other = In Claude Desktop, Cursor, and others that start their servers:
snippet-where-curl = In a terminal:
