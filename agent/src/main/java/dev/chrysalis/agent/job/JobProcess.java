package dev.chrysalis.agent.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The process that took on an attempt of a job: a pid alone may be somebody else's by now, so it
/// goes with the time at which the process started.
record JobProcess(int attempt, long pid, Instant startedAt) {
  /// The kernel's start times are counted from boot, and the boot's time of day can shift.
  private static final Duration SHIFT = Duration.ofSeconds(2);

  static JobProcess current(int attempt, Instant now) {
    ProcessHandle self = ProcessHandle.current();
    return new JobProcess(attempt, self.pid(), self.info().startInstant().orElse(now));
  }

  /// The process, if it is still this one.
  Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid).filter(this::same);
  }

  private boolean same(ProcessHandle handle) {
    return handle
        .info()
        .startInstant()
        .map(start -> Duration.between(start, startedAt).abs().compareTo(SHIFT) <= 0)
        .orElse(true);
  }

  String toJson() {
    return new ObjectMapper()
            .createObjectNode()
            .put("attempt", attempt)
            .put("pid", pid)
            .put("startedAt", startedAt.toString())
        + "\n";
  }

  static JobProcess fromJson(String text) throws IOException {
    try {
      JsonNode node = new ObjectMapper().readTree(text);
      return new JobProcess(
          node.path("attempt").asInt(),
          node.path("pid").asLong(),
          Instant.parse(node.path("startedAt").asText()));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IOException("not a job's process: " + e.getMessage(), e);
    }
  }
}
