package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.Task;
import java.util.List;

/// Reads a task from the words of a command.
public interface TaskParser {
  /// The task, or `AgentErrors.NOT_A_TASK`.
  Task parse(List<String> words);
}
