//! `mcp-valet rules`: what the application that runs it may do at a server, and why. It changes nothing.

use crate::failure::Failure;
use crate::print;
use clap::Args;
use wire::{Client, RulesOf, Ruling, SaidBy, ToolClass, ToolUnderRules};
use words::say;

/// Which rules.
#[derive(Args)]
pub(crate) struct Rules {
    /// The server's name or URL.
    server: String,
    /// Say of this tool which rule it is, and why.
    #[arg(long, value_name = "TOOL")]
    explain: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, asked: Rules) -> Result<(), Failure> {
    let mut rules = client.rules(&asked.server).await?;
    if let Some(tool) = &asked.explain {
        rules.tools.retain(|one| one.tool == *tool);
    }
    if asked.json {
        return print::json(&rules);
    }
    if !rules.allowed {
        return print::line(&say!(cli_rules_not_allowed, server = &rules.server));
    }
    if let Some(account) = &rules.account {
        print::line(&say!(cli_rules_account, server = &rules.server, account = account))?;
    }
    match asked.explain {
        Some(tool) => explain(&rules, &tool),
        None => show(&rules),
    }
}

fn show(rules: &RulesOf) -> Result<(), Failure> {
    let Some(own) = &rules.rules else {
        return print::line(&say!(cli_rules_everything, server = &rules.server));
    };
    for class in ToolClass::ALL {
        print::line(&row(&class.words(), own.classes.of(class)))?;
    }
    for tool in &own.tools {
        let until = tool.until.map(|until| say!(cli_rules_until, end = format!("{until:.0}")));
        print::line(&format!("{}{}", row(&tool.tool, tool.rule), until.unwrap_or_default()))?;
    }
    if rules.tools.is_empty() {
        return print::line(&say!(cli_rules_no_tools, server = &rules.server));
    }
    print::line(&say!(cli_rules_tools))?;
    rules.tools.iter().try_for_each(|tool| {
        print::line(&format!("  {:24} {:8} {}", tool.tool, tool.class.words(), tool.rule.words()))
    })
}

fn row(what: &str, rule: Ruling) -> String {
    format!("{what:24} {}", rule.words())
}

fn explain(rules: &RulesOf, tool: &str) -> Result<(), Failure> {
    let own = rules.rules.iter().flat_map(|own| &own.tools).find(|own| own.tool == tool);
    let (rule, by, why) = match (rules.tools.first(), own) {
        (Some(found), _) => (found.rule, said_by(found), because(found)),
        (None, Some(own)) => (own.rule, not_listed(rules), say!(cli_rules_because_tool)),
        (None, None) => (rules.unlisted, not_listed(rules), because_unlisted(rules)),
    };
    print::line(&say!(cli_rules_explained, tool = tool, rule = rule.words()))?;
    print::line(&format!("  {by}"))?;
    print::line(&format!("  {why}"))
}

fn said_by(ToolUnderRules { class, said_by, .. }: &ToolUnderRules) -> String {
    match said_by {
        SaidBy::Person => say!(cli_rules_by_person, class = class.words()),
        SaidBy::Server => say!(cli_rules_by_server, class = class.words()),
        SaidBy::Nobody => say!(cli_rules_by_nobody),
    }
}

fn because(ToolUnderRules { class, because, .. }: &ToolUnderRules) -> String {
    match because.as_str() {
        "everything" => say!(cli_rules_because_everything),
        "tool" => say!(cli_rules_because_tool),
        "new" => say!(cli_rules_because_new),
        "changed" => say!(cli_rules_because_changed),
        _ => say!(cli_rules_because_class, class = class.words()),
    }
}

fn not_listed(rules: &RulesOf) -> String {
    say!(cli_rules_unlisted, server = &rules.server)
}

fn because_unlisted(rules: &RulesOf) -> String {
    match rules.unlisted {
        Ruling::Free => say!(cli_rules_because_everything),
        Ruling::Ask => say!(cli_rules_because_unlisted),
        Ruling::Never => say!(cli_rules_because_class, class = ToolClass::Destroy.words()),
    }
}
