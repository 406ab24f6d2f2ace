//! Dialogs made of rows, drawn and looked at.

use image::RgbaImage;
use msi_db::{Database, Value, catalogue};
use msi_preview::{Fonts, Look, Package, Picture, Problem, State, Target, Theme, flow, fontdb, render};
use std::collections::BTreeMap;

const VISIBLE: i32 = 1;
const ENABLED: i32 = 2;
const RIGHT_TO_LEFT: i32 = 0x20;
const TRANSPARENT: i32 = 0x1_0000;

fn add(database: &mut Database, table: &str, row: Vec<Value>) {
    database.ensure_table(catalogue::find(table).expect("a known table")).rows.push(row);
}

/// A dialog of 370 × 270 units without controls.
fn database() -> Database {
    let mut database = Database::new(0);
    let row = ["D".into(), 50.into(), 50.into(), 370.into(), 270.into(), 3.into(), "[Name] Setup".into()];
    let mut row: Vec<Value> = row.into();
    row.extend(["Next".into(), "Next".into(), Value::Null]);
    add(&mut database, "Dialog", row);
    add(&mut database, "Property", vec!["Name".into(), "Product".into()]);
    database
}

fn control(database: &mut Database, id: &str, kind: &str, area: [i32; 4], bits: i32, text: &str) {
    let [x, y, width, height] = area;
    let mut row: Vec<Value> = vec!["D".into(), id.into(), kind.into()];
    row.extend([x, y, width, height, bits].map(Value::from));
    row.extend([Value::Null, text.into(), Value::Null, Value::Null]);
    add(database, "Control", row);
}

fn draw(database: &Database, look: &Look) -> (Picture, RgbaImage) {
    let package = Package::read(database);
    let state = State::of(database, &BTreeMap::new());
    let mut fonts = Fonts::new(fontdb::Database::new());
    let picture = render(&package, &package.dialogs["D"], &state, &mut fonts, look).expect("a picture");
    let image = image::load_from_memory(&picture.png).expect("a PNG file").into_rgba8();
    assert_eq!((picture.width, picture.height), image.dimensions());
    (picture, image)
}

fn codes(picture: &Picture) -> Vec<(&str, &str)> {
    picture.findings.iter().map(|finding| (finding.control.as_str(), finding.code())).collect()
}

/// How many pixels of an area, in units of a dialog at 96 dots per inch, are darker than its ground.
fn dark(image: &RgbaImage, area: [i32; 4]) -> usize {
    let [x, y, width, height] = area.map(|units| (f64::from(units) * 4.0 / 3.0).round() as u32);
    let inside = (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y)));
    // The window has a border of one pixel and a caption of 31.
    inside.filter(|(x, y)| image.get_pixel(x + 1, y + 32).0[..3].iter().all(|channel| *channel < 128)).count()
}

#[test]
fn the_same_package_gives_the_same_picture() {
    let mut database = database();
    control(&mut database, "Next", "PushButton", [236, 243, 56, 17], VISIBLE | ENABLED, "&Next");
    let (one, image) = draw(&database, &Look::default());
    let (other, _) = draw(&database, &Look::default());
    assert_eq!(one.png, other.png);
    // 370 × 270 units are 493 × 360 pixels; the window adds its border and caption.
    assert_eq!(image.dimensions(), (495, 393));
    assert!(one.findings.is_empty(), "{:?}", one.findings);
    assert!(dark(&image, [236, 243, 56, 17]) > 20, "the button has letters");
    let (large, _) = draw(&database, &Look { dpi: 144, ..Look::default() });
    assert!(large.width > 730, "{}", large.width);
}

#[test]
fn texts_stand_where_they_are_read_from() {
    let mut database = database();
    control(&mut database, "Left", "Text", [20, 20, 330, 15], VISIBLE | ENABLED | TRANSPARENT, "Hello");
    let bits = VISIBLE | ENABLED | TRANSPARENT | RIGHT_TO_LEFT;
    control(&mut database, "Right", "Text", [20, 60, 330, 15], bits, "\u{5e9}\u{5dc}\u{5d5}\u{5dd}");
    let (picture, image) = draw(&database, &Look::default());
    assert!(picture.findings.is_empty(), "{:?}", picture.findings);
    assert!(dark(&image, [20, 20, 60, 15]) > 10 && dark(&image, [290, 20, 60, 15]) == 0);
    assert!(dark(&image, [20, 60, 60, 15]) == 0 && dark(&image, [290, 60, 60, 15]) > 10);
}

