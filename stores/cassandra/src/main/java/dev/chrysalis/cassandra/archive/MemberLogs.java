package dev.chrysalis.cassandra.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Vault;
import java.time.Instant;
import java.util.Optional;

/// The logs of a node's commit log in the vault. One is an unbroken row of segments; where
/// something may be missing, another begins. Their streams are called `MEMBER/ID`; ID is sixteen
/// hex digits, twelve of the moment at which it began (milliseconds) and four of chance, so that
/// the newest of a member sorts last.
public final class MemberLogs {
  private final Vault vault;
  private final String store;
  private final MemberId member;

  public MemberLogs(Vault vault, String store, MemberId member) {
    this.vault = vault;
    this.store = store;
    this.member = member;
  }

  /// The newest log that holds anything.
  public Optional<LogName> newest() {
    String prefix = member + "/";
    return vault.logs(store).stream()
        .filter(name -> name.stream().startsWith(prefix))
        .max(LogName::compareTo);
  }

  /// A name for a log that begins now.
  ///
  /// @param chance of its own, so that two who begin at once do not meet
  public LogName fresh(Instant now, int chance) {
    return new LogName(
        store, "%s/%012x%04x".formatted(member, now.toEpochMilli(), chance & 0xFFFF));
  }
}
