//! Opening a database next to other pages of this browser, which may be of other versions.

use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

use super::StorageError;
use super::request::settled;
use crate::platform::global_property;

/// How a database was taken away from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A page of a newer version asked for it.
    Outdated,
    /// It is deleted, or the browser let go of it.
    Lost,
}

/// Opens a database; `make` makes its stores at the first time. It closes by itself when it is to be
/// deleted or a page of a newer version asks for it, and tells `ended` when it is taken away.
pub async fn database(
    name: &str,
    version: u32,
    make: fn(&IdbDatabase) -> Result<(), JsValue>,
    ended: impl Fn(End) + 'static,
) -> Result<IdbDatabase, StorageError> {
    let factory: IdbFactory = global_property("indexedDB").ok_or(StorageError::Unavailable)?;
    let request = factory.open_with_u32(name, version)?;
    let (tell, blocked) = oneshot::channel();
    let block = Closure::once(move || {
        // Nobody waits any more: nothing to do.
        let _ = tell.send(());
    });
    request.set_onblocked(Some(block.as_ref().unchecked_ref()));
    match select(Box::pin(opened(request, make, ended)), blocked).await {
        Either::Left((database, _)) => database,
        Either::Right((_, late)) => {
            // The next page must not be blocked by a database that nobody uses.
            spawn_local(async move {
                let _block = block;
                if let Ok(database) = late.await {
                    database.close();
                }
            });
            Err(StorageError::Blocked)
        }
    }
}

async fn opened(
    request: IdbOpenDbRequest,
    make: fn(&IdbDatabase) -> Result<(), JsValue>,
    ended: impl Fn(End) + 'static,
) -> Result<IdbDatabase, StorageError> {
    let upgrade = Closure::once({
        let request = request.clone();
        // A store that can't be made aborts the upgrade, which the request reports.
        move || drop(request.result().and_then(|database| make(database.unchecked_ref())))
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = settled(&request).await?.unchecked_into();
    let closing = database.clone();
    // Both events come to this: one that has a version to give way to is told of by a new one.
    let end = move |event: JsValue| {
        closing.close();
        closing.set_onversionchange(None);
        closing.set_onclose(None);
        let version = Reflect::get(&event, &"newVersion".into()).ok();
        let newer = version.is_some_and(|version| version.as_f64().is_some());
        ended(if newer { End::Outdated } else { End::Lost });
    };
    let end: Function = Closure::once_into_js(end).unchecked_into();
    database.set_onversionchange(Some(&end));
    database.set_onclose(Some(&end));
    Ok(database)
}
