package dev.chrysalis.engine;

import java.time.Instant;

/// One record of a journal.
///
/// @param at when it was written, by the writer's clock
/// @param token the lease under which a controller wrote it; 0 for a decision written without one
/// @param nonce random, so that two writers never write the same bytes
public record JournalRecord(Instant at, long token, String nonce, JournalEntry entry) {}
