//! The question for the key, at a terminal.
#![cfg(unix)]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::bench::{Served, atlaspec};

const QUESTION: &str = "API key of owner@example.com: ";

/// A program at a terminal, and what the terminal shows.
struct Terminal {
    child: Child,
    keyboard: File,
    /// Kept open, so that what was shown last can be read, and asked for its modes.
    screen: File,
    shown: String,
}

impl Terminal {
    /// Starts `init`, which asks; returns when it has asked.
    fn asked(served: &Served) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("it is ours");
        unlockpt(&master).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("UTF-8");
        let screen = File::options().read(true).write(true).open(name).expect("it can be opened");
        let end = || OwnedFd::from(screen.try_clone().expect("a copy"));
        let url = served.target().lines().find_map(|it| it.strip_prefix("base-url: ").map(str::to_owned));
        let url = url.expect("a base URL").trim_matches('"').to_owned();
        let child = atlaspec(served.folder.path(), &["init", "--url", &url, "--user", "owner@example.com"])
            .env_remove("ATLASPEC_API_KEY")
            .stdin(Stdio::from(end()))
            .stdout(File::create(served.folder.path().join("out")).expect("it can be written"))
            .stderr(Stdio::from(end()))
            .spawn()
            .expect("the program runs");
        let mut terminal = Self { child, keyboard: File::from(master), screen, shown: String::new() };
        terminal.read_until(QUESTION);
        terminal
    }

    fn read_until(&mut self, text: &str) {
        let mut byte = [0];
        while !self.shown.contains(text) {
            self.keyboard.read_exact(&mut byte).expect("the terminal is open");
            self.shown.push(char::from(byte[0]));
        }
    }

    /// Types, waits for the end; returns the exit code and all that was shown.
    fn typing(mut self, keys: &str) -> (Option<i32>, String) {
        self.keyboard.write_all(keys.as_bytes()).expect("it can be typed");
        let code = self.child.wait().expect("it ends").code();
        let echoes = |terminal: &File| tcgetattr(terminal).expect("its modes").local_modes;
        assert!(echoes(&self.screen).contains(LocalModes::ECHO | LocalModes::ISIG), "the terminal is as it was");
        self.screen.write_all(b"the end").expect("it can be written");
        self.read_until("the end");
        (code, self.shown)
    }
}

#[test]
fn the_key_is_asked_for_and_not_shown() {
    let served = Served::start(&[]);
    let key = served.key("owner");
    let (code, shown) = Terminal::asked(&served).typing(&format!("{key}\n"));
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("browsing read ") && !shown.contains(&key), "{shown}");
    let out = std::fs::read_to_string(served.folder.path().join("out")).expect("a target file");
    assert!(out.contains("base-url: ") && !out.contains(&key), "{out}");
}

#[test]
fn a_key_can_be_corrected_while_it_is_typed() {
    let served = Served::start(&[]);
    let (code, shown) = Terminal::asked(&served).typing(&format!("wrong\u{15}{}\r", served.key("owner")));
    assert_eq!(code, Some(0), "{shown}");
}

#[test]
fn whoever_types_no_key_is_told_so_and_keeps_the_terminal() {
    let served = Served::start(&[]);
    for (keys, code, says) in [
        ("\n", 2, "error: the key is empty"),
        ("\u{4}", 2, "error: the key is empty"),
        ("half\u{3}", 3, "interrupted: nothing was judged"),
        ("wrong\n", 3, "owner cannot log in at "),
    ] {
        let (ended, shown) = Terminal::asked(&served).typing(keys);
        assert_eq!(ended, Some(code), "{keys:?}: {shown}");
        assert!(shown.contains(says) && !shown.contains("half") && !shown.contains("wrong"), "{keys:?}: {shown}");
    }
}
