//! How large the person made the window, and how large what is in it: kept for the next window.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tauri::{LogicalSize, WebviewWindow};
use tokio::sync::watch;

const FILE: &str = "window.json";
/// Bytes of that.
const MOST: u64 = 4 << 10;
/// While the person pulls at an edge, nothing is written.
const STILL: Duration = Duration::from_millis(300);
pub(crate) const LEAST: LogicalSize<f64> = LogicalSize::new(360.0, 420.0);
/// As browsers have them.
const ZOOMS: [f64; 12] = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];
const USUAL_ZOOM: f64 = 1.0;

/// In pixels as the desktop counts them, whatever its screens have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Shape {
    width: f64,
    height: f64,
    zoom: f64,
}

/// What the person wants of the size of what is in the window.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Zoom {
    In,
    Out,
    Usual,
}

impl Default for Shape {
    fn default() -> Self {
        Self { width: 760.0, height: 600.0, zoom: USUAL_ZOOM }
    }
}

impl Shape {
    /// No larger than a screen of this size, no smaller than the pages allow, and with one of our zooms.
    fn fitting(self, screen: Option<LogicalSize<f64>>) -> Self {
        let most = screen.unwrap_or_else(|| LogicalSize::new(f64::MAX, f64::MAX));
        Self {
            width: self.width.min(most.width).max(LEAST.width),
            height: self.height.min(most.height).max(LEAST.height),
            zoom: ZOOMS.into_iter().find(|zoom| *zoom >= self.zoom).unwrap_or(USUAL_ZOOM),
        }
    }

    /// The size of the window, without its frame.
    pub(crate) const fn size(self) -> LogicalSize<f64> {
        LogicalSize::new(self.width, self.height)
    }

    fn zoomed(self, zoom: Zoom) -> Self {
        let next = match zoom {
            Zoom::In => ZOOMS.into_iter().find(|other| *other > self.zoom),
            Zoom::Out => ZOOMS.into_iter().rfind(|other| *other < self.zoom),
            Zoom::Usual => Some(USUAL_ZOOM),
        };
        Self { zoom: next.unwrap_or(self.zoom), ..self }
    }
}

/// The shape of the window, which is written down a moment after each change.
#[derive(Debug, Clone)]
pub(crate) struct KeptShape {
    file: PathBuf,
    shape: watch::Sender<Shape>,
}

impl KeptShape {
    /// The shape of the last window, if it can be read, for a screen of this size.
    pub(crate) fn of(folder: &Path, screen: Option<LogicalSize<f64>>) -> Self {
        let file = folder.join(FILE);
        let shape = read(&file).unwrap_or_default().fitting(screen);
        Self { file, shape: watch::Sender::new(shape) }
    }

    pub(crate) fn shape(&self) -> Shape {
        *self.shape.borrow()
    }

    /// Shows what is in the window in its size.
    pub(crate) fn show(&self, window: &WebviewWindow) -> tauri::Result<()> {
        window.set_zoom(self.shape().zoom)
    }

    pub(crate) fn zoom(&self, window: &WebviewWindow, zoom: Zoom) -> tauri::Result<()> {
        self.change(self.shape().zoomed(zoom));
        self.show(window)
    }

    /// Notes how large the window is now, unless it fills the screen for a while.
    pub(crate) fn note(&self, window: &WebviewWindow) -> tauri::Result<()> {
        if window.is_maximized()? || window.is_fullscreen()? {
            return Ok(());
        }
        let LogicalSize { width, height } = window.inner_size()?.to_logical(window.scale_factor()?);
        self.change(Shape { width, height, ..self.shape() });
        Ok(())
    }

    fn change(&self, shape: Shape) {
        self.shape.send_if_modified(|now| {
            let is_new = *now != shape;
            *now = shape;
            is_new
        });
    }

    /// Writes down each shape that stays for a moment.
    pub(crate) async fn keep(self) {
        let mut shapes = self.shape.subscribe();
        while shapes.changed().await.is_ok() {
            while tokio::time::timeout(STILL, shapes.changed()).await.is_ok_and(|changed| changed.is_ok()) {}
            let shape = *shapes.borrow_and_update();
            if let Err(error) = self.write(shape) {
                tracing::warn!(%error, "the size of the window could not be kept");
            }
        }
    }

    fn write(&self, shape: Shape) -> io::Result<()> {
        let draft = self.file.with_extension("draft");
        fs::write(&draft, serde_json::to_vec(&shape)?)?;
        fs::rename(draft, &self.file)
    }
}

fn read(file: &Path) -> Option<Shape> {
    let mut text = Vec::new();
    File::open(file).ok()?.take(MOST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_fits_on_a_smaller_screen_and_is_never_smaller_than_its_pages() {
        let screen = Some(LogicalSize::new(1024.0, 700.0));
        let huge = Shape { width: 4000.0, height: 3000.0, zoom: 9.0 };
        assert_eq!(huge.fitting(screen), Shape { width: 1024.0, height: 700.0, zoom: USUAL_ZOOM });
        let tiny = Shape { width: -1.0, height: 0.0, zoom: 1.2 };
        assert_eq!(tiny.fitting(screen), Shape { width: LEAST.width, height: LEAST.height, zoom: 1.25 });
    }

    #[test]
    fn zoom_goes_step_by_step_and_no_further_than_the_last() {
        let shape = Shape::default();
        assert_eq!((shape.zoomed(Zoom::In).zoom, shape.zoomed(Zoom::Out).zoom), (1.1, 0.9));
        let most = (0..20).fold(shape, |shape, _| shape.zoomed(Zoom::In));
        assert_eq!((most.zoom, most.zoomed(Zoom::Usual).zoom), (3.0, USUAL_ZOOM));
    }

    #[test]
    fn what_is_no_shape_is_the_usual_one() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "{", r#"{"width":"wide"}"#, "null"] {
            fs::write(folder.path().join(FILE), text).unwrap();
            assert_eq!(KeptShape::of(folder.path(), None).shape(), Shape::default(), "{text}");
        }
    }
}
