//! Which names a case may use where: its own, once they are bound, and the target's, if it needs them.

use std::collections::BTreeSet;

use super::reading::Reading;
use crate::suite::template;
use crate::suite::vocabulary::{self, Meaning, Parameter};
use crate::yaml::{Node, Position, Presence, did_you_mean};

/// What to write instead of a name that only a target file knows.
pub(super) const OWN_NAMES: &str = "a case knows the parameters that `atlaspec schema target` lists, its own `for-each` and `let`, and what it \
    saves; write a name of your own as `custom.NAME`, and its value into the target file: `parameters: { custom: { NAME: … } }`";

/// The names of one case.
#[derive(Default)]
pub(super) struct Names {
    /// Loop variables, bindings and saved values so far.
    own: BTreeSet<String>,
    /// As the case wrote them.
    needs: Vec<String>,
    /// What it uses of the target, by the name that `needs` would have.
    used: BTreeSet<String>,
}

impl Names {
    /// The names of a case that needs these.
    pub(super) fn of(needs: &[String]) -> Self {
        Self { needs: needs.to_vec(), ..Self::default() }
    }

    /// What the case needs: as written, and what it uses of the groups that it named as a whole.
    pub(super) fn all_needs(self) -> Vec<String> {
        let Self { mut needs, used, .. } = self;
        for name in used {
            if !needs.contains(&name) {
                needs.push(name);
            }
        }
        needs
    }

    /// Whether the case has bound a name so far.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    fn needs(&self, name: &str) -> bool {
        self.needs
            .iter()
            .any(|need| need == name || name.strip_prefix(need.as_str()).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Whether the case needs a group of parameters or any member of it.
    pub(super) fn needs_of(&self, group: &str) -> bool {
        self.needs.iter().any(|need| need.split('.').next() == Some(group))
    }
}

impl Reading<'_> {
    /// Binds a name.
    pub(super) fn bind(&mut self, name: &str, at: Position) {
        if !vocabulary::is_name(name) {
            self.problem(at, format!("`{name}` is no name: a small letter, then letters, digits and `-`"));
        }
        if vocabulary::meaning(name) != Meaning::Unknown {
            self.problem(at, format!("`{name}` is a name of the target's, which this would hide"));
        }
        self.names.own.insert(name.to_owned());
    }

    /// Checks every template in a value.
    pub(super) fn templates(&mut self, node: &Node) {
        let mut texts = Vec::new();
        node.each_text(&mut |at, text| texts.push((at, text)));
        for (at, text) in texts {
            self.template(at, text);
        }
        self.ensure_bounded(node);
    }

    /// Checks every template in a text.
    pub(super) fn template(&mut self, at: Position, text: &str) {
        match template::names(text) {
            Ok(names) => {
                for name in names {
                    self.name(at, &name);
                }
            }
            Err(error) => self.problem(at, error.to_string()),
        }
    }

    fn name(&mut self, at: Position, name: &str) {
        let first = name.split('.').next().unwrap_or(name);
        if self.names.own.contains(first) {
            return;
        }
        match vocabulary::meaning(name) {
            Meaning::Always => {}
            Meaning::Declared(need) => self.uses(at, &need),
            Meaning::Parameter(parameter) => self.uses_parameter(at, &parameter),
            Meaning::Unknown => {
                let parameters = vocabulary::parameter_names();
                let candidates = self.names.own.iter().map(String::as_str);
                let candidates = candidates.chain(vocabulary::ALWAYS.iter().copied());
                let help = did_you_mean(name, candidates.chain(parameters.iter().map(String::as_str)));
                let help = help.or_else(|| Some(OWN_NAMES.to_owned()));
                self.problem_with(at, format!("`{{{name}}}` names nothing that is known here"), help);
            }
        }
    }

    fn uses_parameter(&mut self, at: Position, parameter: &Parameter) {
        let name = &parameter.name;
        match (parameter.group, parameter.presence) {
            (None, Presence::Default) => {}
            // What has a default is there as soon as its group is.
            (Some(group), Presence::Default) if self.names.needs_of(group) => {}
            // `{document.{member}}`: any member may be meant.
            (Some(group), _) if group == name && self.names.needs_of(group) => {}
            _ => self.uses(at, name),
        }
    }

    /// Notes that the case uses something of the target, which it must have said it needs.
    pub(super) fn uses(&mut self, at: Position, need: &str) {
        if self.names.needs(need) {
            self.names.used.insert(need.to_owned());
        } else {
            let message = format!("`{need}` is the target's: add it to `needs`");
            let own = self.names.needs.iter().map(String::as_str).filter(|name| vocabulary::is_custom(name));
            let help = if vocabulary::is_custom(need) { did_you_mean(need, own) } else { None };
            self.problem_with(at, message, help);
        }
    }

    /// Notes that the case cannot be run without this, whatever it says it needs.
    pub(super) fn always_needs(&mut self, need: &str) {
        self.names.used.insert(need.to_owned());
    }
}