#[test]
fn what_is_wrong_with_a_dialog_is_said() {
    let mut database = database();
    let usable = VISIBLE | ENABLED;
    control(
        &mut database,
        "Long",
        "Text",
        [20, 20, 40, 12],
        usable,
        "much more text than there is room for it",
    );
    control(&mut database, "One", "PushButton", [100, 100, 60, 17], usable, "&Go");
    control(&mut database, "Other", "PushButton", [130, 105, 60, 17], usable, "a&gain");
    control(&mut database, "Far", "PushButton", [340, 243, 56, 17], usable, "X");
    control(&mut database, "Odd", "Slider", [20, 200, 60, 17], usable, "");
    control(&mut database, "Gone", "Bitmap", [20, 150, 60, 17], usable, "NoSuchPicture");
    control(&mut database, "Hidden", "PushButton", [100, 100, 60, 17], ENABLED, "&Go");
    let (picture, _) = draw(&database, &Look::default());
    let mut found = codes(&picture);
    found.sort_unstable();
    let expected = [
        ("Far", "outside"),
        ("Gone", "no-picture"),
        ("Long", "clipped"),
        ("Odd", "unknown-kind"),
        ("Other", "accelerator"),
        ("Other", "overlap"),
    ];
    assert_eq!(found, expected);
    let clipped = picture.findings.iter().find(|finding| finding.control == "Long");
    let Some(Problem::Clipped { needs, has }) = clipped.map(|finding| &finding.problem) else {
        panic!("{clipped:?}")
    };
    assert!(needs.1 > 2 * has.1, "four lines or more: {needs:?}");
}

#[test]
fn a_text_between_radio_buttons_covers_none() {
    let mut database = database();
    control(&mut database, "Group", "RadioButtonGroup", [20, 20, 200, 80], VISIBLE | ENABLED, "");
    database.tables.get_mut("Control").expect("the control").rows[0][8] = "CHOICE".into();
    for (order, y) in [(1, 0), (2, 60)] {
        let mut row: Vec<Value> = vec!["CHOICE".into(), order.into(), order.to_string().into()];
        row.extend([0, y, 180, 16].map(Value::from));
        row.extend(["Choose".into(), Value::Null]);
        add(&mut database, "RadioButton", row);
    }
    control(&mut database, "Between", "Text", [30, 45, 150, 15], VISIBLE | ENABLED, "What it means");
    assert_eq!(codes(&draw(&database, &Look::default()).0), []);
    control(&mut database, "Over", "Text", [40, 80, 150, 15], VISIBLE | ENABLED, "In the way");
    assert_eq!(codes(&draw(&database, &Look::default()).0), [("Over", "overlap")]);
}

#[test]
fn conditions_say_what_shows() {
    let mut database = database();
    control(&mut database, "Text", "Text", [20, 20, 200, 15], ENABLED, "Shown by its condition");
    let condition = |action: &str, text: &str| vec!["D".into(), "Text".into(), action.into(), text.into()];
    add(&mut database, "ControlCondition", condition("Show", "Name = \"Product\" AND NOT Installed"));
    assert!(dark(&draw(&database, &Look::default()).1, [20, 20, 200, 15]) > 50);
    add(&mut database, "ControlCondition", condition("Hide", "Privileged"));
    assert_eq!(dark(&draw(&database, &Look::default()).1, [20, 20, 200, 15]), 0);
}

#[test]
fn a_sheet_holds_all_pictures_in_rows() {
    let (picture, _) = draw(&database(), &Look::default());
    let sheet = msi_preview::sheet([&picture, &picture, &picture], 2).expect("a sheet");
    let sheet = image::load_from_memory(&sheet).expect("a PNG file");
    assert_eq!((sheet.width(), sheet.height()), (2 * 495 + 3 * 16, 2 * 393 + 3 * 16));
    assert!(msi_preview::sheet([], 2).is_none());
}

#[test]
fn high_contrast_overrides_what_styles_say() {
    let mut database = database();
    let style = vec!["Black".into(), "Tahoma".into(), 8.into(), 0.into(), Value::Null];
    add(&mut database, "TextStyle", style);
    control(
        &mut database,
        "Text",
        "Text",
        [20, 20, 200, 15],
        VISIBLE | ENABLED,
        "{\\Black}Can this be read?",
    );
    let (_, image) = draw(&database, &Look { theme: Theme::CONTRAST, ..Look::default() });
    let bright = image.enumerate_pixels().filter(|(_, y, pixel)| *y > 40 && pixel.0[..3] == [255; 3]).count();
    assert!(bright > 50, "white letters on black: {bright}");
}

