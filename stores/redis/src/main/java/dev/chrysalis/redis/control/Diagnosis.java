package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.MemberView.Condition;
import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Adds the views of all servers and Sentinels up to one situation. Pure.
///
/// 1. When no member has data the store is lost. A server without a key counts as one without data
///    if a base of the vault has had keys of late; else it is a new one.
/// 2. More than one server that leads is split brain; unless all but the one that the Sentinels
///    name were started just now to lead, by their files: a former master leads until the Sentinels
///    make a replica of it.
/// 3. One leads without a key, and another member has data that it does not get from it (or its
///    files are there): the master is lost, though it serves. Where it came up empty and was filled
///    anew, by the vault's word, the store is lost: clients' new writes are set aside.
/// 4. One leads, and more than half of the Sentinels name another: wrong master; unclear where that
///    one may have newer data, and where the Sentinels agree on nothing.
/// 5. One leads as it should: the troubles of `ServedTrouble`, the deepest first.
/// 6. None leads: `UnledTrouble`.
/// 7. Where a member's state could not be learnt, nothing is concluded from it. That a master which
///    nobody hears is down is the Sentinels' word.
public final class Diagnosis {
  private final RedisState state;
  private final Past past;

  private Diagnosis(RedisState state, Past past) {
    this.state = state;
    this.past = past;
  }

  /// What the views add up to.
  ///
  /// @param past what the vault remembers of the store
  public static Situation of(RedisState state, Past past) {
    return new Diagnosis(state, past).situation();
  }

  private Situation situation() {
    List<MemberView> servers = state.servers();
    if (servers.isEmpty()) {
      return new Situation.Unclear("there is no server");
    }
    if (servers.stream().allMatch(this::withoutData)) {
      return new Situation.StoreLost(ids(servers));
    }
    List<MemberView> leaders = state.leaders();
    if (leaders.size() > 1) {
      return severalLead(leaders);
    }
    return leaders.isEmpty() ? new UnledTrouble(state).situation() : led(leaders.getFirst());
  }

  private Situation severalLead(List<MemberView> leaders) {
    Optional<MemberView> named = state.named();
    List<MemberView> others = with(leaders, v -> named.isEmpty() || !v.equals(named.get()));
    boolean fresh =
        others.size() < leaders.size() && others.stream().allMatch(MemberView::cameUpToLead);
    return fresh
        ? new Situation.Unclear(
            "%s was started just now and leads until the Sentinels make it follow %s"
                .formatted(ids(others), named.orElseThrow().id()))
        : new Situation.SplitBrain(ids(leaders), named.map(MemberView::id));
  }

  private Situation led(MemberView leader) {
    return emptied(leader)
        .or(() -> filledAnew(leader))
        .or(() -> misnamed(leader))
        .orElseGet(() -> new ServedTrouble(state, leader).situation());
  }

  /// Whether it is certain that this member has nothing to give back.
  private boolean withoutData(MemberView view) {
    boolean empty =
        view.answers()
            ? view.keys().orElse(-1) == 0
            : view.condition() == Condition.DOWN_INTACT && !view.keepsKeys();
    return view.condition() == Condition.DATA_LOST || (empty && past.keysOfLate().orElse(0) > 0);
  }

  private Optional<Situation> emptied(MemberView leader) {
    if (leader.condition() != Condition.EMPTY_MASTER) {
      return Optional.empty();
    }
    List<MemberView> holders =
        with(state.servers(), v -> v.keepsKeys() || (v.keys().orElse(0) > 0 && !copies(v, leader)));
    if (!holders.isEmpty()) {
      List<MemberView> lost =
          with(state.servers(), v -> v.equals(leader) || v.condition() == Condition.DATA_LOST);
      return Optional.of(
          new Situation.MasterLost(
              ids(lost), Fitness.bestFirst(holders), Optional.of(leader.id())));
    }
    return past.keysOfLate().orElse(0) > 0
        ? Optional.of(
            new Situation.Unclear(
                "%s leads without a key, and it is not known whether another has data: %s"
                    .formatted(leader.id(), silent(state.servers()))))
        : Optional.empty();
  }

  /// It came up empty and took writes: clients see a store that works, and miss what it had.
  private Optional<Situation> filledAnew(MemberView leader) {
    return past.cameUpEmpty()
        .filter(empty -> isFilledBy(leader, empty) || isFarFewer(leader, empty))
        .map(empty -> new CameUpEmpty(leader.id(), empty.at(), empty.keysBefore()))
        .map(empty -> new Situation.StoreLost(ids(state.servers()), Optional.of(empty)));
  }

  private static boolean isFilledBy(MemberView view, CameUpEmpty empty) {
    return view.replicationId().filter(empty.filledBy()::contains).isPresent();
  }

  private static boolean isFarFewer(MemberView view, CameUpEmpty empty) {
    return view.keys().orElse(empty.keysBefore()) * 2 < empty.keysBefore();
  }

  /// Whether what it has comes from that master, and will be what that master has.
  private static boolean copies(MemberView replica, MemberView leader) {
    return replica.linked()
        && replica.follows(leader)
        && replica.replicationId().equals(leader.replicationId());
  }

  private Optional<Situation> misnamed(MemberView leader) {
    List<SentinelView> answering = state.answering();
    if (answering.size() < state.majority() || state.sentinels().isEmpty()) {
      return Optional.empty();
    }
    Optional<MemberView> named = state.named();
    if (named.isPresent()) {
      return named.get().id().equals(leader.id())
          ? Optional.empty()
          : Optional.of(misled(named.get(), leader));
    }
    List<String> places =
        answering.stream()
            .map(s -> s.master().map(Address::toString).orElse("nowhere"))
            .distinct()
            .toList();
    return Optional.of(
        places.size() == 1
            ? new Situation.WrongMaster(Optional.empty(), Optional.of(leader.id()))
            : new Situation.Unclear("the Sentinels disagree on where the master is: " + places));
  }

  /// A master that the Sentinels name and that does not run may have taken writes which the one
  /// that leads has never seen.
  private static Situation misled(MemberView named, MemberView leader) {
    boolean mayKnowMore =
        named.keepsKeys()
            || named.condition() == Condition.UNKNOWN
            || named.condition() == Condition.LOADING;
    return mayKnowMore
        ? new Situation.Unclear(
            "%s leads, while the Sentinels name %s, which does not run and may have newer data: say which is right, by starting %s or by a failover"
                .formatted(leader.id(), named.id(), named.id()))
        : new Situation.WrongMaster(Optional.of(named.id()), Optional.of(leader.id()));
  }

  static String silent(List<MemberView> servers) {
    return String.join(
        "; ",
        with(servers, v -> v.condition() == Condition.UNKNOWN || v.condition() == Condition.LOADING)
            .stream()
            .map(Diagnosis::why)
            .toList());
  }

  private static String why(MemberView view) {
    return view.condition() == Condition.LOADING
        ? view.id() + " still loads its data"
        : "no word from " + view.id() + ": " + view.whyUnknown();
  }

  static List<MemberView> with(List<MemberView> views, Predicate<MemberView> wanted) {
    return views.stream().filter(wanted).toList();
  }

  static List<MemberId> ids(List<MemberView> views) {
    return views.stream().map(MemberView::id).toList();
  }
}
