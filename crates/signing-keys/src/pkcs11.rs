//! Keys on PKCS#11 tokens: smart cards, HSMs, SoftHSM.
//!
//! One session is opened and logged in, and all signatures go through it. A wrong PIN is never tried twice: three wrong ones lock
//! most cards.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, KeyError, Signer};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;

use crate::certificate::{PublicKey, leaf};
use crate::signature::{digest_info, ecdsa_der};
use crate::source::signer;
use crate::{Error, Host, KeyFlags};

/// More keys than this are not told apart in an error.
const SHOWN: usize = 12;

/// Opens the token's key. `certificates` and `chain` are those that came as files; the token's own are added.
pub(crate) fn open(
    flags: &KeyFlags,
    module: &Path,
    mut certificates: Vec<Vec<u8>>,
    chain: Vec<Vec<u8>>,
    host: &Host,
) -> Result<Signer, Error> {
    let context = load(module)?;
    let (slot, token) = find_token(&context, flags)?;
    let session = context.open_ro_session(slot).map_err(|error| explain("cannot open a session", &error))?;
    let pin = log_in(&session, &context, slot, &token, flags, host)?;
    let key = find_key(&session, flags, token.label())?;
    let id = bytes(&session, key, AttributeType::Id);
    let key_type = session
        .get_attributes(key, &[AttributeType::KeyType, AttributeType::AlwaysAuthenticate])
        .map_err(|error| explain("cannot read the key's kind", &error))?;
    let always = key_type.contains(&Attribute::AlwaysAuthenticate(true));
    let others = take_token_certificates(&session, &id, &mut certificates)?;
    if certificates.is_empty() {
        return Err(Error::Token(
            "the token holds no certificate for the key: give it with --cert, and its chain with --chain"
                .into(),
        ));
    }
    let public = leaf(&certificates)?;
    certificates.extend(chain);
    certificates.extend(others);
    let fits = match public.algorithm {
        KeyAlgorithm::Rsa => KeyType::RSA,
        KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384 => KeyType::EC,
    };
    if !key_type.contains(&Attribute::KeyType(fits)) {
        return Err(Error::Token("the key on the token is of another kind than the certificate's: name the right one with --key-label or --key-id".into()));
    }
    let pin = pin.filter(|_| always);
    signer(Key { session: Mutex::new(session), key, public, pin }, certificates)
}

fn load(module: &Path) -> Result<Pkcs11, Error> {
    let context = Pkcs11::new(module).map_err(|error| {
        Error::Token(format!("{}: the module cannot be loaded: {error}", module.display()))
    })?;
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // A second key on the same module.
        Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(context),
        Err(error) => Err(explain("the module cannot be initialized", &error)),
    }
}

fn find_token(context: &Pkcs11, flags: &KeyFlags) -> Result<(Slot, TokenInfo), Error> {
    let slots = context.get_slots_with_token().map_err(|error| explain("cannot list the tokens", &error))?;
    let mut tokens: Vec<(Slot, TokenInfo)> = slots
        .into_iter()
        .filter_map(|slot| Some((slot, context.get_token_info(slot).ok()?)))
        .filter(|(_, token)| token.token_initialized())
        .collect();
    let known: Vec<String> =
        tokens.iter().map(|(slot, token)| format!("`{}` in slot {}", token.label(), slot.id())).collect();
    tokens.retain(|(slot, token)| match (&flags.token, flags.slot) {
        (Some(label), _) => token.label() == label,
        (None, Some(number)) => slot.id() == number,
        (None, None) => true,
    });
    let wanted = match (&flags.token, flags.slot) {
        (Some(label), _) => format!("token `{label}`"),
        (None, Some(number)) => format!("token in slot {number}"),
        (None, None) => "token".to_owned(),
    };
    match (tokens.len(), known.as_slice()) {
        (1, _) => tokens.pop().ok_or_else(|| Error::Token("no token".into())),
        (0, []) => Err(Error::Token(format!(
            "no {wanted}: the module sees none; connect it, or check the module's configuration"
        ))),
        (0, known) => Err(Error::Token(format!("no {wanted}: the module sees {}", known.join(", ")))),
        (_, known) => Err(Error::Token(format!(
            "several tokens fit ({}): name one with --token or --slot",
            known.join(", ")
        ))),
    }
}

/// Logs in where the token wants it; gives the PIN, which some keys want again for each signature.
fn log_in(
    session: &Session,
    context: &Pkcs11,
    slot: Slot,
    token: &TokenInfo,
    flags: &KeyFlags,
    host: &Host,
) -> Result<Option<AuthPin>, Error> {
    if !token.login_required() {
        return Ok(None);
    }
    let label = token.label();
    if token.user_pin_locked() {
        return Err(Error::Token(format!(
            "the PIN of token `{label}` is locked after too many wrong tries: unlock it with the token's own tool"
        )));
    }
    // A keypad on the reader takes the PIN itself.
    let pin = if token.protected_authentication_path() && !flags.secret().is_said() {
        None
    } else {
        let text = flags.secret().read(host, &format!("the PIN of token `{label}`"))?;
        Some(AuthPin::from(text.as_str()))
    };
    match session.login(UserType::User, pin.as_ref()) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(pin),
        Err(TokenError::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid, _)) => {
            let left = match context.get_token_info(slot) {
                Ok(now) if now.user_pin_locked() => {
                    ", and the token has locked it: unlock it with the token's own tool"
                }
                Ok(now) if now.user_pin_final_try() => "; one more wrong try locks it",
                Ok(now) if now.user_pin_count_low() => "; few tries are left before it locks",
                _ => ": check the variable or file that it comes from",
            };
            Err(Error::Token(format!("the PIN of token `{label}` is wrong{left}")))
        }
        Err(TokenError::Pkcs11(RvError::PinLocked, _)) => Err(Error::Token(format!(
            "the PIN of token `{label}` is locked after too many wrong tries: unlock it with the token's own tool"
        ))),
        Err(TokenError::Pkcs11(RvError::UserPinNotInitialized, _)) => Err(Error::Token(format!(
            "token `{label}` has no user PIN yet: set one with the token's own tool"
        ))),
        Err(error) => Err(explain(&format!("cannot log in to token `{label}`"), &error)),
    }
}

