package dev.chrysalis.platform;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A workload of the `FakePlatform`: its revisions and members.
final class FakeWorkload {
  final String name;
  final Workload.Kind kind;
  final int most;
  final boolean hasVolume;
  final NavigableMap<Integer, Map<String, String>> revisions = new TreeMap<>();
  final NavigableSet<Integer> proven = new TreeSet<>();
  final List<FakeMember> members = new ArrayList<>();
  int replicas;

  FakeWorkload(String name, Workload.Kind kind, int replicas, int most, boolean hasVolume) {
    this.name = name;
    this.kind = kind;
    this.replicas = replicas;
    this.most = most;
    this.hasVolume = hasVolume;
    revisions.put(1, Map.of());
    for (int i = 0; i < most; i++) {
      members.add(new FakeMember(new MemberId(name, i), hasVolume));
    }
  }

  int revision() {
    return revisions.lastKey();
  }

  Map<String, String> environment() {
    return revisions.lastEntry().getValue();
  }

  FakeMember member(MemberId id) {
    if (id.ordinal() >= most) {
      throw new ChrysalisException(
          PlatformErrors.NO_SUCH_MEMBER, "there is no member " + id, "Name another.");
    }
    return members.get(id.ordinal());
  }

  Workload observed() {
    List<Member> shown =
        members.stream()
            .filter(m -> m.id.ordinal() < replicas || m.fence != null)
            .map(m -> m.observed())
            .toList();
    shown.stream().filter(Member::ready).map(Member::revision).forEach(proven::add);
    return new Workload(
        name,
        kind,
        replicas,
        revision(),
        List.copyOf(revisions.keySet()),
        List.copyOf(proven),
        environment(),
        shown);
  }
}
