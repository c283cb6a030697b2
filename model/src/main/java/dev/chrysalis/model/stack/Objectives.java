package dev.chrysalis.model.stack;

import java.time.Duration;

/// The recovery objectives. Defaults are those of the written runbook.
///
/// @param recoveryPoint how much may be lost at most, as time before the disaster
public record Objectives(
    Duration recoveryPoint,
    Duration service,
    Duration database,
    Duration kafka,
    Duration region,
    Duration corruption) {}