fn find_key(session: &Session, flags: &KeyFlags, token: &str) -> Result<ObjectHandle, Error> {
    let class = Attribute::Class(ObjectClass::PRIVATE_KEY);
    let mut template = vec![class.clone()];
    template.extend(flags.key_label.as_ref().map(|label| Attribute::Label(label.as_bytes().to_vec())));
    if let Some(id) = &flags.key_id {
        template.push(Attribute::Id(hex(id)?));
    }
    let find = |template: &[Attribute]| {
        session.find_objects(template).map_err(|error| explain("cannot search the token", &error))
    };
    let found = find(&template)?;
    if let [key] = found.as_slice() {
        return Ok(*key);
    }
    let all = if found.is_empty() { find(&[class])? } else { found.clone() };
    let names: Vec<String> = all.iter().take(SHOWN).map(|key| describe(session, *key)).collect();
    Err(Error::Token(match (found.is_empty(), names.is_empty()) {
        (true, true) => format!("token `{token}` holds no private key"),
        (true, false) => format!("token `{token}` holds no such key; it holds {}", names.join(", ")),
        (false, _) => {
            format!("several keys fit ({}): name one with --key-label or --key-id", names.join(", "))
        }
    }))
}

fn describe(session: &Session, key: ObjectHandle) -> String {
    let label = bytes(session, key, AttributeType::Label);
    let id: String =
        bytes(session, key, AttributeType::Id).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("`{}` (id {id})", String::from_utf8_lossy(&label))
}

/// Takes the certificate with the key's id where no file brought one; gives the others, which may be its chain.
fn take_token_certificates(
    session: &Session,
    id: &[u8],
    certificates: &mut Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, Error> {
    let found = session
        .find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)])
        .map_err(|error| explain("cannot search the token", &error))?;
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for certificate in found {
        let der = bytes(session, certificate, AttributeType::Value);
        if der.is_empty() {
            continue;
        }
        let same = !id.is_empty() && bytes(session, certificate, AttributeType::Id) == id;
        if same { own.push(der) } else { others.push(der) }
    }
    if certificates.is_empty() {
        certificates.extend(own);
    }
    Ok(others)
}

fn bytes(session: &Session, object: ObjectHandle, kind: AttributeType) -> Vec<u8> {
    match session.get_attributes(object, &[kind]).unwrap_or_default().into_iter().next() {
        Some(Attribute::Id(bytes) | Attribute::Label(bytes) | Attribute::Value(bytes)) => bytes,
        _ => Vec::new(),
    }
}

fn hex(text: &str) -> Result<Vec<u8>, Error> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    });
    pairs
        .collect::<Option<Vec<u8>>>()
        .filter(|bytes| !bytes.is_empty())
        .ok_or_else(|| Error::Usage(format!("--key-id {text}: give bytes in hexadecimal, such as 01af")))
}

/// A key on a token, behind its session.
struct Key {
    session: Mutex<Session>,
    key: ObjectHandle,
    public: PublicKey,
    /// For keys that want the PIN again for each signature.
    pin: Option<AuthPin>,
}

impl DigestSigner for Key {
    fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm
    }

    fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.public.der.clone())
    }

    fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let (mechanism, data) = match self.public.algorithm {
            KeyAlgorithm::Rsa => (Mechanism::RsaPkcs, digest_info(hash, digest)),
            KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384 => (Mechanism::Ecdsa, digest.to_vec()),
        };
        let answer = match &self.pin {
            None => session.sign(&mechanism, self.key, &data),
            Some(pin) => session
                .sign_init(&mechanism, self.key)
                .and_then(|()| session.login(UserType::ContextSpecific, Some(pin)))
                .and_then(|()| session.sign_update(&data))
                .and_then(|()| session.sign_final()),
        };
        let signature = answer.map_err(|error| explain("the token cannot sign", &error).into_key_error())?;
        match self.public.algorithm {
            KeyAlgorithm::Rsa => Ok(signature),
            algorithm => ecdsa_der(&signature, algorithm),
        }
    }
}

/// What a code of the standard means for the person who has the token.
fn explain(doing: &str, error: &TokenError) -> Error {
    let hint = match error {
        TokenError::Pkcs11(
            RvError::DeviceRemoved | RvError::TokenNotPresent | RvError::SessionHandleInvalid,
            _,
        ) => ": the token was removed; connect it and run again",
        TokenError::Pkcs11(RvError::UserNotLoggedIn, _) => ": the token logged out; run again",
        TokenError::Pkcs11(RvError::MechanismInvalid | RvError::MechanismParamInvalid, _) => {
            ": the token does not sign with this algorithm"
        }
        TokenError::Pkcs11(RvError::KeyFunctionNotPermitted, _) => ": the key may not be used to sign",
        TokenError::Pkcs11(RvError::DeviceError | RvError::DeviceMemory, _) => ": the token failed",
        _ => "",
    };
    Error::Token(format!("{doing}{hint} ({error})"))
}
