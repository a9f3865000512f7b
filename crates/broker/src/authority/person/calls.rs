//! The person answers questions about calls, and sets rules.

use crate::authority::person::{Person, broke_off};
use crate::valet::{catalogs, kept_answers, reload};
use consent::answer::Confirmation;
use consent::call::{CallAnswer, CallAsked};
use consent::lasts::Lasts;
use consent::ruling::RulesSet;
use consent::tools::{Difference, Sight};
use peer::By;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use wire::{Act, ClassRules, Problem, Ruling, SaidBy, ToolClass};

/// A tool of a server, for the person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ToolSeen {
    /// As its server calls it.
    pub name: String,
    /// What it is called for people.
    pub title: Option<String>,
    /// What it says of itself.
    pub description: String,
    /// What it does.
    pub class: ToolClass,
    /// Who says so.
    pub said_by: SaidBy,
    /// What its server says that it does.
    pub by_server: ToolClass,
    /// Whether it came after the first list, and the person has not seen it.
    pub is_new: bool,
    /// How it is not what the person knows.
    pub differences: Vec<Difference>,
    /// Whether it says something else of itself than it did.
    pub says_else: bool,
    /// By what it is told from what it may become.
    pub mark: String,
}

/// What the person says of some tools, all at once.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ToolsSaid {
    /// The tools, as they were shown.
    pub tools: Vec<ToolShown>,
    /// What they do: null leaves that to the server. The person has seen them either way.
    pub class: Option<ToolClass>,
}

/// A tool as the person saw it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ToolShown {
    /// As its server calls it.
    pub name: String,
    /// Its mark.
    pub mark: String,
}

/// What a program may do at a server, as the person sets it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RulesSaid {
    /// The program, by its mark.
    pub mark: String,
    /// By what a tool does.
    pub classes: ClassRules,
    /// By tool.
    pub tools: Vec<ToolSaid>,
}

/// The rule for one tool.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ToolSaid {
    /// The tool.
    pub tool: String,
    /// What becomes of its calls.
    pub rule: Ruling,
}

impl Person {
    /// Answers a question about a call. False if it was answered elsewhere before.
    pub fn answer_call(&self, question: u64, answer: CallAnswer) -> bool {
        let valet = &self.valet;
        let _one_at_a_time = valet.answering.lock();
        let Some((asked, wish, longest)) = valet.questions.call(question) else { return false };
        let tool = answer.tool.map(|lasts| lasts.min(longest)).filter(|lasts| *lasts > Lasts::Once);
        let answer = CallAnswer { tool: tool.filter(|_| asked.tool.is_some()), ..answer };
        let here = valet.clock.here();
        valet.activity.touch(here.timestamp());
        // What they said yes to they have seen, as the question showed it.
        if let (Confirmation::Yes, Some(tool), Some(form)) = (answer.answer, &asked.tool, &asked.form) {
            valet.catalogs.lock().change(&asked.server_id, &asked.grant, |tools| tools.see(tool, form));
        }
        // Remembered before it is given, whoever asks again at once.
        let kept = self.rule_tool(&asked, answer, &here);
        let mut entry = audit::entry(here.timestamp(), answer.act(), By::Agent(asked.who.clone()).actor());
        entry.server = self.name_of(&asked.server_id);
        entry.method = Some(asked.method.clone());
        entry.tool = asked.tool.clone();
        entry.class = wish.class;
        entry.arguments = asked.call.arguments.as_deref().map(|text| valet.audit.mark_of(text));
        entry.until = answer.tool.and_then(|lasts| lasts.ends(&here)).and_then(|ends| match ends {
            consent::lasts::Ends::At(until) => Some(until),
            consent::lasts::Ends::WithTheValet | consent::lasts::Ends::Never => None,
        });
        valet.note(&entry);
        valet.questions.answer_call(question, answer, here.timestamp());
        if answer.tool.is_some() {
            // What waits for the same tool is looked at again.
            let is_same = |other: &CallAsked| {
                other.who == asked.who && other.server_id == asked.server_id && other.tool == asked.tool
            };
            valet.questions.take_back_calls(is_same);
        }
        if kept {
            kept_answers::keep(valet);
        }
        catalogs::keep(valet, &asked.server_id);
        valet.publish();
        true
    }

    fn rule_tool(&self, asked: &CallAsked, answer: CallAnswer, here: &jiff::Zoned) -> bool {
        let (Some(tool), Some(lasts)) = (&asked.tool, answer.tool) else { return false };
        let rule = if answer.answer == Confirmation::Yes { Ruling::Free } else { Ruling::Never };
        let mut consents = self.valet.consents();
        consents.rule_tool(&asked.who, &asked.server_id, tool, (rule, lasts), here).unwrap_or(false)
    }

