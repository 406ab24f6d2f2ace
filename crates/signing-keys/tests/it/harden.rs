//! Core files.

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_holds_keys_leaves_no_core_file_and_cannot_be_looked_into() {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
    signing_keys::keep_secrets_out_of_core_files().unwrap();
    let limit = getrlimit(Resource::Core);
    assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
}
