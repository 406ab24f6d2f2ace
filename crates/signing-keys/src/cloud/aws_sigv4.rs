//! Signature Version 4 of requests to AWS.
//!
//! Documentation: "AWS Signature Version 4 for API requests", "Create a signed AWS API request".

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::aws_credentials::Credentials;
use crate::http::{Request, host_of};

/// Signs a request to `service` in `region` at `now`, in seconds since 1970. The path must be `/`, without a query: so are all
/// requests of KMS and STS.
pub(super) fn sign(
    request: Request,
    credentials: &Credentials,
    region: &str,
    service: &str,
    now: u64,
) -> Request {
    let time = amz_time(now);
    let date = &time[..8];
    let host = authority(&request.url);
    let mut request = request.header("x-amz-date", &time);
    if let Some(token) = &credentials.session_token {
        request = request.header("x-amz-security-token", token);
    }
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    headers.push(("host".into(), host));
    headers.sort();
    let names = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let listed: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!(
        "{}\n/\n\n{listed}\n{names}\n{}",
        request.method.as_str(),
        hex(&Sha256::digest(&*request.body))
    );
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let start = Zeroizing::new(format!("AWS4{}", *credentials.secret_key));
    let mut key = Zeroizing::new(start.as_bytes().to_vec());
    for part in [date, region, service, "aws4_request"] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hex(&hmac(&key, to_sign.as_bytes()));
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        credentials.access_key
    );
    request.header("authorization", &value)
}

fn hmac(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
        .map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec());
    // HMAC takes keys of every length.
    Zeroizing::new(mac.unwrap_or_default())
}

/// Machine and port as they stand in the Host header.
fn authority(url: &str) -> String {
    let name = host_of(url);
    let rest = crate::http::origin(url);
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    match rest.rsplit_once(':') {
        Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => format!("{name}:{port}"),
        _ => name,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A moment as `20240131T235959Z`.
fn amz_time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // The calendar from its days: years that begin in March, in cycles of 400 (proleptic Gregorian).
    let shifted = days + 719_468;
    let (cycle, day_of_cycle) = (shifted / 146_097, shifted % 146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year_of_cycle + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(amz_time(0), "19700101T000000Z");
        assert_eq!(amz_time(951_782_400), "20000229T000000Z");
        assert_eq!(amz_time(1_440_938_160), "20150830T123600Z");
        assert_eq!(amz_time(1_735_689_599), "20241231T235959Z");
    }

    #[test]
    fn the_signature_is_the_one_of_the_test_suite_that_aws_publishes() {
        // "post-vanilla" of the Signature Version 4 test suite.
        let credentials = Credentials {
            access_key: "AKIDEXAMPLE".into(),
            secret_key: Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into()),
            session_token: None,
            until: None,
        };
        let request =
            Request { method: ureq::http::Method::POST, ..Request::get("https://example.amazonaws.com/") };
        let signed = sign(request, &credentials, "us-east-1", "service", 1_440_938_160);
        let value = &signed.headers.last().unwrap().1;
        assert!(value.ends_with("SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"), "{}", **value);
    }
}
