//! What sources of WiX may say and this compiler does not build, whatever stands in it.

const BUNDLE: &str = "bundles (setup programs) are not built by this compiler";
const PATCH: &str = "patches (.msp) are not built by this compiler";
const MODULE: &str = "merge modules (.msm) are not built by this compiler, only merged into packages";
const HELP: &str = "the help of Visual Studio 2005 to 2010 is not registered by packages of this compiler";

const REFUSED: &[(&str, &str)] = &[
    ("BootstrapperApplication", BUNDLE),
    ("BootstrapperApplicationRef", BUNDLE),
    ("Bundle", BUNDLE),
    ("Container", BUNDLE),
    ("Module", MODULE),
    ("PackageGroup", BUNDLE),
    ("Patch", PATCH),
    ("PatchCreation", PATCH),
    ("PatchFamily", PATCH),
    ("PatchFamilyGroup", PATCH),
    ("PatchFamilyGroupRef", PATCH),
    ("PayloadGroup", BUNDLE),
    ("RelatedBundle", BUNDLE),
    ("Variable", BUNDLE),
    ("vs:HelpCollection", HELP),
    ("vs:HelpCollectionRef", HELP),
    ("vs:HelpFile", HELP),
    ("vs:HelpFilter", HELP),
];

/// Why an element of this name is refused.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(refused, _)| *refused == name).map(|(_, reason)| *reason)
}
