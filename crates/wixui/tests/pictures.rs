//! The library's pictures are drawn here, and the files are what was drawn. `UPDATE_GOLDENS=1 cargo test -p wixui` draws them anew.

#[path = "pictures/art.rs"]
mod art;
#[path = "pictures/canvas.rs"]
mod canvas;
#[path = "pictures/formats.rs"]
mod formats;

use std::fs;
use std::path::Path;

#[test]
fn the_files_are_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("files");
    for (name, drawn) in art::all() {
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(folder.join(name), &drawn).unwrap();
        }
        let file = fs::read(folder.join(name)).unwrap_or_default();
        assert!(
            file == drawn,
            "{name} is not what is drawn; UPDATE_GOLDENS=1 cargo test -p wixui draws it anew"
        );
    }
}

/// Authors replace the two bitmaps by ones of this size, and dialogs stretch them to their places.
#[test]
fn bitmaps_have_the_sizes_that_authors_know() {
    for (name, width, height) in [("banner.bmp", 493, 58), ("dialog.bmp", 493, 312)] {
        let bytes = wixui::file(name).unwrap();
        let number = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(18), number(22)), (width, height), "{name}");
    }
}
