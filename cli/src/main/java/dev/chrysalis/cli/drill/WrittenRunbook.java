package dev.chrysalis.cli.drill;

import dev.chrysalis.cli.drill.RunbookStep.Deed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// BUTTERFLY's disaster recovery as it was written down for hands, before Chrysalis.
final class WrittenRunbook {
  private record WrittenStore(String name, Duration sleep) {}

  private static final List<WrittenStore> STORES =
      List.of(
          new WrittenStore("cassandra", Duration.ofSeconds(60)),
          new WrittenStore("kafka", Duration.ofSeconds(30)));
  private static final List<String> SERVICES =
      List.of("capsule", "odyssey", "perception", "plato", "nexus");
  private static final String PODS = "kubectl get pods -n butterfly";

  private WrittenRunbook() {}

  /// Its section "All Services Down". The datastores of the stack stand for those of the runbook,
  /// one by one, and all that are left for the last; what the stack does not have is left out, its
  /// sleep too, which is in the runbook's favour.
  ///
  /// @param datastores the workloads of each of the stack's datastores, its Sentinels too
  /// @param workloads all workloads of the stack
  static List<RunbookStep> allServicesDown(List<List<String>> datastores, Set<String> workloads) {
    List<RunbookStep> steps = new ArrayList<>();
    steps.add(
        new RunbookStep("kubectl get nodes", new Deed.LeaveOut("the lab is this one machine")));
    steps.add(new RunbookStep(PODS, new Deed.Look("look at all workloads")));
    steps.add(
        new RunbookStep(
            "kubectl get events -n butterfly --sort-by=.lastTimestamp",
            new Deed.Look("look at all workloads")));
    int last = STORES.size() - 1;
    for (int i = 0; i <= last; i++) {
      steps.add(
          store(
              STORES.get(i),
              datastores.stream()
                  .skip(i)
                  .limit(i == last ? Long.MAX_VALUE : 1)
                  .flatMap(List::stream)
                  .toList()));
    }
    SERVICES.forEach(service -> steps.add(service(service, workloads)));
    steps.add(new RunbookStep(PODS, new Deed.Look("look until every member is ready")));
    return steps;
  }

  private static RunbookStep store(WrittenStore written, List<String> standsForIt) {
    String command = restart(written.name());
    if (standsForIt.isEmpty()) {
      long seconds = written.sleep().toSeconds();
      return new RunbookStep(
          command,
          new Deed.LeaveOut(
              "no datastore stands for it; its sleep of " + seconds + " s is left out too"));
    }
    return new RunbookStep(command, new Deed.Restart(standsForIt), written.sleep());
  }

  private static RunbookStep service(String service, Set<String> workloads) {
    return new RunbookStep(
        restart(service),
        workloads.contains(service)
            ? new Deed.Restart(List.of(service))
            : new Deed.LeaveOut("the lab has no " + service));
  }

  private static String restart(String deployment) {
    return "kubectl rollout restart deployment/" + deployment + " -n butterfly";
  }
}
