//! Every place where a key can live, each against something independent: OpenSSL, SoftHSM, servers that check what the services'
//! documentation asks for.

mod aws;
mod azure;
#[cfg(unix)]
mod command;
mod files;
mod google;
mod harden;
mod http;
mod pkcs11;
mod support;
mod vault;
