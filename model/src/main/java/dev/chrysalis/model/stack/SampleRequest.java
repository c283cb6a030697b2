package dev.chrysalis.model.stack;

/// A request that shows that a service works. `${id}` and `${value}` in path and body stand for
/// something fresh, the same within one check, so that a write can be read back.
///
/// @param contains what the answer's body must hold; empty for anything
public record SampleRequest(String method, String path, String body, int status, String contains) {}
