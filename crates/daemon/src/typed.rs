//! What is typed to a question about the use of servers: whether, how long, how far, and for which of them.

use broker::wire::{AccessLevel, Form};
use broker::{Choice, Lasts, UseAnswer, Wish};
use words::say;

/// An answer that was typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    verdict: Verdict,
    choice: Choice,
    /// The servers that it names by their numbers, or all.
    servers: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Allow,
    Deny,
}

/// What can be typed.
pub(crate) fn offer(servers: &[Wish], longest: Lasts) -> String {
    let line = |words: String| format!("  {words}\n");
    let some = if servers.len() > 1 { line(say!(ask_some)) } else { String::new() };
    if longest == Lasts::Once {
        return format!("{some}{}  {} > ", line(say!(ask_reads)), say!(ask_once_or_not));
    }
    let reads = line(say!(ask_reads));
    let proxy = if gets_a_token(servers) { line(say!(ask_proxy)) } else { String::new() };
    let offer = if longest == Lasts::Always { say!(ask_how_long_or_always) } else { say!(ask_how_long) };
    format!("{some}{reads}{proxy}  {offer} > ")
}

fn gets_a_token(servers: &[Wish]) -> bool {
    servers.iter().any(|wish| wish.form > Form::Proxied)
}

impl Typed {
    /// The answer that a line is; else what to say to that. Whole words only, and a number alone is none:
    /// what was typed for something else answers nothing.
    pub(crate) fn read(line: &str, servers: &[Wish], longest: Lasts) -> Result<Self, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_number = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = words.iter().rev().take_while(is_number).count();
        let (words, numbers) = words.split_at(words.len() - numbers);
        let (words, reach) = match words {
            [words @ .., "proxy"] => (words, AccessLevel::ProxyOnly),
            [words @ .., "reads"] => (words, AccessLevel::ByRules),
            words => (words, AccessLevel::Everything),
        };
        let (verdict, lasts) = verdict(&words.join(" ")).ok_or_else(|| nothing(longest))?;
        let is_offered = match reach {
            AccessLevel::Everything => true,
            AccessLevel::ProxyOnly => verdict == Verdict::Allow && gets_a_token(servers),
            AccessLevel::ByRules => verdict == Verdict::Allow,
        };
        if !is_offered {
            return Err(nothing(longest));
        }
        // A no is the longest that it can be; a yes is what was said, or nothing.
        let lasts = if verdict == Verdict::Deny { lasts.min(longest) } else { lasts };
        if lasts > longest {
            return Err(nothing(longest));
        }
        let servers = named(numbers, servers).ok_or_else(|| say!(ask_no_such_number))?;
        Ok(Self { verdict, choice: Choice { reach, lasts }, servers })
    }

    pub(crate) fn answer(&self) -> UseAnswer {
        let servers = self.servers.iter().cloned();
        match self.verdict {
            Verdict::Allow => UseAnswer::yes(servers, self.choice),
            Verdict::Deny => UseAnswer::no(servers, self.choice),
        }
    }

    /// What was decided, and until when.
    pub(crate) fn decided(&self) -> String {
        let what = match (self.verdict, self.choice.reach) {
            (Verdict::Deny, _) => "denied",
            (Verdict::Allow, AccessLevel::Everything) => "allowed",
            (Verdict::Allow, AccessLevel::ProxyOnly) => "proxy",
            (Verdict::Allow, AccessLevel::ByRules) => "reads",
        };
        match self.choice.lasts {
            Lasts::Once => say!(ask_decided_once, what = what),
            Lasts::QuarterHour => say!(ask_decided_quarter_hour, what = what),
            Lasts::Hour => say!(ask_decided_hour, what = what),
            Lasts::Today => say!(ask_decided_today, what = what),
            Lasts::ForNow => say!(ask_decided_for_now, what = what),
            Lasts::Always => say!(ask_decided_always, what = what),
        }
    }
}

