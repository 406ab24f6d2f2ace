//! The variables that MSBuild defines for the sources of a .wixproj, told to those who build without one.

use crate::world::World;
use std::path::Path;

/// Variables of a referenced project, `NAME.TargetDir`, and of the .wixproj itself; what each is.
const OF_PROJECTS: &[(&str, &str)] = &[
    ("Configuration", "the configuration that is built, such as Release"),
    ("FullConfiguration", "configuration and platform, such as Release|x64"),
    ("OutDir", "the folder that the project builds into, with a backslash at its end"),
    ("Platform", "the platform that is built, such as x64"),
    ("ProjectDir", "the project's folder, with a backslash at its end"),
    ("ProjectExt", "the ending of the project file's name"),
    ("ProjectFileName", "the project file's name"),
    ("ProjectName", "the project's name"),
    ("ProjectPath", "the project file"),
    ("TargetDir", "the folder of what the project builds, with a backslash at its end"),
    ("TargetExt", "the ending of what the project builds, such as .exe"),
    ("TargetFileName", "the name of what the project builds"),
    ("TargetName", "the name of what the project builds, without its ending"),
    ("TargetPath", "what the project builds"),
];

/// Variables of the solution.
const OF_SOLUTION: &[(&str, &str)] = &[
    ("DevEnvDir", "the folder of Visual Studio"),
    ("SolutionDir", "the solution's folder, with a backslash at its end"),
    ("SolutionExt", "the ending of the solution file's name"),
    ("SolutionFileName", "the solution file's name"),
    ("SolutionName", "the solution's name"),
    ("SolutionPath", "the solution file"),
];

/// What a variable of this name is where a .wixproj is built, and how to give it.
pub(super) fn hint(name: &str) -> Option<String> {
    let (project, variable) = match name.rsplit_once('.') {
        Some((project, variable)) => (Some(project), variable),
        None => (None, name),
    };
    let of_solution = OF_SOLUTION.iter().filter(|_| project.is_none());
    let (_, what) = OF_PROJECTS.iter().chain(of_solution).find(|(known, _)| *known == variable)?;
    let of = project.map(|project| format!(" (the project {project})")).unwrap_or_default();
    Some(format!("a .wixproj has it from MSBuild: {what}{of}; here, give it with -d {name}=VALUE"))
}

/// What a project file beside the source gives the variable, if one does: its name and the value as MSBuild reads it.
pub(super) fn defined_beside(world: &dyn World, source: &Path, name: &str) -> Option<(String, String)> {
    let folder = source.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut projects = world.list(folder).ok()?;
    projects.retain(|file| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wixproj")));
    projects.sort();
    projects.into_iter().find_map(|file| {
        let text = world.read_source(&folder.join(&file)).ok()?;
        let constants = text.split("<DefineConstants>").skip(1);
        let mut constants = constants.filter_map(|rest| Some(rest.split_once("</DefineConstants>")?.0));
        let value = constants.find_map(|list| {
            let mut pairs = list.split(';').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim().to_owned())
        })?;
        Some((file.file_name()?.to_string_lossy().into_owned(), value))
    })
}
