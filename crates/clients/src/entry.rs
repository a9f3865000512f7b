//! The entry that leads a program to the valet, and whether one does.

use crate::item::Item;
use crate::table::Shape;
use serde_json::Value;

/// The entry of the shape that leads by `program` to `server`, which goes by `name` there.
pub(crate) fn entry(shape: Shape, program: &str, server: &str, name: &str) -> Item {
    let mut args = vec!["connect".to_owned()];
    // A name is no option even if it begins with a dash.
    args.extend(server.starts_with('-').then(|| "--".to_owned()));
    args.push(server.to_owned());
    let command = ("command", text(program));
    let with = |first: &[(&'static str, Item)], last: &[(&'static str, Item)]| {
        let middle = [command.clone(), ("args", Item::Texts(args.clone()))];
        members(first.iter().chain(&middle).chain(last).cloned())
    };
    let none = || Item::Members(Vec::new());
    match shape {
        Shape::Plain => with(&[], &[]),
        Shape::Stdio => with(&[("type", text("stdio"))], &[]),
        Shape::Claude => with(&[("type", text("stdio"))], &[("env", none())]),
        Shape::Zed => with(&[("source", text("custom"))], &[("env", none())]),
        Shape::Copilot => {
            let tools = Item::Texts(vec!["*".to_owned()]);
            with(&[("type", text("local"))], &[("tools", tools)])
        }
        Shape::Transport => members([("transport", with(&[("type", text("stdio"))], &[]))].into_iter()),
        Shape::OpenCode => {
            let all = std::iter::once(program.to_owned()).chain(args).collect();
            members([("type", text("local")), ("command", Item::Texts(all))].into_iter())
        }
        Shape::Goose => members(
            [
                ("enabled", Item::Flag(true)),
                ("type", text("stdio")),
                ("name", text(name)),
                ("description", text("MCP Valet")),
                ("cmd", text(program)),
                ("args", Item::Texts(args)),
                ("envs", none()),
                ("env_keys", Item::Texts(Vec::new())),
                ("timeout", Item::Number(300)),
            ]
            .into_iter(),
        ),
        Shape::Continue => with(&[("name", text(name))], &[]),
    }
}

fn text(text: &str) -> Item {
    Item::Text(text.to_owned())
}

fn members(all: impl Iterator<Item = (&'static str, Item)>) -> Item {
    Item::Members(all.map(|(name, item)| (name.to_owned(), item)).collect())
}

/// The server that an entry leads to by the valet.
pub(crate) fn leads_to(value: &Value) -> Option<String> {
    let further = ["transport", "config"].iter().filter_map(|key| value.get(key));
    let inner = further.into_iter().find(|inner| inner.is_object()).unwrap_or(value);
    let words = import::words(inner);
    let at = words.iter().position(|word| is_ours(word))?;
    match words.get(at + 1..)? {
        [connect, name] if connect == "connect" => Some(name.clone()),
        [connect, dashes, name] if connect == "connect" && dashes == "--" => Some(name.clone()),
        _ => None,
    }
}

fn is_ours(word: &str) -> bool {
    word.rsplit('/').next() == Some("mcp-valet")
}

/// What a server is called in another program: all of them take letters, digits and dashes.
pub(crate) fn key(server: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = server.chars().map(plain).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "server".to_owned() } else { name.to_owned() }
}
