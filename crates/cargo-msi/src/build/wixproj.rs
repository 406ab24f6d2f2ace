//! What a .wixproj says, as the command line that builds the same package. MSBuild itself is not at work here.

use diagnostics::{Diagnostics, SourceMap};
use std::path::Path;
use wxs::document::{Document, Element};

/// The command for the project in `text`; `beside` are the names of the files in its folder.
pub fn command(path: &Path, text: &str, beside: &[String]) -> Option<String> {
    let file = SourceMap::new().add(path, text);
    let document = Document::parse(file, text, &mut Diagnostics::new())?;
    let mut found = Found::default();
    found.read(document.root());
    // Projects of WiX 4 and later take in what lies in their folder.
    let all =
        |ending: &str| beside.iter().filter(|name| name.to_lowercase().ends_with(ending)).cloned().collect();
    if found.sources.is_empty() {
        found.sources = all(".wxs");
    }
    if found.localizations.is_empty() {
        found.localizations = all(".wxl");
    }
    let mut words = vec!["cargo msi build".to_owned()];
    words.extend(found.sources.iter().map(|source| quoted(source)));
    words.extend(found.extensions.iter().map(|name| format!("--ext {}", quoted(name))));
    words.extend(found.localizations.iter().map(|file| format!("--loc {}", quoted(file))));
    words.extend(found.cultures.iter().map(|names| format!("--culture {}", quoted(names))));
    words.extend(found.defines.iter().map(|pair| format!("-d {}", quoted(pair))));
    Some(words.join(" "))
}

#[derive(Default)]
struct Found {
    sources: Vec<String>,
    extensions: Vec<String>,
    localizations: Vec<String>,
    cultures: Option<String>,
    defines: Vec<String>,
}

impl Found {
    fn read(&mut self, element: Element<'_>) {
        let include = element.attributes().iter().find(|attribute| &*attribute.name.local == "Include");
        let include = include.map(|attribute| attribute.value.clone()).unwrap_or_default();
        let ends = |ending: &str| include.to_lowercase().ends_with(ending);
        let text = element.text().map(|text| text.text.trim().to_owned());
        match element.local() {
            "Compile" if ends(".wxs") => self.sources.push(include),
            "EmbeddedResource" if ends(".wxl") => self.localizations.push(include),
            "WixExtension" => self.extensions.push(include),
            "PackageReference" if ends(".wixext") => self.extensions.push(include),
            "Cultures" => self.cultures = text,
            "DefineConstants" => {
                let text = text.unwrap_or_default();
                let pairs = text.split(';').map(str::trim).filter(|pair| pair.contains('='));
                // Properties of MSBuild have values that only it knows.
                self.defines.extend(pairs.map(|pair| match pair.split_once('=') {
                    Some((name, value)) if value.contains("$(") => format!("{name}=VALUE"),
                    _ => pair.to_owned(),
                }));
            }
            _ => {}
        }
        // Elements nest only so deep.
        element.children().for_each(|child| self.read(child));
    }
}

fn quoted(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_alphanumeric() || "._-=/:{}".contains(c));
    if plain { word.to_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::command;
    use std::path::Path;

    #[test]
    fn projects_of_both_generations_become_commands() {
        let old = r#"<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><PropertyGroup>
            <DefineConstants>Edition=Full;Bin=$(OutDir)</DefineConstants><Cultures>de-de</Cultures></PropertyGroup>
            <ItemGroup><Compile Include="Product.wxs" /><Compile Include="ui\Ui.wxs" /><EmbeddedResource Include="de.wxl" />
            <WixExtension Include="WixUIExtension"><HintPath>x</HintPath></WixExtension></ItemGroup></Project>"#;
        assert_eq!(
            command(Path::new("a.wixproj"), old, &["Other.wxs".into()]).unwrap(),
            r"cargo msi build Product.wxs 'ui\Ui.wxs' --ext WixUIExtension --loc de.wxl --culture de-de -d Edition=Full -d Bin=VALUE"
        );
        let new = r#"<Project Sdk="WixToolset.Sdk/5.0.0"><ItemGroup>
            <PackageReference Include="WixToolset.Util.wixext" Version="5.0.0" /></ItemGroup></Project>"#;
        let beside = ["Package.wxs", "a.wixproj", "Package.en-us.wxl"].map(String::from);
        assert_eq!(
            command(Path::new("a.wixproj"), new, &beside).unwrap(),
            "cargo msi build Package.wxs --ext WixToolset.Util.wixext --loc Package.en-us.wxl"
        );
    }
}
