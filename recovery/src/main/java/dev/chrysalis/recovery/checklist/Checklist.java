package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.SampleRequest;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.control.Diagnosis;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.Protection;
import dev.chrysalis.recovery.ProtectionView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The verification checklist of the runbook, each box checked with evidence: members running and
/// ready, health endpoints, replication, sample requests, and protection running. Only reads, but
/// for the sample requests that the stack file declares.
public final class Checklist {
  private static final String SAMPLES = "Sample requests succeed";

  private final Stack stack;
  private final Platform platform;
  private final MemberViews views;
  private final Protection protection;
  private final ServiceClient client;
  private final RandomGenerator random;

  public Checklist(
      Stack stack,
      Platform platform,
      MemberViews views,
      Protection protection,
      ServiceClient client,
      RandomGenerator random) {
    this.stack = stack;
    this.platform = platform;
    this.views = views;
    this.protection = protection;
    this.client = client;
    this.random = random;
  }

  /// Checks every box once. Those of the runbook that this version cannot check are *unknown*.
  public List<Check> go() {
    List<Check> all = new ArrayList<>(look());
    all.add(samples());
    return all;
  }

  /// Checks the boxes that only read, and sends the sample requests, which may write, only where
  /// none of these failed.
  public List<Check> goCarefully() {
    List<Check> all = new ArrayList<>(look());
    boolean failed = all.stream().anyMatch(c -> c.verdict() == Check.Verdict.FAILED);
    all.add(
        failed
            ? Check.unknown("sample-requests", SAMPLES, "not sent while another box fails")
            : samples());
    return all;
  }

  private List<Check> look() {
    return List.of(
        members(),
        health(),
        replication(),
        protection(),
        Check.unknown("metrics", "Metrics flowing", "not checked by this version"),
        Check.unknown("logs", "Logs appearing in the aggregator", "not checked by this version"),
        Check.unknown("error-spikes", "No error spikes", "not checked by this version"));
  }

  private Check replication() {
    List<String> faults = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Datastore store : stack.datastores().values()) {
      Situation situation = Diagnosis.of(views.of(store.workload()));
      (situation instanceof Situation.AllWell ? seen : faults).add(store.name() + ": " + situation);
    }
    return verdict(
        "replication", "One primary, and every standby follows it", faults, seen.toString());
  }

  private Check members() {
    String title = "All members running and ready";
    List<String> faults = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    stack.datastores().values().forEach(d -> names.add(d.workload()));
    stack.services().values().forEach(s -> names.add(s.workload()));
    int ready = 0;
    for (String name : names) {
      Workload w = platform.workload(name);
      ready += (int) w.members().stream().filter(Member::ready).count();
      if (!w.settled() || w.replicas() == 0) {
        faults.add("%s: %d wanted, %s".formatted(name, w.replicas(), phases(w)));
      }
    }
    return verdict("members", title, faults, ready + " ready in " + names);
  }

  private static String phases(Workload w) {
    return w.members().stream()
        .map(m -> m.id() + " " + (m.ready() ? "ready" : m.phase()))
        .toList()
        .toString();
  }

  private Check health() {
    List<String> faults = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Service s : stack.services().values()) {
      for (Member m : platform.workload(s.workload()).members()) {
        ServiceClient.Answer answer = client.ask(m.address(), s.port(), "GET", s.health(), "");
        (answer.status() == 200 ? seen : faults).add(m.id() + " " + answer.status());
      }
    }
    return verdict("health-endpoints", "Health endpoints return 200", faults, seen.toString());
  }

  private Check samples() {
    List<String> faults = new ArrayList<>();
    int asked = 0;
    for (Service s : stack.services().values()) {
      for (Member m : platform.workload(s.workload()).members()) {
        // Positive and far above what a service numbers itself, so that samples stay apart.
        String id = Long.toString(random.nextLong(1L << 62, Long.MAX_VALUE));
        for (SampleRequest sample : s.samples()) {
          asked++;
          ask(s, m, sample, id).ifPresent(faults::add);
        }
      }
    }
    return asked == 0
        ? Check.unknown("sample-requests", SAMPLES, "the stack file declares none")
        : verdict("sample-requests", SAMPLES, faults, asked + " requests, values read back");
  }

  private java.util.Optional<String> ask(Service s, Member m, SampleRequest sample, String id) {
    ServiceClient.Answer answer =
        client.ask(
            m.address(),
            s.port(),
            sample.method(),
            fill(sample.path(), id),
            fill(sample.body(), id));
    boolean good =
        answer.status() == sample.status() && answer.body().contains(fill(sample.contains(), id));
    return good
        ? java.util.Optional.empty()
        : java.util.Optional.of(
            "%s %s %s: %d".formatted(m.id(), sample.method(), sample.path(), answer.status()));
  }

  private static String fill(String text, String id) {
    return text.replace("${id}", id).replace("${value}", "sample-" + id);
  }

  private Check protection() {
    ProtectionView view = protection.look();
    // No recovery proves a restore point: an old proof, or a failed one, does not keep it open.
    List<String> faults =
        view.findings().stream()
            .filter(f -> !f.kind().startsWith(ProofAge.KINDS))
            .map(Finding::text)
            .toList();
    return verdict("protection", "Protection runs again", faults, view.summary());
  }

  private static Check verdict(String name, String title, List<String> faults, String seen) {
    return faults.isEmpty()
        ? Check.passed(name, title, seen)
        : Check.failed(name, title, String.join("; ", faults));
  }
}
