package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.archive.BaseFacts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// What is said of a base.
final class BaseOf {
  private BaseOf() {}

  static BaseFacts facts(
      MemberId member,
      ServerMoment moment,
      boolean rdb,
      Optional<String> log,
      long position,
      long need,
      Instant at) {
    return new BaseFacts(
        member,
        moment.version(),
        rdb ? BaseFacts.Format.RDB : BaseFacts.Format.AOF,
        moment.appendOnly(),
        log,
        position,
        need,
        at,
        moment.keys(),
        moment.replicationId(),
        moment.replicationOffset(),
        moment.followed());
  }

  /// The file of the server's users, as the agent sees it.
  static Optional<Path> users(Path data, AofNames names) {
    return names.acl().isEmpty() ? Optional.empty() : Optional.of(data.resolve(names.acl()));
  }
}
