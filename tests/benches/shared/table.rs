//! The table of a benchmark, and how its figures come about.

use std::fmt::{Display, Write};
use std::fs;
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 5;

/// Rows as they were measured.
pub(crate) struct Table {
    title: &'static str,
    /// How it came about, if not in rounds.
    how: Option<&'static str>,
    wanted: Vec<String>,
    rows: String,
}

/// One of those that a row compares. It answers microseconds, or whatever the row counts.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'static str,
    pub(crate) measure: Box<dyn FnMut() -> f64 + 'a>,
}

/// A contender with this name.
pub(crate) fn contender<'a>(name: &'static str, measure: impl FnMut() -> f64 + 'a) -> Contender<'a> {
    Contender { name, measure: Box::new(measure) }
}

impl Table {
    /// None yet, under this title.
    pub(crate) fn new(title: &'static str) -> Self {
        // What cargo passes to a benchmark by itself is no name.
        let wanted = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
        Self { title, how: None, wanted, rows: String::new() }
    }

    /// The same of what is not done in rounds.
    pub(crate) fn of_one_run(title: &'static str, how: &'static str) -> Self {
        Self { how: Some(how), ..Self::new(title) }
    }

    /// Whether somebody wants to know.
    pub(crate) fn wants(&self, work: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|part| work.contains(part.as_str()))
    }

    /// Measures ours, the first, and those beside it in turns. The ratio is to the second.
    pub(crate) fn compare(&mut self, work: &str, unit: &str, aim: &str, contenders: Vec<Contender<'_>>) {
        if !self.wants(work) {
            return;
        }
        let mut contenders = contenders;
        let mut figures = vec![Vec::new(); contenders.len()];
        for _ in 0..ROUNDS {
            for (contender, figures) in contenders.iter_mut().zip(&mut figures) {
                figures.push((contender.measure)());
            }
        }
        let medians: Vec<f64> = figures.iter_mut().map(|figures| median(figures)).collect();
        let beside = contenders.iter().zip(&medians).skip(1);
        let beside: Vec<String> =
            beside.map(|(one, median)| format!("{} {}", one.name, in_short(*median))).collect();
        let ratio = medians.get(1).map_or("–".to_owned(), |other| format!("{:.2}", medians[0] / other));
        self.row(work, &format!("{} {unit}", in_short(medians[0])), &beside.join("; "), &ratio, aim);
    }

    /// Measures ours alone.
    pub(crate) fn alone(&mut self, work: &str, unit: &str, aim: &str, mut measure: impl FnMut() -> f64) {
        if self.wants(work) {
            let mut figures: Vec<f64> = (0..ROUNDS).map(|_| measure()).collect();
            self.row(work, &format!("{} {unit}", in_short(median(&mut figures))), "", "–", aim);
        }
    }

    /// A curve: what was measured at each size.
    pub(crate) fn curve<F: Display>(
        &mut self,
        work: &str,
        unit: &str,
        aim: &str,
        sizes: &[usize],
        mut measure: impl FnMut(usize) -> F,
    ) {
        if self.wants(work) {
            let points: Vec<String> =
                sizes.iter().map(|size| format!("{size}: {}", measure(*size))).collect();
            self.row(work, &format!("{} {unit}", points.join(", ")), "", "–", aim);
        }
    }

    /// Writes a row that was measured otherwise.
    pub(crate) fn row(&mut self, work: &str, ours: &str, beside: &str, ratio: &str, aim: &str) {
        println!("{work:44} {ours:24} {beside:40} ratio {ratio:6} wanted {aim}");
        writeln!(self.rows, "| {work} | {ours} | {beside} | {ratio} | {aim} |").unwrap();
    }

    /// Writes the whole table down in this file of `docs/measured`; a part of it only to the screen.
    pub(crate) fn keep(&self, file: &str) {
        if !self.wanted.is_empty() {
            return;
        }
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
        };
        let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let in_rounds = || format!("medians of {ROUNDS} interleaved rounds; written by `make bench`");
        let text = format!(
            "# {}\n\nRelease builds, {}.\n\
             {}, {}, {cores} cores, {}, Linux {}\n\n\
             | work | ours | beside | ratio | wanted |\n| --- | --- | --- | --- | --- |\n{}",
            self.title,
            self.how.map_or_else(in_rounds, str::to_owned),
            said("date", &["--utc", "+%F"]),
            said("git", &["describe", "--always", "--dirty"]),
            model.trim_start_matches([' ', '\t', ':']),
            said("uname", &["-r"]),
            self.rows
        );
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/measured");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), text).unwrap();
    }
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// With three digits.
pub(crate) fn in_short(figure: f64) -> String {
    match figure {
        _ if figure >= 1000.0 => format!("{figure:.0}"),
        _ if figure >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}
