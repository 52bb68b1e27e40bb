//! Digest compared with two independent implementations over generated inputs.

use atlaspec::digest::answer::strongest;
use atlaspec::digest::hash::Algorithm;
use atlaspec::digest::params::{authorization, challenges};
use atlaspec::digest::session::{Session, Signed};
use http_auth::PasswordParams;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Input {
    username: String,
    key: String,
    realm: String,
    nonce: String,
    uri: String,
    method: &'static str,
    body: Vec<u8>,
    algorithm: Algorithm,
    cnonce: String,
    uses: usize,
}

impl Input {
    fn challenge(&self, qop: &str) -> String {
        let Self { realm, nonce, algorithm, .. } = self;
        format!(r#"Digest realm="{realm}", nonce="{nonce}", opaque="o=", algorithm={}{qop}"#, algorithm.name())
    }

    /// The last of `uses` answers on one nonce.
    fn answer(&self, challenge: &str) -> atlaspec::digest::params::Challenge {
        let offer = strongest(&challenges([challenge])).expect("a challenge of a known algorithm");
        let mut session = Session::new(offer, self.cnonce.clone());
        let Self { username, key, uri, method, body, .. } = self;
        let mut sign = || session.sign(Signed { username, key, method, uri, body }).to_string();
        for _ in 1..self.uses {
            sign();
        }
        authorization(&sign())
    }

    fn by_digest_auth(&self, challenge: &str) -> digest_auth::AuthorizationHeader {
        let method = digest_auth::HttpMethod(self.method.into());
        let mut context = digest_auth::AuthContext::new_with_method(
            &self.username,
            &self.key,
            &self.uri,
            Some(self.body.clone()),
            method,
        );
        context.set_custom_cnonce(self.cnonce.clone());
        let mut prompt = digest_auth::parse(challenge).expect("the other implementation reads it");
        for _ in 1..self.uses {
            prompt.respond(&context).expect("it answers");
        }
        prompt.respond(&context).expect("it answers")
    }

    fn by_http_auth(&self, challenge: &str) -> String {
        let read = http_auth::parse_challenges(challenge).expect("the other implementation reads it");
        let mut client = http_auth::DigestClient::try_from(&read[0]).expect("a Digest");
        let params = PasswordParams {
            username: &self.username,
            password: &self.key,
            uri: &self.uri,
            method: self.method,
            body: None,
        };
        let mut respond = || client.respond_with_testing_cnonce(&params, &self.cnonce).expect("it answers");
        for _ in 1..self.uses {
            respond();
        }
        respond()
    }
}

fn inputs(algorithms: Vec<Algorithm>) -> impl Strategy<Value = Input> {
    let texts = ("[a-zA-Z0-9@.-]{1,20}", "\\PC{0,30}", "[a-zA-Z0-9 @.,=-]{0,20}", "[a-zA-Z0-9+/=]{1,40}");
    let request =
        ("/[a-z0-9/]{0,20}(\\?[a-z0-9&=]{0,20})?", prop::sample::select(vec!["GET", "POST", "PATCH", "DELETE"]));
    let rest =
        (prop::collection::vec(any::<u8>(), 0..40), prop::sample::select(algorithms), "[a-z0-9]{8,32}", 1_usize..20);
    (texts, request, rest).prop_map(
        |((username, key, realm, nonce), (uri, method), (body, algorithm, cnonce, uses))| Input {
            username,
            key,
            realm,
            nonce,
            uri,
            method,
            body,
            algorithm,
            cnonce,
            uses,
        },
    )
}

proptest! {
    #[test]
    fn digest_auth_agrees_on_every_algorithm_and_qop(input in inputs(Algorithm::ALL.to_vec())) {
        for qop in ["", ", qop=\"auth\"", ", qop=\"auth-int\""] {
            // Of a session algorithm without qop it says nothing about the client's nonce.
            let challenge = input.challenge(qop);
            let (ours, theirs) = (input.answer(&challenge), input.by_digest_auth(&challenge));
            prop_assert_eq!(ours.get("response"), Some(theirs.response.as_str()), "{}", challenge);
            let nc = format!("{:08x}", theirs.nc);
            prop_assert_eq!(ours.get("nc"), (!qop.is_empty()).then_some(nc.as_str()));
        }
    }

    /// It hashes no body for `auth-int`, so only `auth` is compared.
    #[test]
    fn http_auth_agrees(input in inputs(Algorithm::ALL.to_vec())) {
        let challenge = input.challenge(", qop=\"auth\"");
        let (ours, theirs) = (input.answer(&challenge), authorization(&input.by_http_auth(&challenge)));
        for name in ["username", "realm", "nonce", "uri", "response", "opaque", "qop", "nc", "cnonce"] {
            prop_assert_eq!(ours.get(name), theirs.get(name), "{} of {}", name, challenge);
        }
    }

    /// Whatever we write, both sides read the same.
    #[test]
    fn what_one_parser_reads_the_other_reads(realm in "[ -~]{0,30}", nonce in "[ -~]{0,30}") {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let line = format!("Basic realm=\"x\", Digest realm=\"{}\",nonce=\"{}\"", escape(&realm), escape(&nonce));
        let ours = challenges([line.as_str()]);
        let theirs = http_auth::parse_challenges(&line).expect("it reads it");
        prop_assert_eq!(ours.len(), theirs.len());
        let unescaped: Vec<String> = theirs[1].params.iter().map(|(_, value)| value.to_unescaped()).collect();
        prop_assert_eq!(vec![realm, nonce], unescaped);
        prop_assert_eq!(ours[1].params.iter().map(|param| param.value.clone()).collect::<Vec<_>>(),
            theirs[1].params.iter().map(|(_, value)| value.to_unescaped()).collect::<Vec<_>>());
    }

    #[test]
    fn no_input_makes_the_parser_fail(line in "\\PC{0,200}") {
        let read = challenges([line.as_str()]);
        let values: usize = read.iter().flat_map(|challenge| &challenge.params).map(|param| param.value.len()).sum();
        prop_assert!(values <= line.len());
        prop_assert!(read.iter().all(|challenge| challenge.problems.len() <= 16));
        prop_assert!(authorization(&line).params.len() <= line.len());
    }
}
