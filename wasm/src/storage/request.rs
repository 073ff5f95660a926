//! Requests and transactions of IndexedDB as futures: boxed, since each is awaited in many places.

use std::cell::Cell;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{IdbRequest, IdbTransaction};

use super::StorageError;

/// The result of a request.
pub fn settled(request: &IdbRequest) -> LocalBoxFuture<'_, Result<JsValue, StorageError>> {
    settle(request).boxed_local()
}

async fn settle(request: &IdbRequest) -> Result<JsValue, StorageError> {
    let (succeed, fail, outcome) = pair();
    request.set_onsuccess(Some(function(&succeed)));
    request.set_onerror(Some(function(&fail)));
    let good = outcome.await.unwrap_or(false);
    request.set_onsuccess(None);
    request.set_onerror(None);
    if good {
        return Ok(request.result()?);
    }
    Err(request.error()?.map_or(StorageError::Unavailable, |error| JsValue::from(error).into()))
}

/// Waits until a transaction is on the disk, or has failed as a whole.
pub fn committed(transaction: &IdbTransaction) -> LocalBoxFuture<'_, Result<(), StorageError>> {
    commit(transaction).boxed_local()
}

async fn commit(transaction: &IdbTransaction) -> Result<(), StorageError> {
    let (complete, abort, outcome) = pair();
    transaction.set_oncomplete(Some(function(&complete)));
    transaction.set_onabort(Some(function(&abort)));
    let good = outcome.await.unwrap_or(false);
    transaction.set_oncomplete(None);
    transaction.set_onabort(None);
    if good {
        return Ok(());
    }
    Err(transaction.error().map_or(StorageError::Unavailable, |error| JsValue::from(error).into()))
}

type Callback = Closure<dyn FnMut()>;

fn pair() -> (Callback, Callback, oneshot::Receiver<bool>) {
    let (send, receive) = oneshot::channel();
    let send = Rc::new(Cell::new(Some(send)));
    let with = |good: bool| {
        let send = send.clone();
        Closure::once(move || {
            if let Some(send) = send.take() {
                // Nobody waits any more: nothing to do.
                let _ = send.send(good);
            }
        })
    };
    (with(true), with(false), receive)
}

fn function<T: ?Sized>(callback: &Closure<T>) -> &Function {
    callback.as_ref().unchecked_ref()
}
