package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which member of which store this is.
final class MemberOptions {
  @Option(
      names = "--member",
      paramLabel = "NAME-N",
      description = "this member's name (CHRYSALIS_MEMBER; postgres-0)")
  private @Nullable String member;

  @Option(
      names = "--store",
      paramLabel = "NAME",
      description = "the store's name in the vault (CHRYSALIS_STORE; postgres)")
  private @Nullable String store;

  MemberId id(AgentEnvironment environment) {
    String text =
        member != null ? member : environment.variable("CHRYSALIS_MEMBER").orElse("postgres-0");
    try {
      return MemberId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          String.valueOf(e.getMessage()),
          "give --member, or set CHRYSALIS_MEMBER, to a name and a number: postgres-0",
          e);
    }
  }

  String store(AgentEnvironment environment) {
    return store != null ? store : environment.variable("CHRYSALIS_STORE").orElse("postgres");
  }
}
