//! Windows on a machine's screen: found by what they show, driven by keys and clicks.

use testkit::Desktop;

#[test]
fn a_message_box_is_read_answered_and_gone() {
    let desktop = Desktop::start("desktop-message");
    let script = "C:\\ask.vbs";
    desktop.write(script, "WScript.Quit MsgBox(\"Go on?\", 4, \"A question\")\r\n");
    let program = desktop.begin(&format!("wscript {script}"));
    let window = desktop.wait_for("A question");
    assert!(window.shows("Go on?"));
    assert!(window.control("Yes").enabled && window.control("No").enabled);
    assert!(desktop.picture("question").is_file());
    desktop.keys(&window, &["Tab"]);
    let window = desktop.wait_until("the focus on No", |window| {
        window.focused().is_some_and(|control| control.label() == "No")
    });
    desktop.click(&window, window.control("Yes"));
    desktop.wait_until_gone("A question");
    // vbYes.
    assert_eq!(program.finish().code, 6);
}
