package dev.butterfly.perception;

import java.time.Instant;

/// What perception keeps.
///
/// @param writtenAt when the database took it
public record Rim(long id, String value, Instant writtenAt) {}
