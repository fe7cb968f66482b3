//! Rows A1 to A16: frames no decent peer sends, and what becomes of the connection.

use std::time::{Duration, Instant};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{Dial, Limits};
use ocpp_rpc::{CloseCode, CloseReason, Outgoing, Received};

use super::raw::{Raw, RawFrame, Seen, Server, frame};

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;
/// The first frame of a text that goes on, one in the middle, and the last.
const TEXT_PART: u8 = 0x01;
const MORE: u8 = 0x00;
const LAST: u8 = 0x80;
/// The flag of a compressed message.
const RSV1: u8 = 0x40;

fn small() -> Limits {
    let mut limits = Limits::csms();
    limits.message = 1000;
    limits.fragments = 10;
    limits.pings = 20;
    limits
}

async fn open(subprotocol: &str) -> (Server, Raw) {
    let mut server = Server::echo(small());
    let client = server.client(subprotocol).await;
    assert_eq!(server.sees().await, Seen::Open("/ocpp/CP001".into()));
    (server, client)
}

/// Sends bytes; the server must close with this code, end the connection, and not have delivered anything.
async fn refused(bytes: &[u8], code: u16) {
    let (mut server, mut client) = open("ocpp1.6").await;
    client.send(bytes).await;
    assert_eq!(server.sees().await, Seen::Violation(code));
    assert_eq!(client.receive().await.close_code(), code);
    // the server has said all it has to say, and waits for the end
    assert_eq!(client.rest().await, b"");
    drop(client);
    assert_eq!(server.sees().await, Seen::Gone);
}

#[tokio::test]
async fn a1_unmasked_client_frame_closes_1002() {
    refused(&frame(TEXT, b"[2]", false), 1002).await;
}

#[tokio::test]
async fn a2_reserved_bits_without_an_extension_close_1002() {
    for flag in [0x40, 0x20, 0x10] {
        refused(&frame(TEXT | flag, b"[2]", true), 1002).await;
    }
}

#[tokio::test]
async fn a3_reserved_opcodes_close_1002() {
    for opcode in [0x3, 0x7, 0xB, 0xF] {
        refused(&frame(0x80 | opcode, b"", true), 1002).await;
    }
}

#[tokio::test]
async fn a4_control_frames_too_long_or_in_fragments_close_1002() {
    for opcode in [0x8, 0x9, 0xA] {
        refused(&frame(0x80 | opcode, &[b'x'; 126], true), 1002).await;
        refused(&frame(opcode, b"", true), 1002).await;
    }
}

#[tokio::test]
async fn a5_text_that_is_not_utf8_closes_1007() {
    refused(&frame(TEXT, b"[2,\"\xFF\"]", true), 1007).await;
    // an overlong spelling of the slash, over two fragments
    let split = [frame(TEXT_PART, b"\xC0", true), frame(LAST, b"\xAF", true)].concat();
    refused(&split, 1007).await;
}

#[tokio::test]
async fn a5_characters_split_over_fragments_are_whole_again() {
    let (mut server, mut client) = open("ocpp1.6").await;
    client.frame(TEXT_PART, b"[\"\xC3").await;
    client.frame(LAST, b"\xA9\"]").await;
    assert_eq!(server.sees().await, Seen::Received(Received::Text("[\"é\"]".into())));
}

#[tokio::test]
async fn a6_binary_messages_are_told_apart_and_forgotten() {
    let (mut server, mut client) = open("ocpp1.6").await;
    client.frame(BINARY, b"[2]").await;
    client.frame(TEXT, b"[3]").await;
    assert_eq!(server.sees().await, Seen::Received(Received::Binary));
    assert_eq!(server.sees().await, Seen::Received(Received::Text("[3]".into())));
    assert_eq!(client.receive().await.payload, b"[3]");
}

