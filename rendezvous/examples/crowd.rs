//! Many pages that only wait, or many questions at once, for whoever measures a node.
//!
//! `crowd idle /ip4/127.0.0.1/tcp/8080/ws 500` says `ready` once all have registered and stays until
//! its input ends; `crowd stun 127.0.0.1:8080 200000` asks so often and says how many answers came.

use std::future::poll_fn;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use covey_wire::id::Namespace;
use covey_wire::net::{NetCommand, NetEvent, NodeState};
use crowd::Page;

#[path = "../tests/crowd/mod.rs"]
#[allow(clippy::unwrap_used, reason = "shared with tests")]
mod crowd;

/// A binding request without attributes.
const REQUEST: [u8; 20] = *b"\x00\x01\x00\x00\x21\x12\xa4\x42covey stun..";
/// Questions of one address: a node answers so many at once.
const BURST: usize = 400;
/// Questions under way: they fit into the buffers of the system.
const TOGETHER: usize = 100;
/// Pages that connect at the same time.
const STEP: usize = 50;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["idle", node, count] => idle(node, count.parse().context("a number of pages")?),
        ["stun", node, count] => {
            let node = node.parse().context("an address with a port")?;
            println!("{}", ask(node, count.parse().context("a number of questions")?)?);
            Ok(())
        }
        _ => bail!("crowd idle NODE COUNT | crowd stun ADDRESS COUNT"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn idle(node: &str, count: usize) -> Result<()> {
    let mut pages = Vec::new();
    while pages.len() < count {
        for _ in 0..STEP.min(count - pages.len()) {
            let mut page = crowd::page(true);
            page.mesh.command(NetCommand::Nodes(vec![node.into()]));
            // Each waits in a room of its own.
            let mut room = [0; 32];
            room[..8].copy_from_slice(&(pages.len() as u64).to_be_bytes());
            page.mesh.command(NetCommand::Meet(Namespace(room)));
            pages.push(page);
        }
        poll_fn(|cx| turn(&mut pages, cx)).await;
    }
    println!("ready");
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let alive = poll_fn(|cx| {
        let _ = turn(&mut pages, cx);
        Poll::<()>::Pending
    });
    tokio::select! {
        ended = ended => ended?.map(|_| ()).context("waiting for the end"),
        () = alive => Ok(()),
    }
}

/// All pages do what they can; ready when the node has them all.
fn turn(pages: &mut [Page], cx: &mut Context<'_>) -> Poll<()> {
    for page in pages.iter_mut() {
        while let Poll::Ready(event) = page.mesh.poll_next(cx) {
            if let NetEvent::Node(state) = event {
                page.node = state;
            }
        }
    }
    let up = pages.iter().all(|page| page.node == NodeState::Up);
    if up { Poll::Ready(()) } else { Poll::Pending }
}

/// Asks from as many addresses of this machine as the node's limits make necessary.
fn ask(node: SocketAddr, count: usize) -> Result<usize> {
    let mut answers = 0;
    for address in 0..count.div_ceil(BURST) {
        let [.., high, low] = (address as u32 + 256).to_be_bytes();
        let socket = UdpSocket::bind((Ipv4Addr::new(127, 1, high, low), 0))?;
        socket.connect(node)?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        let mut answer = [0; 64];
        for _ in 0..BURST / TOGETHER {
            for _ in 0..TOGETHER {
                socket.send(&REQUEST)?;
            }
            // Lost answers are not counted.
            answers += (0..TOGETHER).take_while(|_| socket.recv(&mut answer).is_ok()).count();
        }
    }
    Ok(answers)
}
