//! A configuration that can be read and patched: the four settings that the product knows.

use std::fmt;
use std::io::Read;
use std::path::Path;

use xmltree::Element;

use crate::document::Document;
use crate::tree::{self, append, child, child_or_insert, descend, elements, is};
use crate::{Cloud, Error, FipsPolicy, MAX_LEN, Proxy, Suspicion, TraceLevel, save, suspicion};

const ENVIRONMENT_KEY: &str = "EnvironmentName";
const TRACE_SWITCH: &str = "ProvisioningAgentTrace";

/// A parsed `.exe.config`. `to_string` gives its text: the text that was parsed, byte for byte, if nothing changed.
#[derive(Clone, Debug)]
pub struct Config {
    document: Document,
}

impl Config {
    /// Parses a text, which may start with a byte order mark. Refuses what is not well formed, has another root, has a
    /// deciding node twice, has a document type, or is longer than [`MAX_LEN`].
    pub fn parse(text: &str) -> Result<Config, Error> {
        Document::parse(text).map(|document| Config { document })
    }

    /// Parses a file's bytes: UTF-8, or UTF-16 with a byte order mark.
    pub fn from_bytes(bytes: &[u8]) -> Result<Config, Error> {
        Document::from_bytes(bytes).map(|document| Config { document })
    }

    /// Reads and parses a file.
    pub fn load(path: &Path) -> Result<Config, Error> {
        let io = |source| Error::Io { doing: "read", path: path.to_owned(), source };
        let file = std::fs::File::open(path).map_err(io)?;
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to know that there are too many.
        file.take(MAX_LEN as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
        Config::from_bytes(&bytes)
    }

    /// The bytes to store: the text in the encoding that the file had.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.document.to_bytes()
    }

    /// Stores the configuration at `path` in one step: a reader sees the old file or the new one, never a part. With
    /// `backup` the file that stood at `path` is kept there first. A file that has these bytes already is left alone,
    /// its backup too; says whether anything was written.
    pub fn save(&self, path: &Path, backup: Option<&Path>) -> Result<bool, Error> {
        save::save(&self.to_bytes(), path, backup)
    }

    /// The FIPS policy. Refuses an `enforceFIPSPolicy` without a readable `enabled`.
    pub fn fips(&self) -> Result<FipsPolicy, Error> {
        let Some(node) = descend(self.root(), &["runtime", "enforceFIPSPolicy"]) else {
            return Ok(FipsPolicy::Inherit);
        };
        let enabled = node.attributes.get("enabled").map(|value| value.trim());
        match enabled.map(str::to_ascii_lowercase).as_deref() {
            Some("false") => Ok(FipsPolicy::Exempt),
            Some("true") => Ok(FipsPolicy::Enforce),
            Some(_) => Err(self.bad("runtime/enforceFIPSPolicy", "enabled must be \"true\" or \"false\"")),
            None => Err(self.bad("runtime/enforceFIPSPolicy", "the attribute enabled is missing")),
        }
    }

    /// Sets, changes or removes `runtime/enforceFIPSPolicy`.
    pub fn set_fips(&mut self, policy: FipsPolicy) {
        let style = self.document.style.clone();
        let root = &mut self.document.root;
        let enabled = match policy {
            FipsPolicy::Inherit => {
                if let Some(runtime) = root.get_mut_child("runtime") {
                    tree::remove_child(runtime, "enforceFIPSPolicy");
                    tree::remove_child_if_empty(root, "runtime");
                }
                return;
            }
            FipsPolicy::Exempt => "false",
            FipsPolicy::Enforce => "true",
        };
        let runtime = named(root, "runtime", 1, &style);
        set(named(runtime, "enforceFIPSPolicy", 2, &style), "enabled", enabled);
    }

