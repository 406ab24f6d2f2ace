//! A machine of plain values, for tests.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::check::Properties;
use crate::failure::Failure;
use crate::machine::{
    Files, Found, Machine, Recovery, Registry, RegistryValue, Screen, Secret, ServiceState, Services,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    File(Vec<u8>),
    Link,
    Folder { owner: String, sddl: String },
}

/// Folders must exist before things are put into them, as on a disk; names keep their case and compare without it.
#[derive(Debug, Default)]
pub struct Fake {
    pub nodes: RefCell<BTreeMap<String, (String, Node)>>,
    pub keys: RefCell<BTreeMap<String, BTreeMap<String, RegistryValue>>>,
    pub services: RefCell<BTreeMap<String, ServiceState>>,
    pub passwords: RefCell<Vec<(String, Option<String>)>>,
    /// Accounts that may log on as a service.
    pub logons: RefCell<BTreeSet<String>>,
    pub log: RefCell<Vec<String>>,
    /// Like Wine: no second configuration of services.
    pub plain_services: bool,
    /// Whose process this is, unless it is SYSTEM's.
    pub runs_as: RefCell<Option<String>>,
    /// Programs that were started for the person at the screen.
    pub started: RefCell<Vec<String>>,
    /// A path whose writing fails, as on a full disk.
    pub broken: RefCell<Option<String>>,
}

pub const USER: &str = "S-1-5-21-1-2-3-1001";
pub const SYSTEM: &str = "S-1-5-18";

impl Fake {
    pub fn new() -> Self {
        let fake = Self::default();
        for path in [r"C:", r"C:\Program Files", r"C:\ProgramData", r"D:"] {
            fake.folder(path, SYSTEM);
        }
        fake
    }

    pub fn folder(&self, path: &str, owner: &str) {
        let node = Node::Folder { owner: owner.to_owned(), sddl: String::new() };
        self.nodes.borrow_mut().insert(path.to_lowercase(), (path.to_owned(), node));
    }

    pub fn file(&self, path: &str, text: &str) {
        self.put(path, Node::File(text.as_bytes().to_vec())).unwrap();
    }

    pub fn link(&self, path: &str) {
        self.put(path, Node::Link).unwrap();
    }

    pub fn text(&self, path: &str) -> Option<String> {
        self.read(path).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    pub fn sddl(&self, path: &str) -> Option<String> {
        match self.nodes.borrow().get(&path.to_lowercase()) {
            Some((_, Node::Folder { sddl, .. })) => Some(sddl.clone()),
            _ => None,
        }
    }

    pub fn paths(&self) -> Vec<String> {
        self.nodes.borrow().values().map(|(path, _)| path.clone()).collect()
    }

    pub fn logged(&self, part: &str) -> bool {
        self.log.borrow().iter().any(|line| line.contains(part))
    }

    fn put(&self, path: &str, node: Node) -> io::Result<()> {
        let folder = path.rsplit_once('\\').map_or(path, |(folder, _)| folder).to_lowercase();
        if !matches!(self.nodes.borrow().get(&folder), Some((_, Node::Folder { .. }))) {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("no folder {folder}")));
        }
        self.nodes.borrow_mut().insert(path.to_lowercase(), (path.to_owned(), node));
        Ok(())
    }
}

impl Machine for Fake {
    fn log(&self, line: &str) {
        self.log.borrow_mut().push(line.to_owned());
    }
}

impl Files for Fake {
    fn find(&self, path: &str) -> io::Result<Found> {
        Ok(match self.nodes.borrow().get(&path.to_lowercase()) {
            None => Found::Nothing,
            Some((_, Node::File(_))) => Found::File,
            Some((_, Node::Link)) => Found::Link,
            Some((_, Node::Folder { owner, .. })) => Found::Folder { owner: owner.clone() },
        })
    }

