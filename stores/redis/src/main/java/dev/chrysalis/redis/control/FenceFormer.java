package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.FenceMember;
import java.util.List;
import java.util.Optional;

/// Fences a member in whose place another is to lead. Given back it stays fenced where another
/// leads by then: by its own file it would come up as a second master. Parameters: those of
/// `RedisGroup`; `member`.
public record FenceFormer(RedisViews views) implements Action {
  public static final String NAME = "redis.fence-former";

  @Override
  public String name() {
    return NAME;
  }

  private FenceMember fence() {
    return new FenceMember(views.platform());
  }

  @Override
  public Probe probe(StepContext context) {
    return fence().probe(context);
  }

  @Override
  public void act(StepContext context) {
    fence().act(context);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void giveBack(StepContext context) {
    MemberId member = ConfigureMember.member(context.step());
    Optional<MemberId> leader =
        RedisGroup.of(context.step()).servers(views).leaders().stream()
            .map(MemberView::id)
            .filter(id -> !id.equals(member))
            .findFirst();
    if (leader.isPresent()) {
      context.note(
          "%s stays stopped, since %s leads by now; it comes back as a replica by: chrysalis recover"
              .formatted(member, leader.get()));
    } else {
      fence().giveBack(context);
    }
  }

  @Override
  public List<String> byHand(Step step) {
    return fence().byHand(step);
  }
}
