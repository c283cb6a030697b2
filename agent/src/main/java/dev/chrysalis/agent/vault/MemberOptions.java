package dev.chrysalis.agent.vault;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which member of which store this is. Where nothing says so it is the first member of a store
/// that is named after what it is: `postgres-0` of `postgres`.
public final class MemberOptions {
  private final String usual;

  @Option(
      names = "--member",
      paramLabel = "NAME-N",
      description = "this member's name (CHRYSALIS_MEMBER; the first of the usual store)")
  private @Nullable String member;

  @Option(
      names = "--store",
      paramLabel = "NAME",
      description = "the store's name in the vault (CHRYSALIS_STORE; postgres, redis, cassandra)")
  private @Nullable String store;

  /// @param usual the store's name where nothing says another: `postgres`
  public MemberOptions(String usual) {
    this.usual = usual;
  }

  public MemberId id(AgentEnvironment environment) {
    String text =
        member != null ? member : environment.variable("CHRYSALIS_MEMBER").orElse(usual + "-0");
    try {
      return MemberId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          String.valueOf(e.getMessage()),
          "give --member, or set CHRYSALIS_MEMBER, to a name and a number: " + usual + "-0",
          e);
    }
  }

  public String store(AgentEnvironment environment) {
    return store != null ? store : environment.variable("CHRYSALIS_STORE").orElse(usual);
  }
}
