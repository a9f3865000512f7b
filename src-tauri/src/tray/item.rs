//! What the panel is told of the icon: a StatusNotifierItem, and its menu.

use crate::markup;
use crate::resident::Want;
use crate::tray::Action;
use crate::tray::menu::{Menu, MenuLine};
use crate::tray::picture::picture;
use ksni::menu::StandardItem;
use ksni::{Category, Icon, MenuItem, Status, ToolTip};
use tokio::sync::mpsc::UnboundedSender;

/// The icon as it is drawn now.
pub(crate) struct Item {
    pub(crate) menu: Menu,
    pub(crate) clicks: UnboundedSender<Want>,
}

impl Item {
    fn clicked(&self, action: Action) {
        let token = ksni::current_xdg_activation_token();
        let _ = self.clicks.send(Want::Do { action, token });
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "mcp-valet-tray".to_owned()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn status(&self) -> Status {
        Status::Active
    }

    /// Screen readers say this.
    fn title(&self) -> String {
        format!("MCP Valet: {}", self.menu.sum())
    }

    fn tool_tip(&self) -> ToolTip {
        // The tooltip is read as markup, and what is in it comes from outside.
        let description = markup::literal(&self.menu.news().collect::<Vec<_>>().join("\n"));
        ToolTip { title: "MCP Valet".to_owned(), description, ..ToolTip::default() }
    }

    /// Found where MCP Valet is installed, and then drawn in the panel's own colours.
    fn icon_name(&self) -> String {
        format!("mcp-valet-{}-symbolic", self.menu.state.name())
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        vec![picture(self.menu.state)]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.clicked(Action::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let groups: Vec<Vec<MenuItem<Self>>> =
            self.menu.slots().map(|slots| slots.map(|slot| item(slot).into()).collect()).collect();
        let mut items = Vec::new();
        for group in groups {
            if !items.is_empty() {
                items.push(MenuItem::Separator);
            }
            items.extend(group);
        }
        items
    }
}

/// A slot with nothing in it is not seen, and keeps its place: panels fall over menus that are built anew.
fn item(slot: Option<&MenuLine>) -> StandardItem<Item> {
    match slot {
        None => StandardItem { visible: false, ..StandardItem::default() },
        Some(MenuLine::Says(words)) => {
            StandardItem { label: label(words), enabled: false, ..StandardItem::default() }
        }
        Some(MenuLine::Does(words, action)) => {
            let action = action.clone();
            let activate = Box::new(move |item: &mut Item| item.clicked(action.clone()));
            StandardItem { label: label(words), activate, ..StandardItem::default() }
        }
    }
}

/// A `_` would mark the next letter as a shortcut.
fn label(words: &str) -> String {
    words.replace('_', "__")
}
