//! A running tool that is driven by lines and tells what happens as JSON lines.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::tool;

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running tool; it ends with its test.
pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    events: Receiver<Value>,
    passed: VecDeque<Value>,
}

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = tool();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the tool starts");
        let stdin = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (sender, events) = channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, events, passed: VecDeque::new() }
    }

    pub(crate) fn tell(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("still open");
        writeln!(stdin, "{line}").expect("the tool listens");
    }

    /// The next event that fits; those that are passed over stay for others to wait for.
    pub(crate) fn expect(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.passed.iter().position(&fits) {
            return self.passed.remove(at).expect("it was there");
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(event) if fits(&event) => return event,
                Ok(event) => self.passed.push_back(event),
                Err(why) => {
                    let ended = if why == RecvTimeoutError::Disconnected { "; the tool has ended" } else { "" };
                    let seen: Vec<String> = self.passed.iter().map(Value::to_string).collect();
                    panic!("this did not happen: {what}{ended}\n{}", seen.join("\n"));
                }
            }
        }
    }

    pub(crate) fn expect_event(&mut self, event: &str) -> Value {
        self.expect(event, |seen| seen["event"] == event)
    }

    /// Kills it, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Closes its input and waits for its end; gives the exit status.
    pub(crate) fn end(mut self) -> Option<i32> {
        drop(self.stdin.take());
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::yield_now();
            thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // one that has ended already needs no killing
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A CSMS that listens, with its control interface.
pub(crate) struct Csms {
    pub(crate) process: Process,
    pub(crate) url: String,
    control: String,
}

impl Csms {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let fixed = ["csms", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--json"];
        let mut process = Process::start(&[&fixed, arguments].concat());
        let listening = process.expect_event("listening");
        let url = format!("{}/ocpp", listening["url"].as_str().expect("a URL"));
        let control = listening["control"].as_str().expect("a URL").trim_start_matches("http://").to_owned();
        Self { process, url, control }
    }

    /// Asks the control interface; gives status and body.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.ask_with(method, path, body, "")
    }

    /// The same with more header lines, each ending with CRLF.
    pub(crate) fn ask_with(&self, method: &str, path: &str, body: &str, headers: &str) -> (u16, Value) {
        let mut socket = TcpStream::connect(&self.control).expect("it listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.control) };
        let length = body.len();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .expect("it reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    /// Makes a call; gives how it ended.
    pub(crate) fn call(&self, station: &str, action: &str, payload: &Value) -> Value {
        let body = serde_json::json!({ "action": action, "payload": payload }).to_string();
        self.ask("POST", &format!("/stations/{station}/call"), &body).1
    }

    /// Waits until a session is recorded that fits.
    pub(crate) fn await_record(&self, station: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.wait_for(&format!("/transactions?station={station}"), what, |records| {
            records.as_array().and_then(|records| records.iter().find(|record| fits(record)).cloned())
        })
    }

    /// Waits until a resource is as it should be.
    pub(crate) fn wait_for(&self, path: &str, what: &str, find: impl Fn(&Value) -> Option<Value>) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (_, resource) = self.ask("GET", path, "");
            if let Some(found) = find(&resource) {
                return found;
            }
            assert!(Instant::now() < deadline, "this did not happen: {what}: {resource}");
            thread::park_timeout(Duration::from_millis(10));
        }
    }
}
