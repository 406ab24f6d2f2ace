//! Keys and PINs in memory must not end up in a file when the process crashes.

/// Turns core files off for this process, and on Linux also keeps other processes of the user from reading its memory.
///
/// Call it before the first secret is read. Where the system refuses, signing still goes on: the answer says so.
pub fn keep_secrets_out_of_core_files() -> Result<(), String> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
            .map_err(|error| format!("core files cannot be turned off: {error}"))?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
            .map_err(|error| format!("core files cannot be turned off: {error}"))?;
    }
    Ok(())
}
