package dev.chrysalis.agent;

import dev.chrysalis.model.ChrysalisException;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

/// `agent answer`: a sidecar for members beside which no other agent stays. What answers is opened
/// by `AgentMain`; this only goes on.
@Command(
    name = "answer",
    description =
        "Answers what the controller asks of this member, for as long as it runs: the process that"
            + " is started for a question then only passes it on.")
final class AnswerCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park();
    }
    throw new ChrysalisException(
        AgentErrors.TERMINATED, "interrupted while it answered", "start it again");
  }
}
