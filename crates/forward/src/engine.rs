//! What the engines that run containers say of one.

use crate::bearing::is_id;
use plain::plain;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

/// Engines that are asked, in this order.
pub(crate) const ENGINES: [&str; 2] = ["podman", "docker"];
/// What is asked. Names and images have no spaces.
const FORM: &str = "{{.Id}} {{.State.Pid}} {{.Name}} {{.Config.Image}}";
/// How long one may take to answer, and how much of that is read.
const PATIENCE: Duration = Duration::from_secs(15);
const MOST: u64 = 1 << 10;

/// A container, as its engine describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The engine, by its command.
    pub engine: &'static str,
    /// What tells it from every other.
    pub id: String,
    /// What it is called, today and there.
    pub name: String,
    /// The image that it was made of; empty where it was made of none.
    pub image: String,
    /// The number of its first process; 0 where it does not run.
    pub first: u32,
}

/// The container with this ID, as the first engine that knows it describes it.
pub async fn described(id: &str) -> Option<Described> {
    if !is_id(id) {
        return None;
    }
    for engine in ENGINES {
        if let Ok(described) = ask(engine, id).await {
            return Some(described).filter(|described| described.id == id);
        }
    }
    None
}

/// What an engine says of the container of this name or ID; or its trouble, as a person may read it.
pub(crate) async fn ask(engine: &'static str, name: &str) -> Result<Described, String> {
    let mut command = Command::new(engine);
    command.args(["inspect", "--type", "container", "--format", FORM, name]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let Ok(mut child) = command.spawn() else { return Err(String::new()) };
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(String::new());
    };
    let (mut said, mut trouble) = (Vec::new(), Vec::new());
    let answer = async {
        let (mut stdout, mut stderr) = (stdout.take(MOST), stderr.take(MOST));
        let _ = tokio::join!(stdout.read_to_end(&mut said), stderr.read_to_end(&mut trouble));
    };
    let _ = timeout(PATIENCE, answer).await;
    let described = read(engine, &String::from_utf8_lossy(&said));
    described.ok_or_else(|| plain(String::from_utf8_lossy(&trouble).trim(), 200))
}

fn read(engine: &'static str, said: &str) -> Option<Described> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let (id, first, name, image) = match words[..] {
        [id, first, name, image] => (id, first, name, image),
        // Of a folder that is no image.
        [id, first, name] => (id, first, name, ""),
        _ => return None,
    };
    let first: i32 = first.parse().ok()?;
    let first = u32::try_from(first).ok()?;
    // Docker writes names as paths.
    let name = name.strip_prefix('/').unwrap_or(name).to_owned();
    is_id(id).then(|| Described { engine, id: id.to_owned(), name, image: image.to_owned(), first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_is_an_id_a_number_a_name_and_an_image() {
        let id = "0a".repeat(32);
        let read = |said: &str| read("podman", said);
        let described = read(&format!("{id} 7 /web localhost/mini:1\n")).unwrap();
        assert_eq!((described.first, described.name.as_str()), (7, "web"));
        assert_eq!((described.id, described.image.as_str()), (id.clone(), "localhost/mini:1"));
        assert_eq!(read(&format!("{id} 0 web \n")).unwrap().image, "");
        let end = "web mini";
        for said in [
            String::new(),
            format!("7 {end}"),
            format!("{id} 7"),
            format!("{id} -1 {end}"),
            format!("{id} 7 {end} 8"),
            format!("web 7 {end}"),
            format!("../{id} 7 {end}"),
            format!("{id} 99999999999 {end}"),
        ] {
            assert_eq!(read(&said), None, "{said:?}");
        }
    }
}
