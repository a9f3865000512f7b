//! Secrets in the address of a server.

use crate::key::Keys;
use crate::place::Place;
use crate::why::Why;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clients::Spelling;
use secret::Secret;
use url::Url;
use zeroize::Zeroizing;

/// The secrets in an address: what stands before its host, and what is in its path or behind that.
pub(crate) fn secrets(address: &str) -> Vec<Secret> {
    let Ok(url) = Url::parse(address) else { return Vec::new() };
    let behind = import::keys_within(address).into_iter().map(|range| &address[range]);
    let all = user(address, &url).into_iter().chain(behind);
    all.map(|text| Secret::from(text.to_owned())).collect()
}

/// The address without its secrets: keys stand there by their names. What a user name and a password say is
/// said in a header instead (RFC 7617).
pub(crate) fn without(
    address: &str,
    keys: &mut Keys,
    headers: &mut Vec<(String, String)>,
) -> Result<String, Why> {
    let Ok(url) = Url::parse(address) else {
        // What is wrong with it is told where it is checked.
        let is_bare = import::keys_within(address).is_empty() && !address.contains('@');
        return is_bare.then(|| address.to_owned()).ok_or(Why::Address);
    };
    let (mut named, mut bare) = (address.to_owned(), address.to_owned());
    for range in import::keys_within(address).into_iter().rev() {
        let secret = &address[range.clone()];
        if !config::is_key(secret) {
            return Err(Why::Address);
        }
        named.replace_range(range.clone(), &keys.take(Place::Address, secret, None));
        bare.replace_range(range, "");
    }
    if let Some(user) = user(address, &url) {
        let is_as_it_is =
            user.split_once(':').is_some_and(|(_, password)| !password.is_empty()) && !user.contains('%');
        let says_otherwise = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if !is_as_it_is || says_otherwise {
            return Err(Why::Address);
        }
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(user));
        let name = keys.take(Place::Address, &encoded, Some(Spelling::Decoded));
        headers.push(("Authorization".to_owned(), format!("Basic {name}")));
        named = named.replacen(&format!("{user}@"), "", 1);
    }
    let left = Url::parse(&named).map_err(|_| Why::Address)?;
    let is_clean = import::keys_within(&bare).is_empty() && user_of(&left).is_none();
    is_clean.then_some(named).ok_or(Why::Address)
}

fn user_of(url: &Url) -> Option<()> {
    (!url.username().is_empty() || url.password().is_some()).then_some(())
}

/// The user name and the password, as they are written.
fn user<'a>(address: &'a str, url: &Url) -> Option<&'a str> {
    user_of(url)?;
    let (_, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].rsplit_once('@').map(|(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_said_in_a_header() {
        let (mut keys, mut headers) = (Keys::default(), Vec::new());
        let address = without("https://ada:pass-word@x.example/mcp?a=1", &mut keys, &mut headers).unwrap();
        assert_eq!(address, "https://x.example/mcp?a=1");
        assert_eq!(headers, [("Authorization".to_owned(), "Basic ${key:address}".to_owned())]);
        assert!(keys.0[0].secret.ct_eq("YWRhOnBhc3Mtd29yZA=="));
        assert_eq!(
            without("https://x.example/mcp?api_key=abcde", &mut keys, &mut headers),
            Err(Why::Address)
        );
    }
}
