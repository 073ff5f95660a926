//! `cargo xtask run`: builds what changed and serves it on this machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::command::command;
use crate::project::Project;

const PORT: u16 = 8080;

/// Serves until it is interrupted.
pub fn run(project: &Project, options: &[&str]) -> Result<()> {
    let wanted = parse(options)?;
    build::everything(project)?;
    let listen = free(wanted)?;
    println!("\nCovey is at {} (Ctrl-C ends it)\n", address(listen));
    let mut node = command(project.node_program(), &project.root);
    node.arg("--dev").arg("--site").arg(project.path("web/dist"));
    become_it(node.arg("--listen").arg(listen.to_string()))
}

/// The address asked for, if any.
fn parse(options: &[&str]) -> Result<Option<SocketAddr>> {
    match options {
        [] => Ok(None),
        ["--port", port] => {
            let port = port.parse().with_context(|| format!("{port} is not a port"))?;
            Ok(Some(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)))
        }
        ["--listen", address] => address
            .parse()
            .map(Some)
            .with_context(|| format!("{address} is not an address such as 0.0.0.0:{PORT}")),
        _ => bail!("`run` knows --port N or --listen ADDRESS:PORT"),
    }
}

/// An address nobody listens on: the one asked for, or any where none was.
fn free(wanted: Option<SocketAddr>) -> Result<SocketAddr> {
    let usual = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), PORT);
    let bound = match (TcpListener::bind(wanted.unwrap_or(usual)), wanted) {
        (Err(_), None) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
        (Err(error), Some(wanted)) => {
            return Err(error).with_context(|| format!("listening on {wanted}"));
        }
        (Ok(bound), _) => bound,
    };
    Ok(bound.local_addr()?)
}

/// What to type into a browser on this machine.
fn address(listen: SocketAddr) -> String {
    let ip = match listen.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}/", SocketAddr::new(ip, listen.port()))
}

/// The node takes this process's place, so that whatever ends `cargo xtask run` ends the node.
#[cfg(unix)]
fn become_it(node: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(node.exec()).context("starting the node")
}

#[cfg(not(unix))]
fn become_it(node: &mut Command) -> Result<()> {
    crate::command::run(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_on_this_machine_is_sent_to_this_machine() {
        for (listen, shown) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("0.0.0.0:9000", "http://127.0.0.1:9000/"),
            ("192.168.1.7:80", "http://192.168.1.7:80/"),
            ("[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert_eq!(address(listen.parse().unwrap()), shown);
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        assert!(parse(&["--port", "x"]).is_err());
        assert!(parse(&["--listen", "8080"]).is_err());
        assert!(parse(&["--fast"]).is_err());
        assert_eq!(parse(&[]).unwrap(), None);
    }
}
