package dev.chrysalis.platform.process;

/// A process that runs for a member.
///
/// @param container what it belongs to: a container's name, or `agent`
public record MemberProcess(long pid, String container) {}
