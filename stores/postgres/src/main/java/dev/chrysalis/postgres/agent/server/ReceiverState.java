package dev.chrysalis.postgres.agent.server;

/// A standby's WAL receiver.
///
/// @param status `streaming`, `starting`, `waiting`, `stopping`, `restarting`
/// @param senderHost from whom it receives
/// @param slot the slot that it uses there, or empty
public record ReceiverState(String status, String senderHost, int senderPort, String slot) {}
