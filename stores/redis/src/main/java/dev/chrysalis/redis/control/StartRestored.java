package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Starts the restored server, while clients and Sentinels are still away, and waits until it has
/// loaded its data and leads with keys. Without a key, where there ought to be some, it fails, and
/// the old data comes back. Parameters: those of `RedisGroup`; `member`; `restored-by`;
/// `point-from` where a restore point was chosen.
///
/// Evidence: `keys`, `offset`, `expected`, how many keys there should be at least where that is
/// known (none of the log was needed); `fewer`: how many there are less, since keys whose time was
/// over are dropped while the data is loaded.
public record StartRestored(RedisViews views) implements Action {
  public static final String NAME = "redis.start-restored";
  static final String RESTORED_BY = "restored-by";
  static final String MAY_BE_EMPTY = "may-be-empty";
  private static final String EXPECTED = "expected";
  private static final String NEEDS_KEYS = "needsKeys";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String restore = Parameters.of(context.step(), RESTORED_BY);
    Map<String, String> restored = context.evidenceOf(restore);
    Map<String, String> point =
        context.choicesOf(context.step().parameters().getOrDefault(StateLoss.POINT_FROM, ""));
    boolean alone =
        point.getOrDefault("log", "").isEmpty()
            || point.getOrDefault("from", "").equals(point.get("to"));
    Optional<String> expected =
        alone ? known(point.get("keys")).or(() -> known(restored.get("keys"))) : Optional.empty();
    Map<String, String> choices = new HashMap<>();
    expected.ifPresent(keys -> choices.put(EXPECTED, keys));
    // A log may delete every key of its base; a base that stands alone keeps them.
    boolean mayBeEmpty =
        expected.filter("0"::equals).isPresent()
            || context.step().parameters().containsKey(MAY_BE_EMPTY);
    choices.put(NEEDS_KEYS, mayBeEmpty ? "no" : "yes");
    return choices;
  }

  private static Optional<String> known(@Nullable String keys) {
    return Optional.ofNullable(keys).filter(k -> k.matches("\\d{1,18}"));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the server to start");
    }
    MemberId member = ConfigureMember.member(context.step());
    Optional<MemberView> view = views.server(member).filter(MemberView::answers);
    if (view.isEmpty()) {
      return new Probe.Waiting(member + " to load what was restored");
    }
    return look(context, view.get());
  }

  private static Probe look(StepContext context, MemberView view) {
    if (!view.leads()) {
      return new Probe.Broken(
          view.id() + " came up as a replica of " + view.master().map(Object::toString).orElse("?"),
          "see its redis.conf and whether a Sentinel runs that nobody stopped");
    }
    long keys = view.keys().orElse(-1);
    if (keys <= 0 && "yes".equals(context.choices().get(NEEDS_KEYS))) {
      return new Probe.Broken(
          view.id() + " came up without a key: an empty node never leads",
          "choose another restore point: chrysalis restore-points");
    }
    return new Probe.Reached(evidence(context, view, keys));
  }

  private static Map<String, String> evidence(StepContext context, MemberView view, long keys) {
    Map<String, String> evidence = new HashMap<>();
    evidence.put("keys", Long.toString(keys));
    view.position().ifPresent(at -> evidence.put("offset", Long.toString(at)));
    String expected = context.choices().get(EXPECTED);
    if (expected != null) {
      evidence.put(EXPECTED, expected);
      long fewer = Long.parseLong(expected) - keys;
      if (fewer > 0) {
        evidence.put("fewer", Long.toString(fewer));
      }
    }
    return evidence;
  }

  @Override
  public void act(StepContext context) {
    views.platform().unfence(context.token(), ConfigureMember.member(context.step()));
  }

  /// Where it is the point of no return: by whether the server was let go. One that still loads is
  /// asked again.
  @Override
  public Reconciled reconcile(StepContext context) {
    return switch (probe(context)) {
      case Probe.Reached reached -> new Reconciled.Happened(reached.evidence());
      case Probe.Broken broken -> new Reconciled.Unknown(broken.why());
      case Probe.Waiting waiting -> unlessFenced(context, waiting.waitingFor());
      case Probe.Stalled stalled -> unlessFenced(context, stalled.what());
    };
  }

  private Reconciled unlessFenced(StepContext context, String what) {
    if (views.platform().fencing(ConfigureMember.member(context.step()))
        instanceof Fencing.Proven(String evidence)) {
      return new Reconciled.DidNotHappen(evidence);
    }
    throw new ChrysalisException(
        RedisErrors.UNREACHABLE, "it waits for " + what, "see what the server says");
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// Stops the server again, with proof, so that its volume can be exchanged.
  @Override
  public void giveBack(StepContext context) {
    FenceMember.stopAgain(views.platform(), context, ConfigureMember.member(context.step()));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "kubectl scale statefulset/%s --replicas=1 -n \"$NAMESPACE\""
            .formatted(ConfigureMember.member(step).workload()),
        "redis-cli INFO persistence | grep ^loading   # until: loading:0",
        "redis-cli DBSIZE   # as many keys as were expected, never 0");
  }
}
