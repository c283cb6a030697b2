package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.Members;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes into a stopped member's configuration what it is to be at its next start, by the agent
/// beside it, so that it never starts as what it was. Parameters: `member`; `role`, a `Role`;
/// `port`, and `master` or `master-from`, unless it is to lead.
public record ConfigureMember(Platform platform, RedisAgents agents) implements Action {
  public static final String NAME = "redis.configure";
  static final String ROLE = "role";

  /// What a member is to be.
  enum Role {
    LEAD,
    FOLLOW,
    /// A Sentinel, which forgets whom it knew and watches this master.
    WATCH;

    /// As the parameter and the agent call it.
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Role of(Step step) {
      return valueOf(Parameters.of(step, ROLE).toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Role role = Role.of(context.step());
    if (role == Role.LEAD) {
      return Map.of(ROLE, role.word());
    }
    MemberId master = Leader.of(context);
    int port = Integer.parseInt(Parameters.of(context.step(), "port"));
    String host = Members.get(platform, master).address();
    return Map.of(ROLE, role.word(), Leader.LISTENS, new Address(host, port).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the configuration")
        : RestoreMember.probe(agents.state(context, member(context.step())), "the configuration");
  }

  @Override
  public void act(StepContext context) {
    Role role = Role.of(context.step());
    List<String> task =
        role == Role.LEAD
            ? List.of("redis", "configure", "--lead")
            : List.of(
                "redis",
                "configure",
                "--" + role.word(),
                Parameters.of(context.choices(), Leader.LISTENS, "the journal"));
    Map<String, String> _ = agents.run(context, member(context.step()), true, task);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# with the server stopped, in a pod that mounts the volume of " + member(step),
        switch (Role.of(step)) {
          case LEAD -> "sed -i -E '/^(replicaof|slaveof) /d' redis.conf";
          case FOLLOW ->
              "sed -i -E '/^(replicaof|slaveof) /d' redis.conf"
                  + " && echo \"replicaof $NEW_MASTER %s\" >> redis.conf"
                      .formatted(Parameters.of(step, "port"));
          case WATCH ->
              "sed -i -E -e '/^sentinel (known-|config-epoch|leader-epoch|current-epoch)/d'"
                  + " -e \"s/^(sentinel monitor [^ ]+) [^ ]+ [0-9]+/\\1 $NEW_MASTER %s/\" sentinel.conf"
                      .formatted(Parameters.of(step, "port"));
        });
  }

  static MemberId member(Step step) {
    return MemberId.parse(Parameters.of(step, "member"));
  }
}
