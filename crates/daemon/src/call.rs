//! A question about a call in words, and what is typed to it.

use broker::{CallAnswer, CallWish, Confirmation, Difference, Lasts, WhyAsked};
use plain::named;
use std::fmt::Write;
use words::say;

/// The question, up to where its answer is typed.
pub(crate) fn words(agent: &str, program: &str, call: &CallWish, count: usize, longest: Lasts) -> String {
    let asks =
        say!(ask_call, agent = agent, tool = named(&call.name), server = &call.server, host = &call.host);
    let mut words = format!("\n{asks}\n{program}");
    for line in about(call, count) {
        let _ = writeln!(words, "  {line}");
    }
    for argument in &call.arguments {
        // What goes on on another line cannot be taken for another argument, nor for our own words.
        let value = argument.value.replace('\n', "\n      | ");
        let _ = writeln!(words, "    {}: {value}", named(&argument.name));
    }
    let offer = match longest {
        Lasts::Once => say!(ask_call_once_or_not),
        Lasts::QuarterHour | Lasts::Hour | Lasts::Today | Lasts::ForNow => say!(ask_call_how_long),
        Lasts::Always => say!(ask_call_how_long_or_always),
    };
    let _ = write!(words, "  {offer} > ");
    words
}

/// What is known of it, a line each.
fn about(call: &CallWish, count: usize) -> Vec<String> {
    let account = call.account.as_ref().map(|account| say!(ask_call_account, account = account));
    let title = call.title.as_ref().map(|title| say!(ask_call_title, title = title));
    let class = call.class.map(|class| say!(ask_call_class, class = class.words()));
    let like = call.looks_like.as_ref().map(|other| say!(ask_call_looks_like, other = named(other)));
    let why = match &call.why {
        WhyAsked::Rule => None,
        WhyAsked::New => Some(say!(ask_call_new)),
        WhyAsked::Changed { .. } => Some(say!(ask_call_changed)),
        WhyAsked::Unlisted => Some(say!(ask_call_unlisted)),
        WhyAsked::Unknown => Some(say!(ask_call_unknown)),
    };
    let differences = match &call.why {
        WhyAsked::Changed { differences } => differences.iter().map(difference).collect(),
        WhyAsked::Rule | WhyAsked::New | WhyAsked::Unlisted | WhyAsked::Unknown => Vec::new(),
    };
    let says_else = call.says_else.then(|| say!(ask_call_says_else));
    let several = (count > 1).then(|| say!(ask_call_count, count = count));
    let told = if call.arguments.is_empty() { say!(ask_call_no_arguments) } else { say!(ask_call_arguments) };
    let first = [account, title, class, like, why].into_iter().flatten();
    first.chain(differences).chain([says_else, several, Some(told)].into_iter().flatten()).collect()
}

fn difference(difference: &Difference) -> String {
    match difference {
        Difference::Class { was, is } => say!(ask_call_other_class, was = was.words(), is = is.words()),
        Difference::Added { name } => say!(ask_call_added, name = named(name)),
        Difference::Removed { name } => say!(ask_call_removed, name = named(name)),
        Difference::Other { name } => say!(ask_call_other, name = named(name)),
        Difference::Schema => say!(ask_call_schema),
    }
}

/// The answer that a line is; else what to say to that.
pub(crate) fn read(line: &str, longest: Lasts) -> Result<CallAnswer, String> {
    let nothing = || if longest == Lasts::Once { say!(ask_call_o_or_d) } else { say!(ask_call_o_to_never) };
    let lasts = match line.trim() {
        "o" | "once" | "this call" => return Ok(CallAnswer { answer: Confirmation::Yes, tool: None }),
        "d" | "don't" | "don't allow" | "deny" | "n" | "no" => {
            return Ok(CallAnswer { answer: Confirmation::No, tool: None });
        }
        "never" if longest > Lasts::Once => {
            return Ok(CallAnswer { answer: Confirmation::No, tool: Some(longest) });
        }
        "q" | "quarter hour" => Lasts::QuarterHour,
        "h" | "hour" => Lasts::Hour,
        "t" | "today" => Lasts::Today,
        "f" | "for now" => Lasts::ForNow,
        "always" => Lasts::Always,
        _ => return Err(nothing()),
    };
    if lasts > longest {
        return Err(nothing());
    }
    Ok(CallAnswer { answer: Confirmation::Yes, tool: Some(lasts) })
}

/// What was decided.
pub(crate) fn decided(answer: CallAnswer) -> String {
    match (answer.answer, answer.tool) {
        (Confirmation::Yes, None) => say!(ask_call_allowed),
        (Confirmation::Yes, Some(_)) => say!(ask_tool_allowed),
        (Confirmation::No, None) => say!(ask_call_denied),
        (Confirmation::No, Some(_)) => say!(ask_tool_denied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_for_the_call_or_for_the_tool_and_no_longer_than_the_leave() {
        let read = |line: &str, longest| read(line, longest).ok();
        let yes = |tool| Some(CallAnswer { answer: Confirmation::Yes, tool });
        let no = |tool| Some(CallAnswer { answer: Confirmation::No, tool });
        assert_eq!(read("o", Lasts::Once), yes(None));
        assert_eq!(read("f", Lasts::Always), yes(Some(Lasts::ForNow)));
        assert_eq!(read("always", Lasts::Always), yes(Some(Lasts::Always)));
        for (line, lasts) in [("q", Lasts::QuarterHour), ("h", Lasts::Hour), ("t", Lasts::Today)] {
            assert_eq!((read(line, lasts), read(line, Lasts::Once)), (yes(Some(lasts)), None), "{line}");
        }
        assert_eq!((read("always", Lasts::ForNow), read("f", Lasts::Once)), (None, None));
        assert_eq!(
            (read("d", Lasts::Once), read("never", Lasts::ForNow)),
            (no(None), no(Some(Lasts::ForNow)))
        );
        for line in ["", "y", "yes", "1", "never", "of"] {
            assert_eq!(read(line, Lasts::Once), None, "{line}");
        }
    }
}
