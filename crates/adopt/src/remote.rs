//! A server at an address, as another program lists it.

use crate::key::Keys;
use crate::place::Place;
use crate::why::Why;
use crate::{address, suspect};
use import::{Left, Whole, has_variables};
use secret::Secret;
use serde_json::{Map, Value, json};

/// What may be secret in it, and where.
pub(crate) fn secrets(whole: &Whole) -> Vec<(Place, Secret)> {
    let Whole::Remote { address, headers, variables, .. } = whole else { return Vec::new() };
    let in_headers = headers.iter().filter_map(|(name, value)| {
        let value = expanded(value, variables);
        let (_, secret) = suspect::lying_in_header(name, &value).filter(|_| !has_variables(&value))?;
        Some((Place::Header(name.clone()), Secret::from(secret.to_owned())))
    });
    let in_address = if has_variables(address) { Vec::new() } else { address::secrets(address) };
    in_headers.chain(in_address.into_iter().map(|secret| (Place::Address, secret))).collect()
}

/// The secret of a client that was registered by hand.
pub(crate) fn client(value: &Value) -> Option<(Place, Secret)> {
    let blocks = ["oauth", "auth"].iter().filter_map(|key| value.get(key));
    let keys = ["clientSecret", "client_secret", "CLIENT_SECRET"];
    let mut said = blocks.flat_map(|block| keys.iter().filter_map(|key| block.get(key)?.as_str()));
    let secret = said.find(|secret| !secret.is_empty() && !has_variables(secret))?;
    Some((Place::Client, Secret::from(secret.to_owned())))
}

/// The entry that says the same here.
pub(crate) fn entry(whole: &Whole, is_older: bool, keys: &mut Keys) -> Result<Map<String, Value>, Why> {
    let Whole::Remote { address, headers, variables, oauth, left, is_older: says_older } = whole else {
        return Ok(Map::new());
    };
    if is_older || *says_older {
        return Err(Why::Older);
    }
    if left.iter().any(|left| matches!(left, Left::ClientSecret | Left::Client)) {
        return Err(Why::Client);
    }
    let unused = |name: &String| !headers.iter().any(|(_, value)| value.contains(&format!("${{{name}}}")));
    if variables.keys().any(unused) {
        return Err(Why::More(vec!["env".to_owned()]));
    }
    if has_variables(address) {
        return Err(Why::Variables);
    }
    let mut block: Vec<(String, String)> = Vec::new();
    for (name, value) in headers {
        if block.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err(Why::More(vec![plain::plain(name, 40)]));
        }
        let value = expanded(value, variables);
        if has_variables(&value) {
            return Err(Why::Variables);
        }
        let line = match suspect::in_header(name, &value) {
            Some((before, secret)) => {
                format!("{before}{}", keys.take(Place::Header(name.clone()), secret, None))
            }
            None => value,
        };
        block.push((name.clone(), line));
    }
    let address = address::without(address, keys, &mut block)?;
    let mut entry = Map::from_iter([("url".to_owned(), json!(address))]);
    if let Some(oauth) = oauth {
        entry.insert("oauth".to_owned(), Value::Object(oauth.clone()));
    }
    if !block.is_empty() {
        let block = block.into_iter().map(|(name, line)| (name, json!(line)));
        entry.insert("headers".to_owned(), Value::Object(block.collect()));
    }
    Ok(entry)
}

/// A value with what a bridge puts in the place of `${NAME}` from its own environment.
fn expanded(value: &str, variables: &Map<String, Value>) -> String {
    variables.iter().fold(value.to_owned(), |value, (name, content)| match content.as_str() {
        Some(content) => value.replace(&format!("${{{name}}}"), content),
        None => value,
    })
}
