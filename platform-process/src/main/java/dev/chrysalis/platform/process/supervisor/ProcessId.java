package dev.chrysalis.platform.process.supervisor;

/// A process that cannot be mistaken for a later one of the same pid.
///
/// @param start ticks from boot to the process's start, field 22 of `/proc/PID/stat`
/// @param boot the boot in which it runs
record ProcessId(long pid, long start, String boot) {}