#[tokio::test]
async fn a7_messages_over_the_cap_close_1009_from_their_header() {
    // a header that announces more than there is memory, and not one byte of it
    let mut header = vec![TEXT, 0xFF];
    header.extend((1_u64 << 62).to_be_bytes());
    header.extend([0; 4]);
    refused(&header, 1009).await;
    refused(&frame(TEXT, &[b'x'; 1001], true), 1009).await;
}

#[tokio::test]
async fn a7_a_message_of_exactly_the_cap_arrives() {
    let (mut server, mut client) = open("ocpp1.6").await;
    client.frame(TEXT, &[b'x'; 1000]).await;
    assert_eq!(server.sees().await, Seen::Received(Received::Text("x".repeat(1000))));
    assert_eq!(client.receive().await.payload, [b'x'; 1000]);
}

/// Whatever is read from the socket at once, and whatever the frame layer has room for.
#[tokio::test]
async fn messages_arrive_whole_however_their_bytes_are_cut() {
    for cut in [1, 7, 4095, 4096, 4097, usize::MAX] {
        let mut server = Server::echo(Limits::csms());
        let mut client = server.client("ocpp1.6").await;
        assert_eq!(server.sees().await, Seen::Open("/ocpp/CP001".into()));
        let lengths = [0, 1, 2, 8, 60, 125, 126, 500, 4000, 4087, 4088, 4096, 5, 9000, 70_000, 3];
        let lengths = &lengths[..if cut == 1 { 8 } else { lengths.len() }];
        let texts: Vec<String> = lengths.iter().map(|&length| "[2]".chars().cycle().take(length).collect()).collect();
        let bytes: Vec<u8> = texts.iter().flat_map(|text| frame(TEXT, text.as_bytes(), true)).collect();
        for part in bytes.chunks(cut.min(bytes.len())) {
            client.send(part).await;
            tokio::task::yield_now().await;
        }
        for text in texts {
            assert_eq!(client.receive().await.payload, text.as_bytes(), "in parts of {cut}");
            assert_eq!(server.sees().await, Seen::Received(Received::Text(text)));
        }
    }
}

#[tokio::test]
async fn a8_endless_fragments_close_1009_at_the_total() {
    let mut bytes = frame(TEXT_PART, &[b'x'; 600], true);
    bytes.extend(frame(MORE, &[b'x'; 600], true));
    refused(&bytes, 1009).await;
}

#[tokio::test]
async fn a9_empty_fragments_are_counted_and_close_1008() {
    let mut bytes = frame(TEXT_PART, b"", true);
    for _ in 0..10 {
        bytes.extend(frame(MORE, b"", true));
    }
    refused(&bytes, 1008).await;
}

#[tokio::test]
async fn a10_interleaved_messages_and_stray_continuations_close_1002() {
    let interleaved = [frame(TEXT_PART, b"[", true), frame(TEXT, b"[2]", true)].concat();
    refused(&interleaved, 1002).await;
    refused(&frame(LAST, b"]", true), 1002).await;
    refused(&frame(MORE, b"]", true), 1002).await;
}

#[tokio::test]
async fn a11_deflate_bomb_closes_1009_at_the_inflated_cap() {
    for (size, fragments) in [(1 << 20, 1), (64 << 20, 1), (1 << 20, 4)] {
        let mut server = Server::echo(Limits::csms());
        let mut client = compressing(&server, "permessage-deflate").await;
        assert!(matches!(server.sees().await, Seen::Open(_)));
        let bomb = deflate(&vec![b'['; size + 1], 15);
        assert!(bomb.len() < 100_000);
        let parts: Vec<&[u8]> = bomb.chunks(bomb.len().div_ceil(fragments)).collect();
        for (n, part) in parts.iter().enumerate() {
            let opcode = if n == 0 { RSV1 | 0x01 } else { 0x00 };
            let fin = if n + 1 == parts.len() { 0x80 } else { 0x00 };
            client.frame(fin | opcode, part).await;
        }
        assert_eq!(server.sees().await, Seen::Violation(1009), "{size} bytes in {fragments} frames");
        assert_eq!(client.receive().await.close_code(), 1009);
    }
}

