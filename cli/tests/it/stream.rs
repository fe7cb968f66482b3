//! `chargewire check` on inputs of any length.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use crate::tool;

/// The most memory a process has used so far, in KiB; known on Linux only.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// Where memory cannot be asked for, this still shows that reports come before the input ends.
#[test]
fn a_hundred_thousand_frames_stream_in_constant_memory() {
    let mut command = tool();
    command.args(["check", "--json", "--ocpp", "1.6"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut reports = BufReader::new(child.stdout.take().expect("a pipe")).lines();

    let mut peaks = Vec::new();
    for batch in 0..400 {
        let mut frames = String::new();
        for number in batch * 250..(batch + 1) * 250 {
            let vendor = if number % 7 == 0 { "7".repeat(60) } else { format!("\"{}\"", "x".repeat(60)) };
            frames += &format!("[2,\"{number:036}\",\"DataTransfer\",{{\"vendorId\":{vendor}}}]\n");
        }
        stdin.write_all(frames.as_bytes()).expect("the tool reads");
        let written = reports.by_ref().take(250).inspect(|line| assert!(line.is_ok())).count();
        assert_eq!(written, 250);
        if batch == 40 || batch == 399 {
            peaks.extend(peak(child.id()));
        }
    }
    drop(stdin);
    assert_eq!(reports.count(), 0);
    assert_eq!(child.wait().expect("the tool ends").code(), Some(1));
    if let [early, late] = peaks[..] {
        assert!(late <= early + 512, "{early} KiB after a tenth, {late} KiB at the end");
        assert!(late < 64 * 1024, "{late} KiB");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_complain() {
    let mut command = tool();
    command.args(["check", "--json", "--ocpp", "1.6"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    // it ends before it has read all this
    while stdin.write_all(b"[2,\"1\",\"Heartbeat\",{}]\n").is_ok() {}
    let mut complaints = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut complaints).expect("UTF-8");
    assert_eq!((child.wait().expect("the tool ends").code(), complaints.as_str()), (Some(3), ""));
}
