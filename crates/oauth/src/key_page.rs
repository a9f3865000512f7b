//! Where the keys of known providers are made and ended: one table, by the hosts of their servers.

use crate::quirk::is_at;
use terms::ServerUrl;

/// The host of a server, or with a dot before it of all below; and the provider's own page for keys.
const TABLE: [(&str, &str); 24] = [
    ("api.githubcopilot.com", "https://github.com/settings/tokens"),
    ("gitlab.com", "https://gitlab.com/-/user_settings/personal_access_tokens"),
    ("mcp.linear.app", "https://linear.app/settings/account/security"),
    ("mcp.notion.com", "https://www.notion.so/profile/integrations"),
    ("mcp.stripe.com", "https://dashboard.stripe.com/apikeys"),
    ("mcp.sentry.dev", "https://sentry.io/settings/account/api/auth-tokens/"),
    ("mcp.atlassian.com", "https://id.atlassian.com/manage-profile/security/api-tokens"),
    (".mcp.cloudflare.com", "https://dash.cloudflare.com/profile/api-tokens"),
    ("huggingface.co", "https://huggingface.co/settings/tokens"),
    ("mcp.supabase.com", "https://supabase.com/dashboard/account/tokens"),
    ("mcp.vercel.com", "https://vercel.com/account/tokens"),
    ("mcp.neon.tech", "https://console.neon.tech/app/settings/api-keys"),
    ("mcp.tavily.com", "https://app.tavily.com/home"),
    ("mcp.exa.ai", "https://dashboard.exa.ai/api-keys"),
    ("mcp.context7.com", "https://context7.com/dashboard"),
    ("mcp.airtable.com", "https://airtable.com/create/tokens"),
    ("mcp.apify.com", "https://console.apify.com/settings/integrations"),
    ("mcp.firecrawl.dev", "https://www.firecrawl.dev/app/api-keys"),
    ("mcp.render.com", "https://dashboard.render.com/u/settings#api-keys"),
    ("mcp.datadoghq.com", "https://app.datadoghq.com/organization-settings/api-keys"),
    ("mcp.posthog.com", "https://us.posthog.com/settings/user-api-keys"),
    ("mcp.buildkite.com", "https://buildkite.com/user/api-access-tokens"),
    ("mcp.jina.ai", "https://jina.ai/api-dashboard/"),
    ("mcp.zapier.com", "https://mcp.zapier.com/mcp/servers"),
];

/// The provider's page on which a key for this server is made, and ended. `None` where it is not known.
#[must_use]
pub fn key_page(server: &ServerUrl) -> Option<&'static str> {
    let host = server.host();
    TABLE.iter().find(|(name, _)| is_at(name, &host)).map(|(_, page)| *page)
}

/// Whether this is such a page of any provider.
#[must_use]
pub fn is_key_page(page: &str) -> bool {
    TABLE.iter().any(|(_, known)| *known == page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_host_of_its_server_alone() {
        let of = |url: &str| key_page(&ServerUrl::parse(url).unwrap());
        assert_eq!(of("https://api.githubcopilot.com/mcp/"), Some("https://github.com/settings/tokens"));
        assert!(of("https://docs.mcp.cloudflare.com/mcp").is_some());
        for other in [
            "https://api.githubcopilot.com.evil.example/",
            "https://evil-gitlab.com/",
            "https://gitlab.com:8443/",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert!(TABLE.iter().all(|(_, page)| page.starts_with("https://")));
    }
}
