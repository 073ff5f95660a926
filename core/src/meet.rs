//! What a page and its node say to each other: `/covey/meet/1` and `/covey/node/1`.