fn verdict(phrase: &str) -> Option<(Verdict, Lasts)> {
    if phrase == "never" {
        return Some((Verdict::Deny, Lasts::Always));
    }
    let (word, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
    match (word, rest) {
        ("n" | "no" | "d" | "don't" | "deny", "") | ("don't", "allow") => {
            Some((Verdict::Deny, Lasts::ForNow))
        }
        ("n" | "no" | "d" | "deny", long) => Some((Verdict::Deny, lasts(long)?)),
        ("y" | "yes" | "allow", long) => Some((Verdict::Allow, lasts(long)?)),
        _ => Some((Verdict::Allow, lasts(phrase)?)),
    }
}

fn lasts(phrase: &str) -> Option<Lasts> {
    match phrase {
        "o" | "once" => Some(Lasts::Once),
        "q" | "quarter" | "quarter hour" => Some(Lasts::QuarterHour),
        "h" | "hour" | "an hour" => Some(Lasts::Hour),
        "t" | "today" => Some(Lasts::Today),
        "f" | "now" | "for now" => Some(Lasts::ForNow),
        "always" => Some(Lasts::Always),
        _ => None,
    }
}

/// The names of those that are numbered so; of all where there are no numbers.
fn named(numbers: &[&str], servers: &[Wish]) -> Option<Vec<String>> {
    let name = |wish: &Wish| wish.server.clone();
    if numbers.is_empty() {
        return Some(servers.iter().map(name).collect());
    }
    let at = |number: &&str| servers.get(number.parse::<usize>().ok()?.checked_sub(1)?).map(name);
    numbers.iter().map(at).collect()
}

fn nothing(longest: Lasts) -> String {
    match longest {
        Lasts::Once => say!(ask_o_or_d),
        Lasts::QuarterHour | Lasts::Hour | Lasts::Today | Lasts::ForNow => {
            say!(ask_o_to_d)
        }
        Lasts::Always => say!(ask_o_to_never),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(server: &str, form: Form) -> Wish {
        let (server, host) = (server.to_owned(), "host.example".to_owned());
        Wish {
            server,
            host,
            account: None,
            folder: None,
            resource: None,
            form,
            scopes: None,
            lives: None,
            before: None,
        }
    }

    fn said(line: &str, longest: Lasts) -> Option<(Verdict, AccessLevel, Lasts, String)> {
        let servers = [wish("a", Form::Token), wish("b", Form::Proxied), wish("c", Form::Token)];
        let typed = Typed::read(line, &servers, longest).ok()?;
        Some((typed.verdict, typed.choice.reach, typed.choice.lasts, typed.servers.join(" ")))
    }

    #[test]
    fn a_yes_says_how_long_and_may_say_how_far_and_for_which() {
        let all = |lasts| Some((Verdict::Allow, AccessLevel::Everything, lasts, "a b c".to_owned()));
        for (line, lasts) in [
            ("o", Lasts::Once),
            ("allow once", Lasts::Once),
            ("y q", Lasts::QuarterHour),
            ("yes hour", Lasts::Hour),
            ("t", Lasts::Today),
            ("allow for now", Lasts::ForNow),
            ("always", Lasts::Always),
        ] {
            assert_eq!(said(line, Lasts::Always), all(lasts), "{line}");
        }
        let proxy = (Verdict::Allow, AccessLevel::ProxyOnly, Lasts::Today, "a c".to_owned());
        assert_eq!(said("t proxy 1 3", Lasts::ForNow), Some(proxy));
        let reads = (Verdict::Allow, AccessLevel::ByRules, Lasts::ForNow, "b".to_owned());
        assert_eq!((said("f reads 2", Lasts::Always), said("d reads", Lasts::Always)), (Some(reads), None));
    }

    #[test]
    fn a_no_is_one_word_and_holds_for_now_unless_it_says_how_long() {
        for (line, lasts) in [
            ("d", Lasts::ForNow),
            ("don't allow", Lasts::ForNow),
            ("no hour", Lasts::Hour),
            ("never", Lasts::Always),
        ] {
            let no = (Verdict::Deny, AccessLevel::Everything, lasts, "b".to_owned());
            assert_eq!(said(&format!("{line} 2"), Lasts::Always), Some(no), "{line}");
        }
        assert_eq!(said("d", Lasts::Once).map(|(_, _, lasts, _)| lasts), Some(Lasts::Once));
    }

    #[test]
    fn digits_single_keys_and_half_answers_are_none() {
        for line in
            ["", "1", "1 2 3", "y", "yes", "yes 1", "off", "proxy", "d proxy", "f 4", "f 0", "f 1 x", "f f"]
        {
            assert_eq!(said(line, Lasts::Always), None, "{line}");
        }
        assert_eq!(said("always", Lasts::ForNow), None);
        assert_eq!(said("f", Lasts::Once), None);
    }

    #[test]
    fn where_no_token_is_asked_for_there_is_none_to_keep_from() {
        assert!(Typed::read("f proxy", &[wish("b", Form::Proxied)], Lasts::Always).is_err());
    }
}
