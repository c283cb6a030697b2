package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;

/// What rows of a table a client sees, by its SSTables.
///
/// @param expiring how many of them may be gone, or have fewer values, after some time
/// @param digest of all of them, whatever their order
record TableRows(long partitions, long rows, long expiring, String digest) {
  static TableRows of(JsonNode answer) {
    return new TableRows(
        answer.path("partitions").asLong(),
        answer.path("rows").asLong(),
        answer.path("expiring").asLong(),
        answer.path("digest").asText());
  }
}