#[tokio::test]
async fn a12_what_was_negotiated_is_kept_to() {
    let server = Server::echo(Limits::csms());
    let mut client = Raw::connect(server.address).await;
    let response = client
        .upgrade(
            "Sec-WebSocket-Protocol: ocpp2.0.1\r\n\
             Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_max_window_bits=9; \
             client_max_window_bits=9\r\n",
        )
        .await;
    let answer = response
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("sec-websocket-extensions: ").map(str::to_owned));
    assert_eq!(
        answer.as_deref(),
        Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9")
    );
    // far apart repetitions: a compressor with a larger window would refer back further than 512 bytes
    let text: String = (0..400).map(|n| format!("{},", n % 200)).collect();
    for _ in 0..3 {
        client.frame(TEXT | RSV1, &deflate(text.as_bytes(), 9)).await;
        let echo = client.receive().await;
        assert_eq!(echo.first, TEXT | RSV1);
        // a fresh inflater per message, with the small window: no context is needed
        assert_eq!(inflate(&echo.payload, 9), text.as_bytes());
    }
    // and what is not compressed may come in between
    client.frame(TEXT, b"[]").await;
    assert_eq!(client.receive().await, RawFrame { first: TEXT, payload: b"[]".to_vec() });
}

#[tokio::test]
async fn a12_compressed_messages_may_come_in_fragments() {
    let mut server = Server::echo(Limits::csms());
    let mut client = compressing(&server, "permessage-deflate; client_max_window_bits").await;
    assert!(matches!(server.sees().await, Seen::Open(_)));
    let text = "transaction ".repeat(50);
    let deflated = deflate(text.as_bytes(), 15);
    let (head, tail) = deflated.split_at(deflated.len() / 2);
    client.frame(TEXT_PART | RSV1, head).await;
    client.frame(PING, b"between").await;
    client.frame(LAST, tail).await;
    assert_eq!(client.receive().await, RawFrame { first: PONG, payload: b"between".to_vec() });
    assert_eq!(inflate(&client.receive().await.payload, 15), text.as_bytes());
    assert_eq!(server.sees().await, Seen::Received(Received::Ping));
    assert_eq!(server.sees().await, Seen::Received(Received::Text(text)));
}

#[tokio::test]
async fn ws_24_compression_is_for_2_0_1_and_2_1_and_off_in_1_6() {
    let server = Server::echo(Limits::csms());
    for (subprotocol, compressed) in [("ocpp1.6", false), ("ocpp2.0.1", true), ("ocpp2.1", true)] {
        let mut raw = Raw::connect(server.address).await;
        let response = raw
            .upgrade(&format!(
                "Sec-WebSocket-Protocol: {subprotocol}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
            ))
            .await;
        let answered = response.to_ascii_lowercase().contains("sec-websocket-extensions");
        assert_eq!(answered, compressed, "{subprotocol}: {response}");

        let link = Dial::new(format!("ws://{}/ocpp/CP001", server.address), [subprotocol]).connect().await.unwrap();
        assert_eq!(link.is_compressed(), compressed, "{subprotocol}");
        assert_eq!(link.subprotocol(), Some(subprotocol));
    }
}

#[tokio::test]
async fn ws_24_compressed_links_carry_texts_both_ways() {
    let server = Server::echo(Limits::csms());
    let mut dial = Dial::new(format!("ws://{}/ocpp/CP001", server.address), ["ocpp2.1"]);
    dial.limits = Limits::csms();
    let mut link = dial.connect().await.unwrap();
    assert!(link.is_compressed());
    for length in [0, 1, 127, 128, 1000, 100_000] {
        let text = "0123456789 ".repeat(length / 11 + 1)[..length].to_owned();
        link.send(Outgoing::Text(text.clone())).await.unwrap();
        assert_eq!(link.next().await.unwrap().unwrap(), Received::Text(text));
    }
}

