package dev.chrysalis.redis.control;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How far each server had the replication stream before another master was made, kept among a
/// step's choices (`offset.redis-1`, `stream.redis-1`), so that what was lost can be told later.
/// Pure.
///
/// @param heardUntil until when a replica heard the old master, where that is known
record Positions(Map<String, String> choices, Optional<Instant> heardUntil) {
  private static final String OFFSET = "offset.";
  private static final String STREAM = "stream.";
  private static final String HEARD = "heardUntil";

  static Positions of(RedisState state, Instant now) {
    Map<String, String> choices = new HashMap<>();
    for (MemberView view : state.servers()) {
      if (view.position().isPresent() && view.replicationId().isPresent()) {
        choices.put(OFFSET + view.id(), Long.toString(view.position().getAsLong()));
        choices.put(STREAM + view.id(), view.replicationId().get());
      }
    }
    Optional<Instant> heard =
        state.servers().stream()
            .flatMap(v -> v.withoutMaster().stream())
            .map(now::minus)
            .max(Comparator.naturalOrder());
    heard.ifPresent(at -> choices.put(HEARD, at.toString()));
    return new Positions(choices, heard);
  }

  static Positions in(Map<String, String> choices) {
    return new Positions(choices, Optional.ofNullable(choices.get(HEARD)).map(Instant::parse));
  }

  OptionalLong of(String member) {
    return number(OFFSET + member);
  }

  /// The furthest that anybody had of the stream that this member had.
  OptionalLong furthest(String member) {
    String stream = choices.get(STREAM + member);
    return choices.keySet().stream()
        .filter(key -> key.startsWith(OFFSET))
        .map(key -> key.substring(OFFSET.length()))
        .filter(other -> stream != null && stream.equals(choices.get(STREAM + other)))
        .mapToLong(other -> number(OFFSET + other).orElse(0))
        .max();
  }

  private OptionalLong number(String key) {
    String text = choices.get(key);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