    fn own_sid(&self) -> io::Result<String> {
        Ok(self.runs_as.borrow().clone().unwrap_or_else(|| SYSTEM.to_owned()))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match self.nodes.borrow().get(&path.to_lowercase()) {
            None => Ok(None),
            Some((_, Node::File(bytes))) => Ok(Some(bytes.clone())),
            Some(_) => Err(io::Error::other("not a file")),
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if self.broken.borrow().as_deref() == Some(path) {
            return Err(io::Error::other("disk full"));
        }
        self.put(path, Node::File(bytes.to_vec()))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let below = format!("{}\\", from.to_lowercase());
        let mut nodes = self.nodes.borrow_mut();
        if nodes.contains_key(&to.to_lowercase()) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        let moved: Vec<String> = nodes
            .keys()
            .filter(|key| **key == from.to_lowercase() || key.starts_with(&below))
            .cloned()
            .collect();
        for key in moved {
            let (path, node) = nodes.remove(&key).unwrap();
            let path = format!("{to}{}", &path[from.len()..]);
            nodes.insert(path.to_lowercase(), (path, node));
        }
        Ok(())
    }

    fn delete(&self, path: &str) -> io::Result<bool> {
        let mut nodes = self.nodes.borrow_mut();
        match nodes.get(&path.to_lowercase()) {
            None => Ok(false),
            Some((_, Node::Folder { .. })) => Err(io::Error::other("a folder")),
            Some(_) => Ok(nodes.remove(&path.to_lowercase()).is_some()),
        }
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let below = format!("{}\\", folder.to_lowercase());
        let nodes = self.nodes.borrow();
        let inside =
            nodes.iter().filter(|(key, _)| key.starts_with(&below) && !key[below.len()..].contains('\\'));
        Ok(inside.map(|(_, (path, _))| path[below.len()..].to_owned()).collect())
    }

    fn create_folder(&self, path: &str, sddl: &str) -> io::Result<()> {
        if let Some((above, _)) = path.rsplit_once('\\')
            && self.find(above)? == Found::Nothing
        {
            self.create_folder(above, sddl)?;
        }
        self.put(path, Node::Folder { owner: SYSTEM.to_owned(), sddl: sddl.to_owned() })
    }

    fn protect(&self, path: &str, sddl: &str) -> io::Result<()> {
        match self.nodes.borrow_mut().get_mut(&path.to_lowercase()) {
            Some((_, Node::Folder { owner, sddl: old })) => {
                SYSTEM.clone_into(owner);
                sddl.clone_into(old);
                Ok(())
            }
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }

    fn remove_folder(&self, path: &str) -> io::Result<bool> {
        if !self.names(path)?.is_empty() {
            return Ok(false);
        }
        self.nodes.borrow_mut().remove(&path.to_lowercase());
        Ok(true)
    }
}

impl Registry for Fake {
    fn values(&self, key: &str) -> io::Result<Option<Vec<RegistryValue>>> {
        Ok(self.keys.borrow().get(key).map(|values| values.values().cloned().collect()))
    }

    fn set_value(&self, key: &str, value: &RegistryValue) -> io::Result<()> {
        let mut keys = self.keys.borrow_mut();
        keys.entry(key.to_owned()).or_default().insert(value.name.to_lowercase(), value.clone());
        Ok(())
    }

    fn delete_value(&self, key: &str, name: &str) -> io::Result<()> {
        if let Some(values) = self.keys.borrow_mut().get_mut(key) {
            values.remove(&name.to_lowercase());
        }
        Ok(())
    }

    fn delete_empty_key(&self, key: &str) -> io::Result<()> {
        self.keys.borrow_mut().retain(|name, values| name != key || !values.is_empty());
        Ok(())
    }
}

impl Fake {
    fn change(&self, name: &str, change: impl FnOnce(&mut ServiceState)) -> io::Result<()> {
        let mut services = self.services.borrow_mut();
        let service = services.get_mut(name).ok_or(io::Error::from(io::ErrorKind::NotFound))?;
        change(service);
        Ok(())
    }

    fn supported(&self) -> io::Result<()> {
        if self.plain_services { Err(io::Error::from(io::ErrorKind::Unsupported)) } else { Ok(()) }
    }
}

impl Services for Fake {
    fn service(&self, name: &str) -> io::Result<Option<ServiceState>> {
        Ok(self.services.borrow().get(name).cloned())
    }

    fn set_command_line(&self, name: &str, command_line: &str) -> io::Result<()> {
        self.change(name, |service| command_line.clone_into(&mut service.command_line))
    }

    fn set_account(&self, name: &str, account: &str, password: Option<&Secret>) -> io::Result<()> {
        self.passwords
            .borrow_mut()
            .push((account.to_owned(), password.map(|secret| secret.expose().to_owned())));
        self.change(name, |service| account.clone_into(&mut service.account))
    }

    fn set_start(&self, name: &str, start: u32, delayed: bool) -> io::Result<()> {
        self.change(name, |service| (service.start, service.delayed) = (start, delayed))
    }

    fn set_sid_type(&self, name: &str, sid_type: u32) -> io::Result<()> {
        self.supported()?;
        self.change(name, |service| service.sid_type = sid_type)
    }

    fn set_recovery(&self, name: &str, recovery: &Recovery) -> io::Result<()> {
        self.supported()?;
        self.change(name, |service| service.recovery = recovery.clone())
    }

    fn grant_service_logon(&self, account: &str) -> io::Result<bool> {
        if account.contains("nobody") {
            return Err(io::Error::other("no such account"));
        }
        Ok(self.logons.borrow_mut().insert(account.to_owned()))
    }

    fn revoke_service_logon(&self, account: &str) -> io::Result<()> {
        self.logons.borrow_mut().remove(account);
        Ok(())
    }
}

impl Screen for Fake {
    fn start_elevated(&self, exe: &str, arguments: &str) -> io::Result<()> {
        self.started.borrow_mut().push(format!("{exe} {arguments}"));
        Ok(())
    }
}

/// The installer's properties.
#[derive(Debug, Default)]
pub struct Given(pub RefCell<BTreeMap<String, String>>);

impl Given {
    pub fn new(properties: &[(&str, &str)]) -> Self {
        let standard = [
            ("WindowsFolder", r"C:\Windows\"),
            ("ProgramFiles64Folder", r"C:\Program Files\"),
            ("ProgramFilesFolder", r"C:\Program Files (x86)\"),
            ("CommonAppDataFolder", r"C:\ProgramData\"),
        ];
        let all = standard.iter().chain(properties);
        Self(RefCell::new(all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()))
    }
}

impl Properties for Given {
    fn get(&self, name: &str) -> Result<String, Failure> {
        Ok(self.0.borrow().get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Failure> {
        self.0.borrow_mut().insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}
