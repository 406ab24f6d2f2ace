//! `Package`, the product and its summary information in one, and `MajorUpgrade`.

use super::{Around, Lowering, cultures, elements, names};
use crate::codes;
use crate::document::{Text, Tree, v3_name};

/// What a `MajorUpgrade` needs to know of its package.
pub(super) struct Facts {
    upgrade_code: Option<String>,
    version: String,
    language: Option<String>,
}

/// What a package says to those who would go back to an older one, and the name of that text.
pub(super) const DOWNGRADE_STRING: [&str; 2] =
    ["WixDowngradePreventedMessage", "A newer version of [ProductName] is already installed."];

/// Where `RemoveExistingProducts` goes.
const SCHEDULES: [(&str, &str); 5] = [
    ("afterInstallValidate", "InstallValidate"),
    ("afterInstallInitialize", "InstallInitialize"),
    ("afterInstallExecute", "InstallExecute"),
    ("afterInstallExecuteAgain", "InstallExecuteAgain"),
    ("afterInstallFinalize", "InstallFinalize"),
];

/// Attributes of `Package` that are those of `Product`, and of `SummaryInformation` that are those of the older `Package`.
const OF_PRODUCT: [&str; 6] = ["Codepage", "Language", "Manufacturer", "Name", "UpgradeCode", "Version"];
const OF_SUMMARY: [(&str, &str); 5] = [
    ("Codepage", "SummaryCodepage"),
    ("Comments", "Comments"),
    ("Description", "Description"),
    ("Keywords", "Keywords"),
    ("Manufacturer", "Manufacturer"),
];