#[tokio::test]
async fn a13_pings_that_come_together_have_one_pong() {
    let (mut server, mut client) = open("ocpp1.6").await;
    for round in 0..3_u8 {
        let burst: Vec<u8> = (0..6).flat_map(|number| frame(PING, &[round, number], true)).collect();
        client.send(&burst).await;
        for _ in 0..6 {
            assert_eq!(server.sees().await, Seen::Received(Received::Ping));
        }
        assert_eq!(client.receive().await, RawFrame { first: PONG, payload: vec![round, 5] }, "the last one");
        // nothing else was on its way, and texts go on
        client.frame(TEXT, b"[2]").await;
        assert_eq!(server.sees().await, Seen::Received(Received::Text("[2]".into())));
        assert_eq!(client.receive().await, RawFrame { first: TEXT, payload: b"[2]".to_vec() });
    }
    // a pong does not overtake what was answered before, nor stay behind what is answered after it
    let mixed = [frame(PING, b"a", true), frame(TEXT, b"[3]", true), frame(PING, b"b", true)].concat();
    client.send(&mixed).await;
    let mut arrived = vec![client.receive().await];
    while arrived.last().is_none_or(|frame| frame.payload != b"b") {
        arrived.push(client.receive().await);
    }
    assert!(arrived.contains(&RawFrame { first: TEXT, payload: b"[3]".to_vec() }), "{arrived:?}");
    assert_eq!(arrived.last(), Some(&RawFrame { first: PONG, payload: b"b".to_vec() }));
}

#[tokio::test]
async fn a13_ping_flood_closes_1008() {
    let (mut server, mut client) = open("ocpp1.6").await;
    client.send(&frame(PING, b"x", true).repeat(21)).await;
    for _ in 0..20 {
        assert_eq!(server.sees().await, Seen::Received(Received::Ping));
    }
    assert_eq!(server.sees().await, Seen::Violation(1008));
    let mut pongs = 0;
    loop {
        let frame = client.receive().await;
        if frame.first != PONG {
            assert_eq!(frame.close_code(), 1008);
            break;
        }
        pongs += 1;
    }
    assert!(pongs <= 1, "{pongs} pongs for one burst");
}

#[tokio::test]
async fn ping_gets_a_pong_with_its_body_even_amid_a_message() {
    // field need 11
    let (mut server, mut client) = open("ocpp1.6").await;
    client.frame(TEXT_PART, b"[2").await;
    client.frame(PING, &[7; 125]).await;
    let started = Instant::now();
    assert_eq!(client.receive().await, RawFrame { first: PONG, payload: vec![7; 125] });
    assert!(started.elapsed() < Duration::from_secs(5));
    client.frame(LAST, b"]").await;
    assert_eq!(server.sees().await, Seen::Received(Received::Ping));
    assert_eq!(server.sees().await, Seen::Received(Received::Text("[2]".into())));

    // and the other way round: a server that pings a client
    let (listener, address) = super::dial::listener().await;
    let client = tokio::spawn(async move {
        let mut link = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]).connect().await.unwrap();
        assert_eq!(link.next().await.unwrap().unwrap(), Received::Ping);
        assert_eq!(link.next().await.unwrap().unwrap(), Received::Text("[2]".into()));
        link.close().await.unwrap();
    });
    let mut server = super::dial::accept(&listener, "ocpp1.6").await;
    server.frame(TEXT_PART, b"[2").await;
    server.frame(PING, b"body").await;
    assert_eq!(server.receive().await, RawFrame { first: PONG, payload: b"body".to_vec() });
    server.frame(LAST, b"]").await;
    assert_eq!(server.receive().await.close_code(), 1000);
    server.frame(CLOSE, &1000_u16.to_be_bytes()).await;
    drop(server);
    client.await.unwrap();
}

