//! What is printed: no secret, nothing that commands a terminal, and nothing at all where nobody reads.

use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use super::program::{Folder, Listening, hookproof, lines, text};

/// A secret that is found in an output in each of its forms: as text, in hex and in base64, with or without its first
/// letter.
const CANARY: &str = "Canary7Kq2vX9mWc4Zt8Lr5Ns3Bd6Hf1";

fn forms(secret: &str) -> [String; 4] {
    let hex = secret.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    [secret.to_owned(), hex, base64(&secret.as_bytes()[..24]), base64(&secret.as_bytes()[1..25])]
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::new();
    for group in bytes.chunks_exact(3) {
        let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        for shift in [18, 12, 6, 0] {
            written.push(char::from(LETTERS[usize::try_from(bits >> shift & 63).unwrap()]));
        }
    }
    written
}

fn expect_discreet(what: &str, secret: &str, said: &str) {
    assert!(!said.is_empty(), "{what} said nothing");
    for form in forms(secret) {
        assert!(!said.contains(&form), "{what} said {form}: {said}");
    }
}

#[test]
fn no_command_says_a_secret_whatever_goes_wrong() {
    let folder = Folder::new("canary");
    let whsec = format!("whsec_{}", base64(&CANARY.as_bytes()[..24]));
    let (broken, blank) = (format!("{whsec}!"), format!(" {CANARY}\n"));
    let body = folder.file("body.json", r#"{"id":"5f7b","event":"payment.success","payload":{}}"#);
    let file = folder.file("secret", CANARY);
    for (provider, secret) in [
        ("fourvenues", CANARY),
        ("fourvenues", blank.as_str()),
        ("eventsair", &whsec),
        ("eventsair", &broken),
        ("eventsair", CANARY),
        ("fast-events", CANARY),
        ("pitchpoint", CANARY),
        ("stripe", CANARY),
        ("nobody", CANARY),
    ] {
        let mut listening = None;
        if matches!(provider, "fourvenues" | "fast-events") && secret == CANARY {
            listening =
                Some(Listening::start(&["-p", provider, "-s", secret, "--save", &folder.path(provider)]));
        }
        let url = listening.as_ref().map_or("http://127.0.0.1:1/".to_owned(), |it| it.url.clone());
        let signature = "X-Webhook-Signature: 00";
        let commands: [&[&str]; 8] = [
            &["send", &url],
            &["send", &url, "--tamper", "--stale", "--duplicate", "1"],
            &["send", &url, "--body", &body, "-e", "none"],
            &["sign", "--body", &body],
            &["verify", "--body", &body, "-H", signature],
            &["explain", "--body", &body, "-H", signature],
            &["explain", "--body", &body, "-H", "Webhook-Signature: v0,AAAA", "-H", "Webhook-Id: 1"],
            &["listen", "--count", "0", "--port", "0"],
        ];
        for command in commands {
            for more in [&[][..], &["--json"]] {
                let given = [command, &["-p", provider, "-s", secret], more].concat();
                let said = text(&hookproof(&given));
                expect_discreet(&format!("{given:?}"), secret.trim(), &format!("{said}."));
            }
        }
        if let Some(listening) = listening {
            expect_discreet("listen", secret, &listening.rest());
        }
    }
    let given = ["explain", "-p", "fourvenues", "--secret-file", &file, "--body", &body, "-H", "A: b"];
    expect_discreet("a file", CANARY, &text(&hookproof(&given)));
    let saved = std::fs::read_dir(folder.path("fourvenues")).unwrap();
    for entry in saved {
        expect_discreet("a saved request", CANARY, &std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
}

#[test]
fn a_private_key_is_written_into_its_file_and_nowhere_else() {
    let folder = Folder::new("keys");
    let made = hookproof(&["keys", &folder.path("keys")]);
    let pem = std::fs::read_to_string(folder.path("keys/private.pem")).unwrap();
    let line = pem.lines().nth(3).unwrap();
    assert!(!text(&made).contains(line));
    for json in [&[][..], &["--json"]] {
        let private = folder.path("keys/private.pem");
        let given = [
            "send",
            "http://127.0.0.1:1/",
            "-p",
            "pitchpoint",
            "--issuer",
            "https://issuer.example",
            "--audience",
            "acme",
            "--key-id",
            "test",
            "--claim",
            "sub=robot",
            "--private-key",
            &private,
        ];
        assert!(!text(&hookproof(&[&given[..], json].concat())).contains(line));
    }
}

#[test]
fn what_a_stranger_sends_commands_no_terminal() {
    let folder = Folder::new("escapes");
    let request = folder.0.join("request.http");
    let hostile = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}";
    let body = format!(
        "{{\"id\":\"1\",\"event\":\"a\\u001b[2J\\n12:00:00  ✓ accepted{hostile}\",\"payload\":{{}}}}"
    );
    let file = folder.file("body", &body);
    let signed = text(&hookproof(&["sign", "-p", "fourvenues", "-s", "s3cr3t", "--body", &file]));
    let head =
        format!("POST /{} HTTP/1.1\r\n{}X-Webhook-Id: {hostile}\r\n\r\n", "x", signed.replace('\n', "\r\n"));
    std::fs::write(&request, format!("{head}{body}")).unwrap();
    let request = request.to_str().unwrap();
    let listening = Listening::start_as_text(&["-p", "fourvenues", "-s", "s3cr3t"]);
    hookproof(&["send", &listening.url.clone(), "-p", "fourvenues", "-s", "s3cr3t", "--body", &file]);
    let mut told = vec![listening.rest()];
    for command in ["verify", "explain"] {
        for more in [&[][..], &["--json"]] {
            let given =
                [&[command, request, "-p", "fourvenues", "-s", "s3cr3t", "--color", "never"], more].concat();
            told.push(text(&hookproof(&given)));
        }
    }
    for json in [&[][..], &["--json"]] {
        let given = ["send", "http://127.0.0.1:1/", "-p", "fourvenues", "-s", "s3cr3t", "--body", &file];
        told.push(text(&hookproof(&[&given, json].concat())));
    }
    for said in told {
        assert!(!said.trim().is_empty());
        let bad = said.chars().find(|it| (it.is_control() && *it != '\n') || *it == '\u{202e}');
        assert_eq!(bad, None, "{said:?}");
        assert!(!said.contains("\n12:00:00"), "a line that nobody wrote: {said}");
    }
}

/// Runs the program with an output that is closed after its first line.
fn until_the_first_line(arguments: &[&str]) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_hookproof"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = process.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    drop(stdout);
    process.wait_with_output().unwrap()
}

#[test]
fn nobody_hears_of_a_reader_that_has_gone() {
    for command in [&["providers"][..], &["providers", "--json"], &["plan", "fourvenues"], &["--help"]] {
        let ended = until_the_first_line(command);
        assert_eq!(text(&ended), "", "{command:?}");
        assert_eq!(ended.status.code(), Some(0), "{command:?}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let run = |arguments: &[&str], name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookproof"));
        text(&command.args(arguments).env(name, "1").output().unwrap())
    };
    let plan = ["plan", "fast-events", "--seed", "1"];
    let is_coloured = |text: &str| text.contains('\u{1b}');
    assert!(!is_coloured(&run(&plan, "UNRELATED")));
    assert!(!is_coloured(&run(&plan, "NO_COLOR")));
    assert!(is_coloured(&run(&[&plan[..], &["--color", "always"]].concat(), "NO_COLOR")));
    assert!(!is_coloured(&run(&[&plan[..], &["--color", "never"]].concat(), "CLICOLOR_FORCE")));
}