impl Lowering<'_> {
    /// The package element as a product with a package in it.
    pub(super) fn package(&mut self, mut tree: Tree) -> Tree {
        self.extension_attributes(&mut tree);
        let at = tree.span;
        let mut product = Tree::new(&v3_name("Product"), at);
        let mut package = Tree::new(&v3_name("Package"), at);
        let id = tree.take("Id");
        let code = tree.take("ProductCode");
        for attribute in OF_PRODUCT {
            product.attributes.extend(tree.take(attribute));
        }
        product.attributes.extend(code.map(|mut code| {
            code.name.local = "Id".into();
            code
        }));
        elements::plain_version(&mut product, "Version");
        if product.get("Id").is_none() {
            product.set("Id", "*");
        }
        if product.get("UpgradeCode").is_none()
            && let Some(id) = &id
        {
            product.set("UpgradeCode", names::upgrade_code(&id.value));
        }
        self.package = Some(Facts {
            upgrade_code: product.get("UpgradeCode").map(str::to_owned),
            version: product.get("Version").unwrap_or_default().to_owned(),
            language: product.get("Language").map(str::to_owned),
        });
        if product.get("Codepage").is_none() {
            product.set("Codepage", format!("!(loc.{})", cultures::STRINGS[2][0]));
        }
        if product.get("Language").is_none() {
            product.set("Language", format!("!(loc.{})", cultures::STRINGS[0][0]));
        }

        package.set("SummaryCodepage", format!("!(loc.{})", cultures::STRINGS[1][0]));
        let compressed = tree.take("Compressed");
        let compressed = !matches!(compressed.as_ref().map(|value| &*value.value), Some("no" | "false"));
        package.set("Compressed", if compressed { "yes" } else { "no" });
        let version = tree.take("InstallerVersion").map_or_else(|| "500".to_owned(), |version| version.value);
        package.set("InstallerVersion", version);
        if matches!(tree.take("ShortNames").as_ref().map(|value| &*value.value), Some("yes" | "true")) {
            package.set("ShortNames", "yes");
        }
        let scope = tree.take("Scope").map_or_else(|| "perMachine".to_owned(), |scope| scope.value);
        let strategy = tree.take("UpgradeStrategy").map(|strategy| strategy.value);
        for summary in tree.children.iter().filter(|child| child.local() == "SummaryInformation") {
            for (attribute, to) in OF_SUMMARY {
                if let Some(value) = summary.get(attribute) {
                    package.set(to, value);
                }
            }
        }

        let mut properties: Vec<(&str, String)> = Vec::new();
        properties.extend(id.map(|id| ("PackageId", id.value)));
        match scope.as_str() {
            "perMachine" | "perUser" => package.set("InstallScope", scope.as_str()),
            "perMachineOrUser" => properties.push(("ALLUSERS", "2".into())),
            "perUserOrMachine" => {
                properties.push(("ALLUSERS", "2".into()));
                properties.push(("MSIINSTALLPERUSER", "1".into()));
            }
            _ => {}
        }
        let inside = self.inside(tree, &Around::default());
        product.children.push(package);
        for (id, value) in properties {
            let property = Tree::new(&v3_name("Property"), at).with("Id", id).with("Value", value);
            product.children.push(property);
        }
        if !self.survey.media {
            let template = Tree::new(&v3_name("MediaTemplate"), at).with("CabinetTemplate", "cab{0}.cab");
            product.children.push(template);
        }
        product.attributes.extend(inside.attributes);
        product.children.extend(inside.children);
        product.children.append(&mut self.extra);
        if !self.survey.upgrades
            && strategy.as_deref() != Some("none")
            && self.package.as_ref().is_some_and(|facts| facts.upgrade_code.is_some())
        {
            let message = format!("!(loc.{})", DOWNGRADE_STRING[0]);
            let upgrade = Tree::new(&v3_name("MajorUpgrade"), at).with("DowngradeErrorMessage", message);
            let made = self.upgrade(upgrade, true);
            product.children.extend(made);
        }
        product.children.push(Tree::new(&v3_name("DirectoryRef"), at).with("Id", "TARGETDIR"));
        product
    }

    pub(super) fn major_upgrade(&mut self, tree: Tree) -> Vec<Tree> {
        self.upgrade(tree, false)
    }

    /// What `MajorUpgrade` stands for, in elements of WiX 3. Its own one knows no languages.
    fn upgrade(&mut self, tree: Tree, default: bool) -> Vec<Tree> {
        let at = tree.span;
        let Some(facts) = &self.package else {
            self.error(codes::MISPLACED_ELEMENT, at, "<MajorUpgrade> stands in a <Package>".into());
            return Vec::new();
        };
        let code = facts.upgrade_code.clone();
        let (version, language) = (facts.version.clone(), facts.language.clone());
        let Some(code) = code else {
            let message = "<MajorUpgrade> needs the attribute 'Id' or 'UpgradeCode' of its <Package>";
            self.error(codes::MISSING, at, message.to_owned());
            return Vec::new();
        };
        let yes = |name: &str| matches!(tree.get(name), Some("yes" | "true"));
        let (downgrades, same, disallow) =
            (yes("AllowDowngrades"), yes("AllowSameVersionUpgrades"), yes("Disallow"));
        let downgrade_message = tree.get("DowngradeErrorMessage").map(str::to_owned);
        let upgrade_message = tree.get("DisallowUpgradeErrorMessage").map(str::to_owned);
        let mut combine = |message: &str| {
            self.error(codes::ATTRIBUTE_COMBINATION, at, message.to_owned());
        };
        match (downgrades, &downgrade_message) {
            (false, None) => {
                combine("<MajorUpgrade> needs 'DowngradeErrorMessage', or AllowDowngrades=\"yes\"");
            }
            (true, Some(_)) => combine("a downgrade that is allowed has no error message"),
            _ => {}
        }
        match (disallow, &upgrade_message) {
            (true, None) => combine("Disallow=\"yes\" needs the attribute 'DisallowUpgradeErrorMessage'"),
            (false, Some(_)) => combine("an upgrade that is allowed has no error message"),
            _ => {}
        }
        if downgrades && same {
            combine("AllowDowngrades=\"yes\" allows the same version too");
        }

        let language = language.filter(|_| !yes("IgnoreLanguage"));
        let ignore = if yes("IgnoreRemoveFailure") { "yes" } else { "no" };
        let row = || {
            let mut row = Tree::new(&v3_name("UpgradeVersion"), at).with("IgnoreRemoveFailure", ignore);
            if let Some(language) = &language {
                row.set("Language", language.clone());
            }
            row
        };
        let mut upgrade = Tree::new(&v3_name("Upgrade"), at).with("Id", code);
        let mut detect = row().with("Property", "WIX_UPGRADE_DETECTED");
        if !matches!(tree.get("MigrateFeatures"), Some("no" | "false")) {
            detect.set("MigrateFeatures", "yes");
        }
        if let Some(features) = tree.get("RemoveFeatures") {
            detect.set("RemoveFeatures", features);
        }
        let detect = match downgrades {
            true => detect.with("Minimum", "0").with("IncludeMinimum", "yes"),
            false => detect
                .with("Maximum", version.clone())
                .with("IncludeMaximum", if same { "yes" } else { "no" })
                .with("IncludeMinimum", "no"),
        };
        upgrade.children.push(detect);
        let mut made = Vec::new();
        let condition = |text: &str, message: Option<String>| {
            let mut condition = Tree::new(&v3_name("Condition"), at);
            condition.text = Some(Text { text: text.to_owned(), span: at });
            condition.with("Message", message.unwrap_or_default())
        };
        if disallow {
            made.push(condition("NOT WIX_UPGRADE_DETECTED", upgrade_message));
        }
        if !downgrades {
            upgrade.children.push(
                row()
                    .with("Minimum", version)
                    .with("IncludeMinimum", "no")
                    .with("OnlyDetect", "yes")
                    .with("Property", "WIX_DOWNGRADE_DETECTED"),
            );
            made.push(condition("NOT WIX_DOWNGRADE_DETECTED", downgrade_message));
        }
        made.push(upgrade);
        let schedule = tree.get("Schedule").unwrap_or("afterInstallValidate");
        let after =
            SCHEDULES.iter().find(|(word, _)| *word == schedule).map_or("InstallValidate", |(_, to)| to);
        let mut sequence = Tree::new(&v3_name("InstallExecuteSequence"), at);
        let mut remove = Tree::new(&v3_name("RemoveExistingProducts"), at).with("After", after);
        if default {
            remove.set("Overridable", "yes");
        }
        sequence.children.push(remove);
        made.push(sequence);
        made
    }
}
