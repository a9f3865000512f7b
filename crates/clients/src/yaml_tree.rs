//! What is where in a YAML text.

use crate::trouble::Trouble;
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};
use import::Format;
use std::ops::Range;

/// How deep what is read may be; `import` reads no deeper.
const DEEPEST: usize = 64;

/// A key, and where it is.
#[derive(Debug, Default)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A value, and where it is: in bytes, and of several lines up to the end of the last that says something.
#[derive(Debug)]
pub(crate) enum Node {
    Nothing,
    Text { text: String, start: usize, end: usize },
    Map { flow: bool, start: usize, end: usize, members: Vec<(Key, Self)> },
    List { flow: bool, start: usize, end: usize, items: Vec<Self> },
}

impl Node {
    pub(crate) const fn start(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Text { start, .. } | Self::Map { start, .. } | Self::List { start, .. } => *start,
        }
    }

    pub(crate) const fn end(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Text { end, .. } | Self::Map { end, .. } | Self::List { end, .. } => *end,
        }
    }

    pub(crate) const fn is_flow(&self) -> bool {
        matches!(self, Self::Map { flow: true, .. } | Self::List { flow: true, .. })
    }

    /// Where the last of what it holds ends.
    pub(crate) fn last(&self) -> Option<usize> {
        match self {
            Self::Map { members, .. } => members.last().map(|(key, value)| value.end().max(key.end)),
            Self::List { items, .. } => items.last().map(Self::end),
            Self::Nothing | Self::Text { .. } => None,
        }
    }

    /// What an item of a list calls itself.
    pub(crate) fn named(&self) -> Option<&str> {
        let Self::Map { members, .. } = self else { return None };
        members.iter().find_map(|(key, value)| match value {
            Self::Text { text, .. } if key.text == "name" => Some(text.as_str()),
            Self::Nothing | Self::Text { .. } | Self::Map { .. } | Self::List { .. } => None,
        })
    }
}

struct Reader<'a> {
    events: Parser<'a, granit_parser::StrInput<'a>>,
    /// A mark that a text may begin with is counted by nobody.
    shift: usize,
}

/// The only document of a text; nothing where it says nothing.
pub(crate) fn tree(text: &str) -> Result<Option<Node>, Trouble> {
    let body = text.trim_start_matches('\u{feff}');
    let mut reader = Reader { events: Parser::new_from_str(body), shift: text.len() - body.len() };
    let mut root = None;
    while let Some((event, span)) = reader.next()? {
        match (event.is_node(), &root) {
            (false, _) => {}
            (true, None) => root = Some(reader.node(event, span, 0)?),
            (true, Some(_)) => return Err(Trouble::Unusual),
        }
    }
    Ok(root.filter(|root| !matches!(root, Node::Nothing)))
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Trouble> {
        self.events.next().transpose().map_err(|_| Trouble::malformed(Format::Yaml))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Trouble> {
        let place = span.byte_range().ok_or(Trouble::Unusual)?;
        let (start, end) = (place.start + self.shift, place.end + self.shift);
        if depth > DEEPEST {
            return Err(Trouble::malformed(Format::Yaml));
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "the kinds that the library knows are open")]
        match event {
            Event::Scalar(..) if start == end => Ok(Node::Nothing),
            Event::Scalar(text, ..) => Ok(Node::Text { text: text.into_owned(), start, end }),
            Event::MappingStart(style, ..) => self.map(is_flow(style), start, depth),
            Event::SequenceStart(style, ..) => self.list(is_flow(style), start, depth),
            _ => Ok(Node::Text { text: String::new(), start, end }),
        }
    }

    fn map(&mut self, flow: bool, start: usize, depth: usize) -> Result<Node, Trouble> {
        let (mut members, mut last) = (Vec::new(), start);
        let mut key: Option<Key> = None;
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                let end = span.byte_range().map(|place| place.end + self.shift).filter(|_| flow);
                let first = members.first().filter(|_| !flow);
                let start = first.map_or(start, |(key, _): &(Key, Node)| key.start.max(start));
                return Ok(Node::Map { flow, start, end: end.unwrap_or(last), members });
            }
            if !event.is_node() {
                continue;
            }
            let node = self.node(event, span, depth + 1)?;
            last = last.max(node.end());
            key = match key.take() {
                None => Some(Key { start: node.start(), end: node.end(), text: text_of(node) }),
                Some(key) => {
                    members.push((key, node));
                    None
                }
            };
        }
        Err(Trouble::malformed(Format::Yaml))
    }

    fn list(&mut self, flow: bool, start: usize, depth: usize) -> Result<Node, Trouble> {
        let (mut items, mut last) = (Vec::new(), start);
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                let end = span.byte_range().map(|place| place.end + self.shift).filter(|_| flow);
                return Ok(Node::List { flow, start, end: end.unwrap_or(last), items });
            }
            if event.is_node() {
                let node = self.node(event, span, depth + 1)?;
                last = last.max(node.end());
                items.push(node);
            }
        }
        Err(Trouble::malformed(Format::Yaml))
    }
}

fn text_of(node: Node) -> String {
    match node {
        Node::Text { text, .. } => text,
        Node::Nothing | Node::Map { .. } | Node::List { .. } => String::new(),
    }
}

fn is_flow(style: StructureStyle) -> bool {
    style == StructureStyle::Flow
}

/// Whether a comment stands at this place of a text, and not only its sign in a scalar (YAML 1.2.2, §6.6).
/// In a block scalar it counts as one, and so it does in what cannot be read.
pub(crate) fn has_comment(text: &str, place: Range<usize>) -> bool {
    let body = text.trim_start_matches('\u{feff}');
    let shift = text.len() - body.len();
    let mut scalars = Vec::new();
    for event in Parser::new_from_str(body) {
        let Ok((event, span)) = event else { return true };
        if let (Event::Scalar(_, style, ..), Some(span)) = (event, span.byte_range()) {
            scalars.push((style, span.start + shift..span.end + shift));
        }
    }
    let is_in_one = |at: usize| {
        scalars.iter().filter(|(_, span)| span.contains(&at)).any(|(style, _)| match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => true,
            // It ends where a space comes before the sign.
            ScalarStyle::Plain => !text[..at].ends_with(char::is_whitespace),
            ScalarStyle::Literal | ScalarStyle::Folded => false,
        })
    };
    let Some(within) = text.get(place.clone()) else { return true };
    within.match_indices('#').any(|(at, _)| !is_in_one(place.start + at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_told_from_its_sign_in_a_scalar() {
        for text in ["\u{feff}a: 'x # y'\nb: \"z # \\\" #\"\n", "a: x#y\nb: ['#1', c#]", "a#b: 1"] {
            assert!(!has_comment(text, 0..text.len()), "{text}");
        }
        for text in [
            "a: x # y",
            "# x\na: 1",
            "a: 'x' # y'",
            "a: | # x\n  y\n",
            "a: |\n  # x\n",
            "a: [b, # x\n c]",
            "a: 'x",
        ] {
            assert!(has_comment(text, 0..text.len()), "{text}");
        }
        assert!(!has_comment("a: 1 # x\nb: 2", 9..13));
    }
}
