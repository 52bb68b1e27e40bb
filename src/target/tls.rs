//! Whom to trust, and who we are, as the target file says it.

use super::load::{Files, Keys, Reading, key_source};
use super::{Identity, Tls};
use crate::yaml::Node;

impl Reading<'_> {
    pub(super) fn tls(&mut self, tree: &Node, keys: Keys<'_>, files: Files<'_>) -> Tls {
        let Some(node) = tree.get("tls") else { return Tls::default() };
        Tls {
            identity: self.identity(node, keys, files),
            ca: node.get("ca").and_then(|node| self.certificates(node, files)),
            insecure: node.get("insecure").and_then(Node::truth).unwrap_or_default(),
        }
    }

    fn identity(&mut self, tls: &Node, keys: Keys<'_>, files: Files<'_>) -> Option<Identity> {
        let (certificate, key) = (tls.get("client-certificate"), tls.get("client-key"));
        match (certificate, key) {
            (Some(node), None) | (None, Some(node)) => {
                self.problem(node.at, "`client-certificate` and `client-key` go together", None);
                None
            }
            (None, None) => None,
            (Some(certificate), Some(node)) => {
                let certificate = self.certificates(certificate, files);
                let source = key_source(node)?;
                let key =
                    keys(self.folder(node.at), &source).map_err(|reason| self.problem(node.at, reason, None)).ok();
                Some(Identity { certificate: certificate?, key: key? })
            }
        }
    }

    /// PEM text, or that of the file that is named.
    fn certificates(&mut self, node: &Node, files: Files<'_>) -> Option<String> {
        let text = node.text()?;
        let pem = if text.contains("-----BEGIN") { Ok(text.to_owned()) } else { files(self.folder(node.at), text) };
        let message = match pem {
            Ok(pem) if pem.contains("-----BEGIN CERTIFICATE-----") => return Some(pem),
            Ok(_) => format!("`{}` holds no PEM certificate", text.lines().next().unwrap_or_default()),
            Err(reason) => reason,
        };
        self.problem(node.at, message, None);
        None
    }
}
