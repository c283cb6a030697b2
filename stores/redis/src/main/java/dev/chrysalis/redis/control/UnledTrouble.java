package dev.chrysalis.redis.control;

import dev.chrysalis.redis.control.MemberView.Condition;
import java.util.List;
import java.util.Optional;

/// What is wrong while no server leads. Pure.
///
/// 1. The former master is the one that more than half of the Sentinels name; else the only member
///    that does not answer and is a master by its configuration; else the one that all answering
///    replicas follow.
/// 2. It does not answer, and its data is there (or nothing is heard of it, and enough Sentinels
///    agree that it is down): master down.
/// 3. Its data is gone, or there is no key in it: master lost while another has data. That none has
///    is told before this.
/// 4. It loads, or was not heard of: unclear. It answers as a replica: wrong master, nobody leads.
/// 5. Nobody knows who it was: unclear; but members whose data is gone, where no other is down or
///    silent, had the master among them.
record UnledTrouble(RedisState state) {
  Situation situation() {
    Optional<MemberView> former = former();
    return former.isPresent() ? of(former.get()) : unknownFormer();
  }

  private Situation of(MemberView former) {
    return switch (former.condition()) {
      case DOWN_INTACT -> former.keepsKeys() || holders().isEmpty() ? down(former) : lost(former);
      case DATA_LOST -> lost(former);
      case SERVING_REPLICA -> new Situation.WrongMaster(Optional.of(former.id()), Optional.empty());
      case LOADING -> new Situation.Unclear(Diagnosis.silent(List.of(former)));
      case UNKNOWN ->
          agreedDown(former)
              ? down(former)
              : new Situation.Unclear(Diagnosis.silent(List.of(former)));
      case SERVING_MASTER, EMPTY_MASTER ->
          throw new IllegalStateException(former.id() + " leads after all");
    };
  }

  private Situation down(MemberView former) {
    return new Situation.MasterDown(
        former.id(), Fitness.fit(state.servers()), state.failsOverByItself());
  }

  private List<MemberView> holders() {
    return Diagnosis.with(state.servers(), v -> v.keepsKeys() || v.keys().orElse(0) > 0);
  }

  /// @param former who is known to have led, where anybody is
  private Situation lost(MemberView... former) {
    List<MemberView> holders = holders();
    if (holders.isEmpty()) {
      String silent = Diagnosis.silent(state.servers());
      return new Situation.Unclear(
          "the master's data is gone, and no other is known to have it"
              + (silent.isEmpty() ? "" : ": " + silent));
    }
    List<MemberView> gone =
        Diagnosis.with(
            state.servers(),
            v -> v.condition() == Condition.DATA_LOST || List.of(former).contains(v));
    return new Situation.MasterLost(
        Diagnosis.ids(gone), Fitness.bestFirst(holders), Optional.empty());
  }

  private boolean agreedDown(MemberView former) {
    return state.answering().stream().filter(s -> s.names(former) && s.mastersDown()).count()
        >= state.majority();
  }

  private Situation unknownFormer() {
    List<MemberView> heldBack =
        Diagnosis.with(
            state.servers(),
            v ->
                switch (v.condition()) {
                  case UNKNOWN, LOADING, DOWN_INTACT -> true;
                  case DATA_LOST, SERVING_REPLICA, SERVING_MASTER, EMPTY_MASTER -> false;
                });
    boolean someLost = state.servers().stream().anyMatch(v -> v.condition() == Condition.DATA_LOST);
    if (heldBack.isEmpty() && someLost) {
      return lost();
    }
    String silent = Diagnosis.silent(state.servers());
    return new Situation.Unclear(
        silent.isEmpty() ? "no server leads, and nothing says which one did" : silent);
  }

  private Optional<MemberView> former() {
    Optional<MemberView> named = state.named();
    if (named.isPresent()) {
      return named;
    }
    List<MemberView> configured =
        Diagnosis.with(state.servers(), v -> !v.answers() && v.configuredToLead());
    return configured.size() == 1 ? Optional.of(configured.getFirst()) : followed();
  }

  private Optional<MemberView> followed() {
    List<MemberView> replicas = Diagnosis.with(state.servers(), MemberView::replica);
    return replicas.isEmpty()
        ? Optional.empty()
        : state.servers().stream()
            .filter(v -> replicas.stream().allMatch(r -> r.follows(v)))
            .findFirst();
  }
}
