//! Covey in a browser.