#[test]
fn five_shells_complete_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(&hookproof(&["completions", shell]));
        for command in ["send", "listen", "replay", "explain", "providers", "plan"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}

#[test]
fn the_objects_of_a_command_have_the_same_members() {
    let folder = Folder::new("members");
    let listening = Listening::start(&["-p", "fourvenues", "-s", "s3cr3t", "--save", &folder.path("saved")]);
    let keys = ["-p", "fourvenues", "-s", "s3cr3t"];
    let members = |arguments: &[&str], at: &str| {
        let said = lines(&hookproof(&[arguments, &["--json"]].concat()));
        let object = said[0].pointer(at).unwrap().as_object().unwrap();
        object.keys().cloned().collect::<Vec<_>>()
    };
    let nobody = "http://127.0.0.1:1/";
    let sent = members(&[&["send", &listening.url][..], &keys].concat(), "/reply");
    assert_eq!(members(&[&["send", nobody][..], &keys].concat(), "/reply"), sent);
    let saved = folder.path("saved/0001.http");
    assert_eq!(members(&["replay", &saved, &listening.url], ""), members(&["replay", &saved, nobody], ""));
    for command in ["verify", "explain"] {
        let good = members(&[&[command, &saved][..], &keys].concat(), "");
        assert!(good.contains(&"message".to_owned()), "{command}");
        assert_eq!(members(&[command, &saved, "-p", "fourvenues", "-s", "another"], ""), good, "{command}");
        let small = [&[command, &saved, "--max-body", "3"][..], &keys].concat();
        assert_eq!(members(&small, ""), good, "{command}");
    }
}
