package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import java.util.List;
import java.util.stream.IntStream;

/// Who has which address in a lab's network. There is room for twice the members that a lab starts
/// with.
record LabAddresses(LabNetwork network) {
  static final String POSTGRES = "postgres";
  static final String PERCEPTION = "perception";
  static final int POSTGRES_PORT = 5432;
  static final int SERVICE_PORT = 8080;
  private static final int ROOM = 4;
  private static final int FIRST_POSTGRES = 11;
  private static final int FIRST_PERCEPTION = 21;

  List<String> postgres() {
    return addresses(FIRST_POSTGRES);
  }

  List<String> perception() {
    return addresses(FIRST_PERCEPTION);
  }

  String of(MemberId member) {
    return (member.workload().equals(POSTGRES) ? postgres() : perception()).get(member.ordinal());
  }

  private List<String> addresses(int first) {
    return IntStream.range(first, first + ROOM)
        .mapToObj(host -> network.prefix() + "." + host)
        .toList();
  }
}
