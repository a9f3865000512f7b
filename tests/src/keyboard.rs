//! The keyboard of a screen: who has it, and what is typed.

use std::sync::atomic::{AtomicU32, Ordering};

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt, CreateWindowAux, EventMask, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, PropMode,
    Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

use crate::{Screen, until};

/// A key, by its symbol in X (`keysymdef.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u32);

impl Key {
    /// The line break.
    pub const ENTER: Self = Self(0xff0d);
    /// To the next thing that can have the keyboard.
    pub const TAB: Self = Self(0xff09);
    /// With another key.
    pub const CONTROL: Self = Self(0xffe3);
    /// Deletes the letter before.
    pub const BACKSPACE: Self = Self(0xff08);
    /// The wide one.
    pub const SPACE: Self = Self(0x20);

    /// The key of a lower letter or a digit.
    pub const fn of(letter: u8) -> Self {
        Self(letter as u32)
    }
}

impl Screen {
    /// Presses a key and lets it go.
    pub fn press(&self, key: Key) {
        self.hold(key);
        self.release(key);
    }

    /// Presses a key while another one is down.
    pub fn press_with(&self, other: Key, key: Key) {
        self.hold(other);
        self.press(key);
        self.release(other);
    }

    /// Presses a key, and keeps it down.
    pub fn hold(&self, key: Key) {
        self.fake(KEY_PRESS_EVENT, self.code(key));
    }

    /// Lets a key go.
    pub fn release(&self, key: Key) {
        self.fake(KEY_RELEASE_EVENT, self.code(key));
    }

    fn fake(&self, event: u8, code: u8) {
        self.connection.xtest_fake_input(event, code, 0, self.root, 0, 0, 0).unwrap().check().unwrap();
    }

    fn code(&self, key: Key) -> u8 {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self.connection.get_keyboard_mapping(first, last - first + 1).unwrap().reply().unwrap();
        let width = usize::from(map.keysyms_per_keycode);
        let at = map.keysyms.chunks(width).position(|symbols| symbols.first() == Some(&key.0)).unwrap();
        first + u8::try_from(at).unwrap()
    }
}

/// A window of another program, in which the person types. What is typed there is counted.
pub struct Editor {
    screen: Screen,
    window: Window,
    typed: AtomicU32,
}

impl Editor {
    /// Opens it, and waits until it has the keyboard.
    #[track_caller]
    pub fn open(screen: Screen) -> Self {
        let connection = &screen.connection;
        let window = connection.generate_id().unwrap();
        let wanted = CreateWindowAux::new().event_mask(EventMask::KEY_PRESS).background_pixel(0x00ff_ffff);
        connection
            .create_window(0, window, screen.root, 0, 600, 300, 200, 0, WindowClass::INPUT_OUTPUT, 0, &wanted)
            .unwrap();
        connection
            .change_property8(
                PropMode::REPLACE,
                window,
                AtomEnum::WM_CLASS,
                AtomEnum::STRING,
                b"editor\0editor\0",
            )
            .unwrap();
        connection.map_window(window).unwrap().check().unwrap();
        let editor = Self { screen, window, typed: AtomicU32::new(0) };
        until("the other program has the keyboard", || editor.has_the_keyboard().then_some(()));
        editor
    }

    /// Whether what is typed goes here.
    pub fn has_the_keyboard(&self) -> bool {
        self.screen.connection.get_input_focus().unwrap().reply().unwrap().focus == self.window
    }

    /// How many keys were pressed here.
    pub fn typed(&self) -> u32 {
        while let Some(event) = self.screen.connection.poll_for_event().unwrap() {
            if matches!(event, Event::KeyPress(_)) {
                self.typed.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.typed.load(Ordering::Relaxed)
    }
}
