package dev.chrysalis.recovery.report;

/// Where a run differed from its plan.
///
/// @param step the step's id; empty where it is about the whole run
/// @param what what happened, with numbers
/// @param change what to change, so that it does not happen again or is expected
public record Deviation(String step, String what, String change) {}
