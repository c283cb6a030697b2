package dev.chrysalis.platform;

import java.time.Instant;

/// Something that the platform did or saw: `Killing`, `Started`, `BackOff`, `Unhealthy`.
///
/// @param subject the workload or member it is about
public record PlatformEvent(Instant at, String subject, String reason, String message) {}
