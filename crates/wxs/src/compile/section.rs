//! What may stand in a product or a fragment, element by element.

use super::{
    Compiler, Handled, Node, Parent, appid, binary, component, condition, custom_action, custom_table,
    directory, embedded, feature, group, instance, major_upgrade, media, package, product, property, search,
    sequence, set_property, sfp_catalog, ui, upgrade,
};
use crate::extension as extensions;
use crate::ir::{Section, SectionKind, VariableSymbol};

/// What the elements of one section share.
pub(super) struct Scope {
    /// The product, for features at its top; unknown in a fragment.
    pub(super) parent: Parent,
    /// Display number that the last feature of the section got.
    pub(super) last_display: i32,
}

type Handler = fn(&mut Compiler, &Node, &mut Scope);

/// The elements of a section and who compiles them. The catalogue says which of them a product or fragment permits.
const ELEMENTS: &[(&str, Handler)] = &[
    ("AdminExecuteSequence", |c, n, _| sequence::sequence(c, n)),
    ("AdminUISequence", |c, n, _| sequence::sequence(c, n)),
    ("AdvertiseExecuteSequence", |c, n, _| sequence::sequence(c, n)),
    ("AppId", |c, n, _| appid::advertised(c, n)),
    ("Binary", |c, n, _| binary::binary(c, n)),
    ("ComplianceCheck", |c, n, _| search::compliance_check(c, n)),
    ("Component", |c, n, _| {
        component::component(c, n, &Parent::unknown(), &component::Place::default());
    }),
    ("ComponentGroup", |c, n, _| group::component_group(c, n)),
    ("Condition", |c, n, _| condition::launch(c, n)),
    ("CustomAction", |c, n, _| custom_action::custom_action(c, n)),
    ("CustomActionRef", |c, n, _| {
        c.simple_reference(n, "CustomAction");
    }),
    ("CustomTable", |c, n, _| custom_table::custom_table(c, n)),
    ("Directory", |c, n, _| directory::directory(c, n, None, &component::Place::default())),
    ("DirectoryRef", |c, n, _| directory::directory_ref(c, n)),
    ("EmbeddedChainer", |c, n, _| embedded::chainer(c, n)),
    ("EmbeddedChainerRef", |c, n, _| {
        c.simple_reference(n, "MsiEmbeddedChainer");
    }),
    ("EnsureTable", |c, n, _| custom_table::ensure_table(c, n)),
    ("Feature", |c, n, s| feature::feature(c, n, &s.parent.clone(), &mut s.last_display)),
    ("FeatureGroup", |c, n, _| group::feature_group(c, n)),
    ("FeatureGroupRef", |c, n, s| group::feature_group_ref(c, n, &s.parent)),
    ("FeatureRef", |c, n, s| feature::feature_ref(c, n, &s.parent)),
    ("Icon", |c, n, _| {
        binary::icon(c, n);
    }),
    ("IgnoreModularization", |c, n, _| {
        // Modules rename what is merged; a package has nothing to rename.
        n.text(c, "Name");
        n.text(c, "Type");
    }),
    ("InstallExecuteSequence", |c, n, _| sequence::sequence(c, n)),
    ("InstallUISequence", |c, n, _| sequence::sequence(c, n)),
    ("InstanceTransforms", |c, n, _| instance::instance_transforms(c, n)),
    ("MajorUpgrade", |c, n, _| major_upgrade::major_upgrade(c, n)),
    ("Media", |c, n, _| media::media(c, n)),
    ("MediaTemplate", |c, n, _| media::media_template(c, n)),
    ("Package", |c, n, _| package::package(c, n)),
    ("PackageCertificates", |c, n, _| binary::certificates(c, n)),
    ("PatchCertificates", |c, n, _| binary::certificates(c, n)),
    ("Property", |c, n, _| property::property(c, n)),
    ("PropertyRef", |c, n, _| {
        c.simple_reference(n, "Property");
    }),
    ("SFPCatalog", |c, n, _| {
        sfp_catalog::sfp_catalog(c, n);
    }),
    ("SetDirectory", |c, n, _| set_property::set_directory(c, n)),
    ("SetProperty", |c, n, _| set_property::set_property(c, n)),
    ("SymbolPath", |c, n, _| {
        n.text(c, "Path");
    }),
    ("UI", |c, n, _| ui::ui(c, n)),
    ("UIRef", |c, n, _| {
        c.simple_reference(n, "WixUI");
    }),
    ("Upgrade", |c, n, _| upgrade::upgrade(c, n)),
    ("WixVariable", |c, n, _| wix_variable(c, n)),
];

/// The products and fragments of a source.
pub(super) fn top_level(c: &mut Compiler, wix: &Node) {
    c.each_child(wix, |c, node| {
        match node.name() {
            "Product" => product::product(c, node),
            "Fragment" => fragment(c, node),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

/// Compiles the children of a product or fragment into the active section.
pub(super) fn children(c: &mut Compiler, node: &Node, scope: &mut Scope) {
    c.each_child(node, |c, child| {
        if extensions::is_foreign(child.name()) {
            return extensions::in_section(c, child);
        }
        match ELEMENTS.iter().find(|(name, _)| *name == child.name()) {
            Some((_, handler)) => {
                handler(c, child, scope);
                Handled::Yes
            }
            None => Handled::No,
        }
    });
}

fn fragment(c: &mut Compiler, node: &Node) {
    let id = node.text(c, "Id").unwrap_or_default();
    c.section = Section::new(SectionKind::Fragment, id, node.span());
    children(c, node, &mut Scope { parent: Parent::unknown(), last_display: 0 });
    c.finish_section();
}

fn wix_variable(c: &mut Compiler, node: &Node) {
    let id = node.need_text(c, "Id").to_owned();
    let value = node.text_or_empty("Value");
    let value = node.need(c, "Value", value).to_owned();
    let overridable = node.flag(c, "Overridable");
    c.section.variables.push(VariableSymbol { id, value, overridable, span: node.span() });
    c.no_children(node);
}

impl Compiler<'_> {
    /// Ends the active section.
    pub(super) fn finish_section(&mut self) {
        let span = self.section.span;
        let section = std::mem::replace(&mut self.section, Section::new(SectionKind::Fragment, "", span));
        self.sections.push(section);
    }
}
