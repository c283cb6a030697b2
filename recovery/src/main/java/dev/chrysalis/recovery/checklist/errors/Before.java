package dev.chrysalis.recovery.checklist.errors;

import java.util.OptionalDouble;

/// What is known of a service's errors while it was well.
///
/// @param perMinute empty where nothing is known
/// @param how where that is from, or why nothing is known
public record Before(OptionalDouble perMinute, String how) {}
