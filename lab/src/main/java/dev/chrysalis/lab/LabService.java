package dev.chrysalis.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The services of BUTTERFLY, in the order in which they can start.
public enum LabService {
  PERCEPTION(2, 21, "/api/rims"),
  CAPSULE(2, 31, "/api/capsules"),
  ODYSSEY(1, 41, "/api/journeys"),
  PLATO(1, 51, "/api/claims"),
  NEXUS(1, 61, "/api/rims");

  private final int replicas;
  private final int firstHost;
  private final String collection;

  LabService(int replicas, int firstHost, String collection) {
    this.replicas = replicas;
    this.firstHost = firstHost;
    this.collection = collection;
  }

  /// The service of that name, in lower case; throws `IllegalArgumentException` that lists the
  /// services where there is none.
  public static LabService named(String name) {
    return Arrays.stream(values())
        .filter(service -> service.word().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(unknown(name)));
  }

  /// Its name in the stack, and its workload's: `perception`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// With how many members a lab starts it.
  public int replicas() {
    return replicas;
  }

  /// The services that it cannot work without.
  public List<LabService> needs() {
    return this == NEXUS ? List.of(PERCEPTION, CAPSULE, ODYSSEY, PLATO) : List.of();
  }

  /// The last number of its first member's address.
  int firstHost() {
    return firstHost;
  }

  /// Whether what it keeps outlives its members, and can all be read back.
  public boolean keepsItemsInADatastore() {
    return this != NEXUS;
  }

  /// The services that keep their items where it does, itself among them.
  List<LabService> sharing() {
    List<LabService> onTheRing = List.of(CAPSULE, PLATO);
    return onTheRing.contains(this) ? onTheRing : List.of(this);
  }

  /// The path of what it keeps.
  public String collection() {
    return collection;
  }

  private static String unknown(String name) {
    String all = Arrays.stream(values()).map(LabService::word).collect(Collectors.joining(", "));
    return "no service '" + name + "'; there are: " + all;
  }
}