/// Microsoft's advice on accessibility: no text on a white picture, which eats white letters.
#[test]
fn letters_on_a_picture_of_their_colour_are_found() {
    let mut database = database();
    let mut white = Vec::new();
    image::RgbImage::from_pixel(8, 8, image::Rgb([255; 3]))
        .write_to(&mut std::io::Cursor::new(&mut white), image::ImageFormat::Png)
        .unwrap();
    let white = Value::Stream(msi_db::Data::Bytes(white.into()));
    add(&mut database, "Binary", vec!["White".into(), white]);
    control(&mut database, "Banner", "Bitmap", [0, 0, 370, 44], VISIBLE, "White");
    let bits = VISIBLE | ENABLED | TRANSPARENT;
    control(&mut database, "Title", "Text", [20, 10, 200, 15], bits, "On the banner");
    control(&mut database, "Below", "Text", [20, 80, 200, 15], bits, "On the page");
    let contrast = Look { theme: Theme::CONTRAST, ..Look::default() };
    assert_eq!(codes(&draw(&database, &Look::default()).0), []);
    assert_eq!(codes(&draw(&database, &contrast).0), [("Title", "unreadable")]);
}

#[test]
fn a_condition_says_which_button_return_presses() {
    let mut database = database();
    let bits = VISIBLE | ENABLED;
    control(&mut database, "Next", "PushButton", [236, 243, 56, 17], bits, "");
    control(&mut database, "Back", "PushButton", [100, 243, 56, 17], bits, "");
    let row = ["D".into(), "Back".into(), "Default".into(), "Installed".into()];
    add(&mut database, "ControlCondition", row.into());
    // The default button's edge has the colour of what is selected.
    let edge = |properties: &[(&str, &str)], x: u32| {
        let given =
            properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (package, state) = (Package::read(&database), State::of(&database, &given));
        let mut fonts = Fonts::new(fontdb::Database::new());
        let picture = render(&package, &package.dialogs["D"], &state, &mut fonts, &Look::default()).unwrap();
        let image = image::load_from_memory(&picture.png).unwrap().into_rgba8();
        *image.get_pixel(x * 4 / 3 + 10, 243 * 4 / 3 + 32)
    };
    let installed = [("Installed", "1")];
    assert_eq!(edge(&[], 236), edge(&installed, 100));
    assert_eq!(edge(&[], 100), edge(&installed, 236));
    assert_ne!(edge(&[], 236), edge(&[], 100));
}

#[test]
fn ways_lead_from_the_sequence_through_the_buttons() {
    let mut database = database();
    for id in ["Second", "Lonely", "Done"] {
        let mut row: Vec<Value> = vec![id.into(), 50.into(), 50.into(), 370.into(), 270.into(), 3.into()];
        row.extend(["T".into(), "C".into(), Value::Null, Value::Null]);
        add(&mut database, "Dialog", row);
    }
    for (action, condition, sequence) in [("D", "NOT Installed", 1100), ("Done", "", -1)] {
        let condition = if condition.is_empty() { Value::Null } else { condition.into() };
        add(&mut database, "InstallUISequence", vec![action.into(), condition, sequence.into()]);
    }
    let event = |event: &str, argument: &str| -> Vec<Value> {
        vec!["D".into(), "Next".into(), event.into(), argument.into(), "A = 1".into(), 1.into()]
    };
    add(&mut database, "ControlEvent", event("NewDialog", "Second"));
    add(&mut database, "ControlEvent", event("EndDialog", "Exit"));
    let flow = flow(&Package::read(&database));
    assert_eq!(flow.order, ["D", "Done", "Second", "Lonely"]);
    assert_eq!(flow.distance.get("Second"), Some(&1));
    assert!(!flow.distance.contains_key("Lonely"));
    let targets: Vec<_> = flow.steps.iter().map(|step| &step.target).collect();
    assert_eq!(targets, [&Target::Page("Second".into()), &Target::End("Exit".into())]);
    let page = msi_preview::html("A & B", &flow, &[]);
    assert!(page.contains("A &amp; B") && page.contains("NOT Installed"), "{page}");
}

#[test]
fn hostile_packages_are_drawn_or_refused() {
    let mut database = database();
    for (at, kind) in
        ["ComboBox", "ListBox", "SelectionTree", "RadioButtonGroup", "VolumeCostList", "MaskedEdit"]
            .iter()
            .enumerate()
    {
        control(&mut database, &format!("C{at}"), kind, [32767, 32767, 32767, 32767], -1, "{{{[[[<a href");
        control(&mut database, &format!("Z{at}"), kind, [0, 0, 0, 0], -1, "");
    }
    let feature = ["F", "F"].map(Value::from);
    let mut row: Vec<Value> = feature.into();
    row.extend([Value::Null, Value::Null, 1.into(), 1.into(), Value::Null, 0.into()]);
    add(&mut database, "Feature", row);
    draw(&database, &Look::default());
    database.tables.get_mut("Dialog").expect("the dialog").rows[0][3] = 32767.into();
    let package = Package::read(&database);
    let state = State::of(&database, &BTreeMap::new());
    let mut fonts = Fonts::new(fontdb::Database::new());
    assert!(render(&package, &package.dialogs["D"], &state, &mut fonts, &Look::default()).is_none());
}
