//! Makes of the message files what the compiler can check: a type for each message, whose fields are what the
//! message is told.

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Resource,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The language that has every message, and that every other falls back to.
const FIRST: &str = "en";

/// One message: the file that it is in, what it is told, and how it reads in the first language.
struct Message {
    file: String,
    names: BTreeSet<String>,
    reads: String,
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed={}", root.display());
    fs::write(out.join("languages.rs"), languages(&root)?)?;
    fs::write(out.join("messages.rs"), rust(&messages(&root.join(FIRST).join("valet"))?))?;
    fs::write(out.join("messages.ts"), typescript(&messages(&root.join(FIRST).join("window"))?))
}

/// Every language with its files of the valet, the first one first.
fn languages(root: &Path) -> io::Result<String> {
    let mut folders = entries(root)?;
    folders.retain(|folder| folder.join("valet").is_dir());
    folders.sort_by_key(|folder| !folder.ends_with(FIRST));
    let mut code = "const LANGUAGES: &[(&str, &[(&str, &str)])] = &[\n".to_owned();
    for folder in folders {
        let files = entries(&folder.join("valet"))?;
        let files: Vec<String> =
            files.iter().map(|file| format!("({:?}, include_str!({file:?}))", stem(file))).collect();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(code, "    ({name:?}, &[{}]),", files.join(", "));
    }
    Ok(code + "];\n")
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The messages of all files in a folder. Whoever looks for one finds it by its name: that begins with its
/// file's.
fn messages(folder: &Path) -> io::Result<BTreeMap<String, Message>> {
    let mut messages = BTreeMap::new();
    for path in entries(folder)? {
        let file = stem(&path);
        let text = fs::read_to_string(&path)?;
        let resource =
            fluent_syntax::parser::parse(text.as_str()).map_err(|(_, errors)| wrong(&path, &errors[0]))?;
        for (id, message) in read(&resource, &file) {
            if !id.starts_with(&file) {
                return Err(wrong(&path, format!("{id} does not begin with {file}")));
            }
            if messages.insert(id.clone(), message).is_some() {
                return Err(wrong(&path, format!("{id} is there twice")));
            }
        }
    }
    Ok(messages)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn wrong(path: &Path, error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {error}", path.display()))
}

fn read(resource: &Resource<&str>, file: &str) -> Vec<(String, Message)> {
    let messages = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name, message.value.as_ref()?)),
        Entry::Term(_)
        | Entry::Comment(_)
        | Entry::GroupComment(_)
        | Entry::ResourceComment(_)
        | Entry::Junk { .. } => None,
    });
    let read = |(id, pattern): (&str, &Pattern<&str>)| {
        let mut names = BTreeSet::new();
        let reads = of_pattern(pattern, &mut names);
        let reads = reads.split_whitespace().collect::<Vec<_>>().join(" ");
        (id.to_owned(), Message { file: file.to_owned(), names, reads })
    };
    messages.map(read).collect()
}

/// How a pattern reads; its variables are added to `names`.
fn of_pattern(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) -> String {
    let parts = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => (*value).to_owned(),
        PatternElement::Placeable { expression } => of_expression(expression, names),
    });
    parts.collect()
}

fn of_expression(expression: &Expression<&str>, names: &mut BTreeSet<String>) -> String {
    match expression {
        Expression::Inline(inline) => of_inline(inline, names),
        Expression::Select { selector, variants } => {
            of_inline(selector, names);
            let read: Vec<String> =
                variants.iter().map(|variant| of_pattern(&variant.value, names)).collect();
            read.into_iter().next_back().unwrap_or_default()
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) -> String {
    match inline {
        InlineExpression::StringLiteral { value } => (*value).to_owned(),
        InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
            id.name.to_uppercase()
        }
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            positional.iter().map(|argument| of_inline(argument, names)).collect()
        }
        InlineExpression::Placeable { expression } => of_expression(expression, names),
        // Messages that refer to others hide what they are told.
        other @ (InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. }) => panic!("{other:?} is not used here"),
    }
}

fn rust(messages: &BTreeMap<String, Message>) -> String {
    let mut code = String::new();
    for (id, Message { file, names, reads }) in messages {
        let name = id.replace('-', "_");
        let lifetime = if names.is_empty() { "" } else { "<'a>" };
        let fields: String = names.iter().map(|name| format!(" pub {name}: Value<'a>,")).collect();
        let told: String = names.iter().map(|name| format!("({name:?}, self.{name}), ")).collect();
        // A letter in brackets is a key to press, and no link.
        let reads = reads.replace('[', "\\[").replace(']', "\\]");
        let _ = writeln!(code, "#[doc = {reads:?}]\npub struct {name}{lifetime} {{{fields} }}");
        let of = if names.is_empty() { "" } else { "<'_>" };
        let _ = writeln!(
            code,
            "impl {name}{of} {{\n    #[doc(hidden)]\n    pub fn said(self) -> String {{ said(({file:?}, {id:?}), [{told}]) }}\n}}\n"
        );
    }
    code
}

fn typescript(messages: &BTreeMap<String, Message>) -> String {
    let mut code = "// Every message of the window and what it is told, made of crates/words/en/window by `make types`.\n\n".to_owned();
    code += "export interface Messages {\n";
    for (id, Message { names, reads, .. }) in messages {
        let told: Vec<String> = names.iter().map(|name| format!("{name}: string | number")).collect();
        let told = if told.is_empty() { "null".to_owned() } else { format!("{{ {} }}", told.join("; ")) };
        let reads = reads.replace("*/", "* /");
        let _ = writeln!(code, "  /** {reads} */\n  '{id}': {told};");
    }
    code + "}\n"
}
