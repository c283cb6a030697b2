package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.SampleRequest;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.recovery.checklist.http.Answer;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Whether the sample requests of the stack file succeed with every member: what is written is read
/// back.
record SamplesBox(Stack stack, Platform platform, ServiceClient client, RandomGenerator random)
    implements Box {
  @Override
  public String name() {
    return "sample-requests";
  }

  @Override
  public String title() {
    return "Sample requests succeed";
  }

  @Override
  public Stage stage() {
    return Stage.REQUESTS;
  }

  @Override
  public Check look(Round round) {
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
        ? Check.unknown(this, "the stack file declares none")
        : Check.of(this, faults, List.of(), List.of(asked + " requests, values read back"));
  }

  private Optional<String> ask(Service s, Member m, SampleRequest sample, String id) {
    Answer answer =
        client.ask(
            m.address(),
            s.port(),
            sample.method(),
            fill(sample.path(), id),
            fill(sample.body(), id));
    if (answer.status() != sample.status()) {
      String why = answer.status() == 0 ? answer.body() : "status " + answer.status();
      return fault(m, sample, why + ", not " + sample.status());
    }
    return answer.body().contains(fill(sample.contains(), id))
        ? Optional.empty()
        : fault(m, sample, "the answer lacks what it must contain");
  }

  private static Optional<String> fault(Member m, SampleRequest sample, String why) {
    return Optional.of("%s %s %s: %s".formatted(m.id(), sample.method(), sample.path(), why));
  }

  private static String fill(String text, String id) {
    return text.replace("${id}", id).replace("${value}", "sample-" + id);
  }
}
