//! The icon in colours, for panels that do not find it by its name.

use crate::tray::menu::State;
use ksni::Icon;
use tauri::image::Image;
use tauri::include_image;

const WELL: Image<'static> = include_image!("../icons/tray-well.png");
const WAITING: Image<'static> = include_image!("../icons/tray-waiting.png");
const TROUBLE: Image<'static> = include_image!("../icons/tray-trouble.png");
const LOCKED: Image<'static> = include_image!("../icons/tray-locked.png");

/// The picture of a state, as panels want it: opacity before the colours.
pub(crate) fn picture(state: State) -> Icon {
    let image = match state {
        State::Well => WELL,
        State::Waiting => WAITING,
        State::Trouble => TROUBLE,
        State::Locked => LOCKED,
    };
    let (pixels, _) = image.rgba().as_chunks::<4>();
    let data = pixels.iter().flat_map(|[red, green, blue, opacity]| [*opacity, *red, *green, *blue]);
    Icon { width: image.width().cast_signed(), height: image.height().cast_signed(), data: data.collect() }
}
