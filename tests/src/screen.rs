//! The screen of a desktop: pictures of it, and a mouse.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ChangeWindowAttributesAux, ClientMessageEvent,
    ConfigureWindowAux, ConnectionExt, EventMask, ImageFormat, MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::until;

/// A picture that was the same in so many looks, some hundred milliseconds, has been drawn.
const LOOKS: usize = 10;

/// A screen, as a client of it sees it.
pub struct Screen {
    pub(crate) connection: RustConnection,
    pub(crate) root: Window,
}

/// A part of the screen, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: i16,
    /// From the top.
    pub y: i16,
    /// To the right of `x`.
    pub width: u16,
    /// Below `y`.
    pub height: u16,
}

/// Pixels, line by line; four bytes each, blue first, as Xvfb has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Screen {
    pub(crate) fn connect(display: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).unwrap();
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// All of it.
    pub fn whole(&self) -> Area {
        let root = self.connection.get_geometry(self.root).unwrap().reply().unwrap();
        Area { x: 0, y: 0, width: root.width, height: root.height }
    }

    /// What can be seen in an area now.
    pub fn picture(&self, area: Area) -> Picture {
        let Area { x, y, width, height } = area;
        let whole =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX);
        Picture { width: width.into(), height: height.into(), pixels: whole.unwrap().reply().unwrap().data }
    }

    /// Gives the ground behind all windows one colour.
    pub fn paint(&self, colour: u32) {
        let colour = ChangeWindowAttributesAux::new().background_pixel(colour);
        self.connection.change_window_attributes(self.root, &colour).unwrap().check().unwrap();
        self.connection.clear_area(false, self.root, 0, 0, 0, 0).unwrap().check().unwrap();
    }

    /// What can be seen in an area once it has stayed the same for a while, and is neither blank nor
    /// `before`.
    #[track_caller]
    pub fn settled(&self, area: Area, before: Option<&Picture>) -> Picture {
        let (mut last, mut same) = (self.picture(area), 0);
        until("the picture is there and stays", || {
            let now = self.picture(area);
            same = if now == last { same + 1 } else { 0 };
            last = now;
            (same >= LOOKS && !last.is_blank() && Some(&last) != before).then(|| last.clone())
        })
    }

    /// Where the valet's window is, once the window manager has it.
    pub fn window(&self) -> Option<Area> {
        let window = self.find_window()?;
        let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let at = self.connection.translate_coordinates(window, self.root, 0, 0).ok()?.reply().ok()?;
        Some(Area { x: at.dst_x, y: at.dst_y, width: size.width, height: size.height })
    }

    /// Closes the valet's window, as a click on its cross does.
    #[track_caller]
    pub fn close_window(&self) {
        let window = until("the window is there to be closed", || self.find_window());
        let close = ClientMessageEvent::new(32, window, self.atom("_NET_CLOSE_WINDOW"), [0, 2, 0, 0, 0]);
        let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, to, close).unwrap().check().unwrap();
    }

    /// Makes the valet's window so large, as pulling at its edges does.
    #[track_caller]
    pub fn resize_window(&self, width: u32, height: u32) {
        let window = until("the window is there to be resized", || self.find_window());
        let size = ConfigureWindowAux::new().width(width).height(height);
        self.connection.configure_window(window, &size).unwrap().check().unwrap();
    }

    fn find_window(&self) -> Option<Window> {
        let list = self.atom("_NET_CLIENT_LIST");
        let windows = self.connection.get_property(false, self.root, list, AtomEnum::WINDOW, 0, 1024);
        let windows = windows.ok()?.reply().ok()?;
        let is_ours = |window: &Window| {
            let class =
                self.connection.get_property(false, *window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64);
            class.ok().and_then(|class| class.reply().ok()).is_some_and(|class| {
                String::from_utf8_lossy(&class.value).to_lowercase().contains("mcp-valet-tray")
            })
        };
        windows.value32()?.find(is_ours)
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    /// Clicks somewhere.
    pub fn click(&self, x: i16, y: i16) {
        self.click_with(1, x, y);
    }

    /// Clicks somewhere with the button that opens menus.
    pub fn open_menu(&self, x: i16, y: i16) {
        self.click_with(3, x, y);
    }

    fn click_with(&self, button: u8, x: i16, y: i16) {
        self.move_mouse(x, y);
        self.press_button(button);
    }

    /// Clicks where the mouse is.
    pub fn click_here(&self) {
        self.press_button(1);
    }

    fn press_button(&self, button: u8) {
        for event in [BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT] {
            self.connection.xtest_fake_input(event, button, 0, self.root, 0, 0, 0).unwrap().check().unwrap();
        }
    }

    /// Moves the mouse somewhere.
    pub fn move_mouse(&self, x: i16, y: i16) {
        self.connection
            .xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0)
            .unwrap()
            .check()
            .unwrap();
    }
}

impl Picture {
    /// Whether it has one colour alone.
    pub fn is_blank(&self) -> bool {
        let (pixels, _) = self.pixels.as_chunks::<4>();
        pixels.iter().all(|pixel| *pixel == pixels[0])
    }

    /// Whether nothing in it has a colour.
    pub fn is_grey(&self) -> bool {
        let (pixels, _) = self.pixels.as_chunks::<4>();
        let spread =
            |[blue, green, red, _]: &[u8; 4]| red.max(green).max(blue).abs_diff(*red.min(green).min(blue));
        pixels.iter().all(|pixel| spread(pixel) < 32)
    }

    /// How bright its darkest and its brightest point are, as far as green says.
    pub fn brightness(&self) -> (u8, u8) {
        let (pixels, _) = self.pixels.as_chunks::<4>();
        let green = pixels.iter().map(|[_, green, _, _]| *green);
        (green.clone().min().unwrap(), green.max().unwrap())
    }

    /// Writes it as a PNG, as small as can be: with a palette if its colours fit into one.
    pub fn save(&self, path: &Path) {
        let (pixels, _) = self.pixels.as_chunks::<4>();
        let colours: Vec<[u8; 3]> =
            pixels.iter().map(|[blue, green, red, _]| [*red, *green, *blue]).collect();
        let palette: Vec<[u8; 3]> = BTreeSet::from_iter(colours.iter().copied()).into_iter().collect();
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(path).unwrap()), self.width, self.height);
        encoder.set_compression(png::Compression::High);
        encoder.set_depth(png::BitDepth::Eight);
        if palette.len() > 256 {
            encoder.set_color(png::ColorType::Rgb);
            return encoder.write_header().unwrap().write_image_data(&colours.concat()).unwrap();
        }
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette.concat());
        let index = |colour| u8::try_from(palette.binary_search(colour).unwrap()).unwrap();
        let indices: Vec<u8> = colours.iter().map(index).collect();
        encoder.write_header().unwrap().write_image_data(&indices).unwrap();
    }
}