    /// The cloud: the commercial one where the file names none. Refuses an environment that no cloud has.
    pub fn environment(&self) -> Result<&'static Cloud, Error> {
        let Some(settings) = child(self.root(), "appSettings") else { return Ok(Cloud::default_cloud()) };
        let Some(node) = elements(settings).find(|element| is_add(element, "key", ENVIRONMENT_KEY)) else {
            return Ok(Cloud::default_cloud());
        };
        let value = node.attributes.get("value").map_or("", |value| value.trim());
        Cloud::by_environment(value)
            .map_err(|error| self.bad("appSettings/add[environmentname]", &error.to_string()))
    }

    /// Writes the cloud's environment name, in its own spelling.
    pub fn set_environment(&mut self, cloud: &Cloud) {
        let style = self.document.style.clone();
        let settings = named(&mut self.document.root, "appSettings", 1, &style);
        let node = child_or_insert(
            settings,
            |element| is_add(element, "key", ENVIRONMENT_KEY),
            || add("key", ENVIRONMENT_KEY),
            2,
            &style,
        );
        set(node, "value", &cloud.environment);
    }

    /// The proxy; `None` where the file has none, has it switched off, or leaves it to the system. Refuses an address
    /// that is none, without repeating it.
    pub fn proxy(&self) -> Result<Option<Proxy>, Error> {
        let Some(defaults) = descend(self.root(), &["system.net", "defaultProxy"]) else { return Ok(None) };
        let enabled = defaults.attributes.get("enabled").map_or("true", |value| value.trim());
        if enabled.eq_ignore_ascii_case("false") {
            return Ok(None);
        }
        let address = child(defaults, "proxy").and_then(|proxy| proxy.attributes.get("proxyaddress"));
        match address {
            None => Ok(None),
            Some(address) => match Proxy::parse(address) {
                Ok(proxy) => Ok(Some(proxy)),
                Err(error) => {
                    Err(self.bad("system.net/defaultProxy/proxy", &format!("proxyaddress: {error}")))
                }
            },
        }
    }

    /// Writes the proxy in the documented shape, or removes it with everything that only it needs. What an
    /// administrator added inside (a bypass list, say) is kept while there is a proxy.
    pub fn set_proxy(&mut self, proxy: Option<&Proxy>) {
        let style = self.document.style.clone();
        let root = &mut self.document.root;
        let Some(proxy) = proxy else {
            if let Some(net) = root.get_mut_child("system.net") {
                tree::remove_child(net, "defaultProxy");
                tree::remove_child_if_empty(root, "system.net");
            }
            return;
        };
        let net = named(root, "system.net", 1, &style);
        let defaults = named(net, "defaultProxy", 2, &style);
        set(defaults, "enabled", "true");
        set(defaults, "useDefaultCredentials", "true");
        let node = named(defaults, "proxy", 3, &style);
        set(node, "usesystemdefault", "true");
        set(node, "proxyaddress", &proxy.to_string());
        set(node, "bypassonlocal", "true");
    }

    /// The trace level; [`TraceLevel::Information`] where the file has no switch. Refuses what is no level.
    pub fn trace_level(&self) -> Result<TraceLevel, Error> {
        let switches = descend(self.root(), &["system.diagnostics", "switches"]);
        let switch =
            switches.and_then(|parent| elements(parent).find(|node| is_add(node, "name", TRACE_SWITCH)));
        let Some(switch) = switch else { return Ok(TraceLevel::default()) };
        let value = switch.attributes.get("value").map_or("", |value| value.trim());
        value.parse().map_err(|error: Error| {
            self.bad("system.diagnostics/switches/add[provisioningagenttrace]", &error.to_string())
        })
    }

    /// Writes the trace level.
    pub fn set_trace_level(&mut self, level: TraceLevel) {
        let style = self.document.style.clone();
        let diagnostics = named(&mut self.document.root, "system.diagnostics", 1, &style);
        let switches = named(diagnostics, "switches", 2, &style);
        let switch = child_or_insert(
            switches,
            |element| is_add(element, "name", TRACE_SWITCH),
            || add("name", TRACE_SWITCH),
            3,
            &style,
        );
        set(switch, "value", level.name());
    }

    /// The file that the trace goes to: the `initializeData` of the first shared listener that has one. A name without
    /// a folder is meant inside the trace folder.
    pub fn trace_file(&self) -> Option<&str> {
        let listeners = descend(self.root(), &["system.diagnostics", "sharedListeners"])?;
        elements(listeners).find_map(|listener| listener.attributes.get("initializeData")).map(String::as_str)
    }

    /// Nodes that look like one of the four settings and are not read as one, because .NET looks for exact names in
    /// exact places: an administrator's slip that would otherwise go unnoticed.
    pub fn suspicions(&self) -> Vec<Suspicion> {
        suspicion::find(&self.document)
    }

    pub(crate) fn root(&self) -> &Element {
        &self.document.root
    }

    pub(crate) fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    fn bad(&self, path: &str, message: &str) -> Error {
        Error::BadValue { node: path.to_owned(), at: self.document.place(path), message: message.to_owned() }
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document.render())
    }
}

/// The child of that name, appended where there is none.
fn named<'a>(parent: &'a mut Element, name: &str, depth: usize, style: &tree::Style) -> &'a mut Element {
    let at =
        parent.children.iter().position(|node| node.as_element().is_some_and(|element| is(element, name)));
    let at = at.unwrap_or_else(|| append(parent, Element::new(name), depth, style));
    parent.children[at].as_mut_element().expect("an element was found or put there")
}

fn add(attribute: &str, value: &str) -> Element {
    let mut element = Element::new("add");
    set(&mut element, attribute, value);
    element
}

/// Whether this is `<add ATTRIBUTE="value">`; .NET compares such keys without regard to case.
fn is_add(element: &Element, attribute: &str, value: &str) -> bool {
    is(element, "add")
        && element.attributes.get(attribute).is_some_and(|found| found.eq_ignore_ascii_case(value))
}

fn set(element: &mut Element, attribute: &str, value: &str) {
    element.attributes.insert(attribute.to_owned(), value.to_owned());
}
