package dev.chrysalis.recovery.checklist.errors;

import dev.chrysalis.recovery.checklist.http.Asked;
import java.util.ArrayList;
import java.util.List;

/// The errors of all services at one look, in the order of the stack file.
public record Measured(List<One> all) {
  public Measured {
    all = List.copyOf(all);
  }

  /// One kind of errors of one service.
  public record One(String service, ErrorKind kind, Asked<Rate> rate) {}

  /// What could be counted, per minute.
  List<Baseline.Entry> counted() {
    List<Baseline.Entry> entries = new ArrayList<>();
    for (One one : all) {
      if (one.rate() instanceof Asked.Answered<Rate>(Rate rate)) {
        entries.add(new Baseline.Entry(one.service(), one.kind(), rate.perMinute()));
      }
    }
    return entries;
  }
}
