package dev.chrysalis.model.stack;

import java.time.Duration;

/// How long volumes that recoveries set aside are kept.
///
/// @param keep after that much time `chrysalis protect` removes what an ended run set aside
public record AsidePolicy(Duration keep) {}
