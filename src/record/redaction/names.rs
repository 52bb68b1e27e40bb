//! Names of parameters and headers that say that the value is a secret.

/// Words of such names, wherever they stand.
const WORDS: [&str; 20] = [
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "signature",
    "credential",
    "session",
    "sessid",
    "jwt",
    "oauth",
    "authoriz",
    "authentication",
    "authcode",
    "xsrf",
    "csrf",
    "assertion",
    "verifier",
];

/// Such names. Within a longer name they mean something else: `statusCode`, `author`.
const NAMES: [&str; 14] = [
    "auth",
    "bearer",
    "code",
    "hmac",
    "login",
    "otp",
    "pass",
    "pin",
    "pw",
    "pwd",
    "samlresponse",
    "sid",
    "sig",
    "ticket",
];

/// Parts of the names of such headers.
const PARTS: [&str; 5] = ["auth", "pwd", "sid", "sig", "pass"];

/// Whether the name of a parameter says that its value is a secret; `-`, `_` and case do not matter.
pub fn is_secret(name: &str) -> bool {
    let name: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    NAMES.contains(&name.as_str()) || name.ends_with("pwd") || WORDS.iter().any(|word| name.contains(word))
}

/// Whether the name of a header, in small letters, says so. A challenge (`www-authenticate`) is none.
pub(super) fn is_secret_header(name: &str) -> bool {
    let mut parts = name.split(['-', '_']);
    name.contains("cookie") || parts.any(|part| PARTS.contains(&part)) || is_secret(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "pwd",
            "userPwd",
            "passwd",
            "passphrase",
            "password",
            "sessionId",
            "session",
            "JSESSIONID",
            "PHPSESSID",
            "sid",
            "code",
            "sig",
            "signature",
            "X-Amz-Signature",
            "jwt",
            "auth",
            "credential",
            "client_secret",
            "key",
            "api-key",
            "access_token",
            "oauth_verifier",
            "ACCESS-TOKEN",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "pageNum",
            "itemsPerPage",
            "orderBy",
            "envelope",
            "pretty",
            "statusCode",
            "author",
            "side",
            "design",
            "x",
            "",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_known_by_their_headers() {
        for name in [
            "cookie",
            "set-cookie",
            "set-cookie2",
            "proxy-authorization",
            "x-api-key",
            "x-session-id",
            "x-jwt-assertion",
            "x-auth",
            "x-auth-user",
            "x-forwarded-authorization",
            "x-xsrf-token",
            "x-csrf",
            "authentication",
        ] {
            assert!(is_secret_header(name), "{name}");
        }
        for name in ["www-authenticate", "proxy-authenticate", "content-type", "x-error-code", "location", "allow"] {
            assert!(!is_secret_header(name), "{name}");
        }
    }
}