#[tokio::test]
async fn close_frames_are_answered_and_the_connection_ends() {
    for (payload, code, text) in [
        (&b""[..], CloseCode::NONE, ""),
        (b"\x03\xE8", CloseCode::NORMAL, ""),
        (b"\x0F\xA0bye", CloseCode(4000), "bye"),
        (b"\x03\xF0", CloseCode::POLICY, ""),
    ] {
        let (mut server, mut client) = open("ocpp1.6").await;
        client.frame(CLOSE, payload).await;
        assert_eq!(server.sees().await, Seen::Received(Received::Close(CloseReason::new(code, text.to_owned()))));
        let answer = client.receive().await;
        assert_eq!(answer.first, CLOSE);
        assert_eq!(answer.payload.get(..2), payload.get(..2));
        assert_eq!(client.rest().await, b"");
    }
}

#[tokio::test]
async fn a16_close_codes_that_may_not_be_on_the_wire_close_1002() {
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] {
        refused(&frame(CLOSE, &code.to_be_bytes(), true), 1002).await;
    }
    refused(&frame(CLOSE, b"\x03", true), 1002).await;
    refused(&frame(CLOSE, b"\x03\xE8\xFF", true), 1007).await;
}

#[tokio::test]
async fn a_peer_that_vanishes_ends_the_link() {
    let (mut server, client) = open("ocpp1.6").await;
    drop(client);
    assert_eq!(server.sees().await, Seen::Ended);
    assert_eq!(server.sees().await, Seen::Gone);
}

#[tokio::test]
async fn our_own_close_waits_for_the_answer_and_says_it_once() {
    let (listener, address) = super::dial::listener().await;
    let client = tokio::spawn(async move {
        let mut link = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]).connect().await.unwrap();
        link.send(Outgoing::Close(CloseReason::new(CloseCode::GOING_AWAY, "b".repeat(200)))).await.unwrap();
        // what was under way still arrives
        assert_eq!(link.next().await.unwrap().unwrap(), Received::Text("[3]".into()));
        assert!(matches!(link.next().await, Some(Ok(Received::Close(_)))));
        assert!(link.next().await.is_none());
        link.close().await.unwrap();
    });
    let mut server = super::dial::accept(&listener, "ocpp1.6").await;
    let close = server.receive().await;
    assert_eq!((close.close_code(), close.payload.len()), (1001, 125));
    server.frame(TEXT, b"[3]").await;
    server.frame(CLOSE, &1001_u16.to_be_bytes()).await;
    // no second close frame: nothing but the end
    assert_eq!(server.rest().await, b"");
    drop(server);
    client.await.unwrap();
}

async fn compressing(server: &Server, offer: &str) -> Raw {
    let mut client = Raw::connect(server.address).await;
    let response =
        client.upgrade(&format!("Sec-WebSocket-Protocol: ocpp2.0.1\r\nSec-WebSocket-Extensions: {offer}\r\n")).await;
    assert!(response.to_ascii_lowercase().contains("sec-websocket-extensions: permessage-deflate"), "{response}");
    client
}

/// A message as RFC 7692 compresses it, in a context of its own.
fn deflate(text: &[u8], window: u8) -> Vec<u8> {
    let mut compress = Compress::new_with_window_bits(Compression::best(), false, window);
    let mut output = Vec::with_capacity(text.len() / 2 + 1000);
    compress.compress_vec(text, &mut output, FlushCompress::Sync).unwrap();
    assert_eq!(compress.total_in(), text.len() as u64);
    assert!(output.ends_with(&[0, 0, 0xFF, 0xFF]));
    output.truncate(output.len() - 4);
    output
}

fn inflate(bytes: &[u8], window: u8) -> Vec<u8> {
    let mut output = Vec::with_capacity(1 << 20);
    let bytes = [bytes, &[0, 0, 0xFF, 0xFF]].concat();
    Decompress::new_with_window_bits(false, window).decompress_vec(&bytes, &mut output, FlushDecompress::Sync).unwrap();
    output
}