    /// Sets what a program may do at a server that it may use.
    ///
    /// # Errors
    /// There is no such server.
    pub fn set_rules(&self, server: &str, said: &RulesSaid) -> Result<(), Problem> {
        let valet = &self.valet;
        let id = valet.book().find(server).map(|server| server.id.clone())?;
        let tools: Vec<(String, Ruling)> =
            said.tools.iter().map(|said| (said.tool.clone(), said.rule)).collect();
        let now = valet.clock.now();
        let set = valet.consents().set_rules(&said.mark, &id, (said.classes, &tools), now);
        let Some(RulesSet { who, kept }) = set else { return Ok(()) };
        let mut entry = audit::entry(now, Act::SetRules, By::Agent(who.clone()).actor());
        entry.server = Some(server.to_owned());
        entry.rule = Some(in_words(said.classes, &tools));
        valet.note(&entry);
        valet.questions.take_back_calls(|call| call.who == who && call.server_id == id);
        if kept {
            kept_answers::keep(valet);
        }
        catalogs::keep(valet, &id);
        valet.publish();
        Ok(())
    }

    /// The tools of a server, as its grant sees them now.
    ///
    /// # Errors
    /// There is no such server, or the vault cannot be read.
    pub async fn tools(&self, server: &str) -> Result<Vec<ToolSeen>, Problem> {
        let (id, grant) = self.grant_at(server)?;
        catalogs::read(&self.valet, &id).await?;
        let catalogs = self.valet.catalogs.lock();
        let all = catalogs.tools(&id, &grant).into_iter().flat_map(|tools| tools.all());
        let seen = all.map(|(name, known)| {
            let (class, said_by) = known.class();
            let sight = known.sight();
            ToolSeen {
                name: name.to_owned(),
                title: known.title().map(ToOwned::to_owned),
                description: known.description().to_owned(),
                class,
                said_by,
                by_server: known.class_of_server().0,
                is_new: sight == Sight::New,
                differences: if let Sight::Changed(all) = sight { all } else { Vec::new() },
                says_else: known.says_else(),
                mark: known.form().mark(),
            }
        });
        Ok(seen.collect())
    }

    /// Says what tools do, which the person has seen by that. False, and nothing is said, if one of them is
    /// not what it was when they saw it.
    ///
    /// # Errors
    /// There is no such server, or the vault cannot be read.
    pub async fn say_of_tools(&self, server: &str, said: &ToolsSaid) -> Result<bool, Problem> {
        let (id, grant) = self.grant_at(server)?;
        catalogs::read(&self.valet, &id).await?;
        let is_said = self.valet.catalogs.lock().change(&id, &grant, |tools| {
            let as_shown = said.tools.iter().all(|tool| tools.is_as_shown(&tool.name, &tool.mark));
            let named = said.tools.iter().filter(|_| as_shown);
            named.for_each(|tool| tools.set_class(&tool.name, said.class));
            as_shown
        });
        if is_said != Some(true) {
            return Ok(false);
        }
        let mut entry = audit::entry(self.valet.clock.now(), Act::SetClasses, By::Person.actor());
        entry.server = Some(server.to_owned());
        entry.class = said.class;
        let names: Vec<&str> = said.tools.iter().map(|tool| tool.name.as_str()).collect();
        entry.tool = Some(names.join(", "));
        self.valet.note(&entry);
        catalogs::keep(&self.valet, &id);
        // What waits is looked at again.
        self.valet.questions.take_back_calls(|call| call.server_id == id);
        self.valet.publish();
        Ok(true)
    }

    fn grant_at(&self, server: &str) -> Result<(String, String), Problem> {
        let book = self.valet.book();
        let server = book.find(server)?;
        Ok((server.id.clone(), catalogs::grant_at(server)))
    }

    /// Says what programs may do that were never answered about, and what a question begins with.
    ///
    /// # Errors
    /// The configuration could not be written, or other edits of it wait for consent.
    pub async fn set_default_rules(&self, rules: ClassRules) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            let edit = move |path: &Path| config::set_rules(path, rules);
            reload::edit(&valet, edit, move |config| config.valet.rules = rules)?;
            let mut entry = audit::entry(valet.clock.now(), Act::SetRules, By::Person.actor());
            entry.rule = Some(in_words(rules, &[]));
            valet.note(&entry);
            Ok(())
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }
}

/// For the audit.
fn in_words(classes: ClassRules, tools: &[(String, Ruling)]) -> String {
    let of_classes =
        ToolClass::ALL.map(|class| format!("{}: {}", class.as_str(), classes.of(class).as_str()));
    let of_tools = tools.iter().map(|(tool, rule)| format!("{tool}: {}", rule.as_str()));
    of_classes.into_iter().chain(of_tools).collect::<Vec<_>>().join(", ")
}
