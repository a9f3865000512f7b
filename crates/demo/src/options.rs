use std::path::PathBuf;

/// What the command line says.
#[derive(Debug, clap::Parser)]
#[command(name = "mcp-valet-demo", version, about)]
pub struct Options {
    /// Loopback address to listen on: 127.0.0.1, ::1, localhost or another 127.x.y.z
    #[arg(long, default_value = "127.0.0.1", value_name = "HOST")]
    pub host: Host,

    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8976)]
    pub port: u16,

    /// Seconds that an access token lives
    #[arg(long, default_value_t = 300, value_name = "SECONDS",
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub token_lifetime: u32,

    /// End when standard input does: with the program that holds its other end
    #[arg(long)]
    pub ends_with_input: bool,

    /// Neither advertise nor send the issuer in authorization responses (RFC 9207)
    #[arg(long)]
    pub no_iss: bool,

    /// No dynamic client registration; the client is the one of --client-id
    #[arg(long, requires = "client_id")]
    pub no_registration: bool,

    /// Id of a client that is registered from the start
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,

    /// File with that client's secret; without it the client is public
    #[arg(long, requires = "client_id", value_name = "FILE")]
    pub client_secret_file: Option<PathBuf>,

    /// Redirect URI of that client, as often as needed; on loopback any port fits
    #[arg(long, requires = "client_id", value_name = "URI",
          default_values = ["http://127.0.0.1/callback", "http://localhost/callback"])]
    pub redirect_uri: Vec<String>,
}

/// A loopback host, spelt as the issuer will spell it.
///
/// Anything else is refused: the demo signs in whoever clicks, over plain http.
#[derive(Debug, Clone)]
pub struct Host(String);

impl Host {
    /// The name to bind and to write into the issuer, IPv6 in brackets.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Host {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "localhost" {
            return Ok(Self(text.to_owned()));
        }
        match text.trim_matches(['[', ']']).parse() {
            Ok(std::net::IpAddr::V4(ip)) if ip.is_loopback() => Ok(Self(ip.to_string())),
            Ok(std::net::IpAddr::V6(ip)) if ip.is_loopback() => Ok(Self(format!("[{ip}]"))),
            _ => Err("the demo has no passwords, so it listens on loopback only"),
        }
    }
}
