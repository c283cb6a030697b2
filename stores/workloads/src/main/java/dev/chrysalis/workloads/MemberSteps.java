package dev.chrysalis.workloads;

import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.model.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// The steps that every store's members go through in a recovery. Pure.
public final class MemberSteps {
  private MemberSteps() {}

  public static StepBuilder fence(MemberId member, String title, String after) {
    return Step.named("fence-" + member)
        .title(title)
        .action(FenceMember.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(2));
  }

  public static StepBuilder setAside(MemberId member, List<String> after) {
    return Step.named("set-aside-" + member)
        .title("Set what is left of " + member + "'s volume aside")
        .action(SetVolumeAside.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(1));
  }

  public static StepBuilder restart(MemberId member, String title, String after) {
    return Step.named("restart-" + member)
        .title(title)
        .action(RestartMember.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(10))
        .deadline(Duration.ofMinutes(10));
  }

  /// Members as a parameter holds them.
  public static String names(List<MemberId> members) {
    return members.stream().map(MemberId::toString).collect(Collectors.joining(","));
  }
}
