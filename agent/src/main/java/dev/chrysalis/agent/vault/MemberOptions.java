package dev.chrysalis.agent.vault;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which member of which store this is. Where nothing says so it is the first member of a store
/// that is named after what it is: `postgres-0` of `postgres`. Of stores that are rings there is no
/// first member: each has to be named.
public final class MemberOptions {
  private final String usual;
  private final boolean ring;

  @Option(
      names = "--member",
      paramLabel = "NAME-N",
      description = "this member's name (CHRYSALIS_MEMBER; else the first one, but not of a ring)")
  private @Nullable String member;

  @Option(
      names = "--store",
      paramLabel = "NAME",
      description = "the store's name in the vault (CHRYSALIS_STORE; postgres, redis, cassandra)")
  private @Nullable String store;

  /// @param usual the store's name where nothing says another: `postgres`
  public MemberOptions(String usual) {
    this(usual, false);
  }

  private MemberOptions(String usual, boolean ring) {
    this.usual = usual;
    this.ring = ring;
  }

  /// Of a store each of whose members has data of its own.
  public static MemberOptions ofRing(String usual) {
    return new MemberOptions(usual, true);
  }

  public MemberId id(AgentEnvironment environment) {
    String text =
        member != null ? member : environment.variable("CHRYSALIS_MEMBER").orElseGet(this::first);
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

  private String first() {
    if (ring) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          "which node of the ring this is, is not said",
          "give --member, or set CHRYSALIS_MEMBER, to its name and number: " + usual + "-0");
    }
    return usual + "-0";
  }

  public String store(AgentEnvironment environment) {
    return store != null ? store : environment.variable("CHRYSALIS_STORE").orElse(usual);
  }
}
