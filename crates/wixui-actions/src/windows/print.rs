//! Prints a text in Rich Text Format: a rich edit control that nobody sees lays it out, page by page.

use super::api::{self, Area, Document, EditStream, FormatRange, Handle, PrintRequest};
use core::ptr::{null, null_mut};

const LOAD_LIBRARY_SEARCH_SYSTEM32: u32 = 0x800;
const ES_MULTILINE: u32 = 4;
const WM_GETTEXTLENGTH: u32 = 0x0e;
const EM_EXLIMITTEXT: u32 = 0x400 + 53;
const EM_FORMATRANGE: u32 = 0x400 + 57;
const EM_STREAMIN: u32 = 0x400 + 73;
const SF_RTF: usize = 2;
/// Return a device, offer no range of pages and no selection, leave copies to the driver.
const PRINT_FLAGS: u32 = 0x100 | 0x8 | 0x4 | 0x4_0000;
const HORZRES: i32 = 8;
const VERTRES: i32 = 10;
const LOGPIXELSX: i32 = 88;
const LOGPIXELSY: i32 = 90;
/// Twentieths of a point.
const INCH: i32 = 1440;
/// No licence has more; a control that makes no progress must not print for ever.
const MOST_PAGES: u32 = 500;

/// Asks for a printer and prints. `title` ends with its terminator.
pub fn license(rtf: &[u8], title: &[u16]) {
    let Some(text) = RichText::new(rtf) else { return };
    let Some(printer) = Printer::ask() else { return };
    let document = Document {
        size: size_of::<Document>() as i32,
        name: title.as_ptr(),
        output: null(),
        data_type: null(),
        kind: 0,
    };
    // SAFETY: the device is open and the document's name terminated.
    if unsafe { api::StartDocW(printer.0, &document) } > 0 {
        let printed = pages(&text, &printer);
        // SAFETY: the document was started.
        unsafe { if printed { api::EndDoc(printer.0) } else { api::AbortDoc(printer.0) } };
    }
}

/// Prints all pages; says whether they could be.
fn pages(text: &RichText, printer: &Printer) -> bool {
    let length = text.length();
    let mut range = printer.range();
    for _ in 0..MOST_PAGES {
        // SAFETY: the document was started.
        if unsafe { api::StartPage(printer.0) } <= 0 {
            return false;
        }
        let next = text.format(&mut range);
        // SAFETY: the page was started.
        if unsafe { api::EndPage(printer.0) } <= 0 {
            return false;
        }
        if next <= range.first || next >= length {
            break;
        }
        range.first = next;
    }
    text.forget_device();
    true
}

/// A rich edit control with a text in it.
struct RichText {
    library: Handle,
    window: Handle,
}

impl RichText {
    fn new(rtf: &[u8]) -> Option<RichText> {
        // SAFETY: the name is terminated, and the file comes from the system's own folder.
        let library = unsafe {
            api::LoadLibraryExW(api::wide!("riched20.dll").as_ptr(), null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32)
        };
        if library.is_null() {
            return None;
        }
        let (class, none) = (api::wide!("RichEdit20W"), null_mut());
        // SAFETY: the class is the library's; a window without a parent and without WS_VISIBLE is seen by nobody.
        let window = unsafe {
            api::CreateWindowExW(
                0,
                class.as_ptr(),
                null(),
                ES_MULTILINE,
                0,
                0,
                400,
                400,
                none,
                none,
                none,
                none,
            )
        };
        let text = RichText { library, window };
        if window.is_null() {
            return None;
        }
        let mut rest = rtf;
        let mut stream = EditStream { cookie: &raw mut rest as usize, error: 0, read };
        text.send(EM_EXLIMITTEXT, 0, rtf.len() as isize);
        text.send(EM_STREAMIN, SF_RTF, &raw mut stream as isize);
        Some(text)
    }

    fn length(&self) -> i32 {
        self.send(WM_GETTEXTLENGTH, 0, 0) as i32
    }

    /// Draws what fits on a page; gives the position of the first character that did not.
    fn format(&self, range: &mut FormatRange) -> i32 {
        self.send(EM_FORMATRANGE, 1, core::ptr::from_mut(range) as isize) as i32
    }

    fn forget_device(&self) {
        self.send(EM_FORMATRANGE, 0, 0);
    }

    fn send(&self, message: u32, wide: usize, long: isize) -> isize {
        // SAFETY: the window lives, and whatever `long` points to outlives the call.
        unsafe { api::SendMessageW(self.window, message, wide, long) }
    }
}

impl Drop for RichText {
    fn drop(&mut self) {
        // SAFETY: the window, if there is one, is of this thread, and the library was loaded once for it.
        unsafe {
            if !self.window.is_null() {
                api::DestroyWindow(self.window);
            }
            api::FreeLibrary(self.library);
        }
    }
}

/// Gives the control the next part of its text. The cookie is the address of the slice that is left.
extern "system" fn read(cookie: usize, buffer: *mut u8, room: i32, given: *mut i32) -> u32 {
    // SAFETY: EM_STREAMIN calls back before it returns, while the slice lives, with room for `room` bytes.
    unsafe {
        let rest = &mut *(cookie as *mut &[u8]);
        let count = usize::try_from(room).unwrap_or(0).min(rest.len());
        let (part, left) = rest.split_at_unchecked(count);
        buffer.copy_from_nonoverlapping(part.as_ptr(), count);
        *rest = left;
        *given = count as i32;
    }
    0
}

/// The device of a printer.
struct Printer(Handle);

impl Printer {
    /// `None` where the user prints nothing, or there is no printer.
    fn ask() -> Option<Printer> {
        let mut request = PrintRequest {
            size: size_of::<PrintRequest>() as u32,
            // SAFETY: the class's name is terminated. Without an owner the question has none.
            owner: unsafe { api::FindWindowW(api::wide!("MsiDialogCloseClass").as_ptr(), null()) },
            device_mode: null_mut(),
            device_names: null_mut(),
            device: null_mut(),
            flags: PRINT_FLAGS,
            pages: [1, 1, 1, 1],
            copies: 1,
            instance: null_mut(),
            custom_data: 0,
            hooks: [null_mut(); 2],
            template_names: [null(); 2],
            templates: [null_mut(); 2],
        };
        // SAFETY: the request says its size and asks for a device.
        let answered = unsafe { api::PrintDlgW(&mut request) } != 0;
        let device = request.device;
        (answered && !device.is_null()).then_some(Printer(device))
    }

    /// A page with an inch of margin, from the first character on.
    fn range(&self) -> FormatRange {
        let twips =
            |pixels: i32, per_inch: i32| self.caps(pixels).saturating_mul(INCH) / self.caps(per_inch).max(1);
        let (right, bottom) = (twips(HORZRES, LOGPIXELSX), twips(VERTRES, LOGPIXELSY));
        let page = Area { left: 0, top: 0, right, bottom };
        let area = Area { left: INCH, top: INCH, right: right - INCH, bottom: bottom - INCH };
        FormatRange { device: self.0, target: self.0, area, page, first: 0, last: -1 }
    }

    fn caps(&self, what: i32) -> i32 {
        // SAFETY: the device is open.
        unsafe { api::GetDeviceCaps(self.0, what) }
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // SAFETY: the device is open and nobody else has it.
        unsafe { api::DeleteDC(self.0) };
    }
}
